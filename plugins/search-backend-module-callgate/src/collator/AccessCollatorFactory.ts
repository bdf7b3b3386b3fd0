import { Readable } from 'node:stream';
import { parseEntityRef } from '@backstage/catalog-model';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type {
  DocumentCollatorFactory,
  IndexableDocument,
} from '@backstage/plugin-search-common';
import type { Declarations } from '@callgate/plugin-callgate-common';
import type { CatalogTitles } from './CatalogTitles';
import {
  type DeclaredApi,
  type DeclaredCaller,
  readAccess,
} from './readAccess';

/** What is declared about one entity. */
export interface AccessDocument extends IndexableDocument {
  /** Ref of the entity that it is about, and without which nobody finds it. */
  entityRef: string;
  authorization: { resourceRef: string };
}

const LOCATION = '/catalog/:namespace/:kind/:name';

/**
 * Documents about who may call what, as it is declared on the target branch.
 *
 * The search asks about one resource of each document whether a reader may see it, and lets readers search in the text of all
 * of it. So a document **names one entity and no other**, and is guarded by that: the one of an API says how many may call
 * it, not who; the one of a caller says how many it may call, not which. A document of a grant would name both, by its id
 * too, and be shown to those who may see one. The page that it leads to names what its reader may see.
 */
export class AccessCollatorFactory implements DocumentCollatorFactory {
  readonly type = 'callgate-access';
  readonly visibilityPermission = catalogEntityReadPermission;

  constructor(
    private readonly options: {
      fetchDeclarations: () => Promise<Declarations>;
      titles: Pick<CatalogTitles, 'of'>;
      /** Where the page of an entity is. */
      locationTemplate?: string;
    },
  ) {}

  /** Throws where something cannot be read: the search keeps what it has. */
  async getCollator(): Promise<Readable> {
    const { fetchDeclarations, titles } = this.options;
    const { apis, callers } = readAccess(await fetchDeclarations());
    const known = await titles.of([...apis.keys(), ...callers.keys()]);
    // What the catalog does not have, nobody may see.
    return Readable.from([
      ...[...apis].flatMap(([ref, api]) => {
        const title = known.get(ref);
        return title
          ? [
              this.#document(ref, 'access', {
                title: `Access to ${title}`,
                text: textOfApi(title, api),
              }),
            ]
          : [];
      }),
      ...[...callers].flatMap(([ref, caller]) => {
        const title = known.get(ref);
        return title
          ? [
              this.#document(ref, 'calls', {
                title: `What ${title} may call`,
                text: textOfCaller(title, caller),
              }),
            ]
          : [];
      }),
    ]);
  }

  #document(
    ref: string,
    tab: string,
    { title, text }: { title: string; text: string },
  ): AccessDocument {
    const { locationTemplate = LOCATION } = this.options;
    const { kind, namespace, name } = parseEntityRef(ref);
    const page = locationTemplate
      .replace(':namespace', namespace)
      .replace(':kind', kind)
      .replace(':name', name);
    return {
      title,
      text,
      location: `${page}/${tab}`,
      entityRef: ref,
      authorization: { resourceRef: ref },
    };
  }
}

function textOfApi(
  title: string,
  { grants, callers, operations, mode }: DeclaredApi,
): string {
  if (!mode) return `The declaration of ${title} cannot be read.`;
  if (grants === 0) return `Nobody has a grant for ${title}.`;
  return [
    `${count(callers.size, 'caller has', 'callers have')} ${count(
      grants,
      'grant',
      'grants',
    )} for ${title}: ${[...operations].join(', ')}.`,
    ...(mode === 'enforce'
      ? []
      : [`The declaration is in mode ${mode}: it does not enforce them.`]),
  ].join(' ');
}

function textOfCaller(title: string, { grants, apis }: DeclaredCaller): string {
  return `${title} has ${count(grants, 'grant', 'grants')} for ${count(
    apis.size,
    'API',
    'APIs',
  )}.`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
