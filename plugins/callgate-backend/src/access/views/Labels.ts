import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import { parseRuleRef } from '@callgate/policy';
import { CALLGATE_ACTOR } from '../../actor';
import { isolated } from '../isolated';
import { refParts } from '../refParts';
import { ruleAt } from '../../approval/ruleAt';

/** Gives the label of an entity, group, gateway or address. */
export type LabelOf = (ref: string) => EntityLabel;

const HIDDEN: EntityLabel = {
  ref: '',
  kind: '',
  namespace: '',
  name: '',
  state: 'hidden',
};
/** Kinds of callers that are in clusters, and in no catalog. */
const NO_ENTITIES: ReadonlySet<string> = new Set(['gateway', 'cidr']);

/** Names of entities as one reader may see them. */
export class Labels {
  static create(options: {
    catalog: CatalogService;
    auth: AuthService;
  }): Labels {
    return new Labels(options.catalog, options.auth);
  }

  private constructor(
    private readonly catalog: CatalogService,
    private readonly auth: AuthService,
  ) {}

  /**
   * Builds a view with labels in it. The view is built twice: once to learn which refs it has, once with their labels,
   * so that the catalog is asked once for all of them.
   */
  async label<T>(
    credentials: BackstageCredentials,
    build: (labelOf: LabelOf) => T,
  ): Promise<T> {
    const refs = new Set<string>();
    build(ref => {
      refs.add(ref);
      return HIDDEN;
    });
    const labels = await this.#load([...refs], credentials);
    return build(ref => labels.get(ref) ?? HIDDEN);
  }

  async #load(
    refs: string[],
    credentials: BackstageCredentials,
  ): Promise<Map<string, EntityLabel>> {
    const labels = new Map<string, EntityLabel>();
    const entityRefs: string[] = [];
    for (const ref of refs) {
      const { kind, namespace, name } = refParts(ref);
      if (namespace && name && kind && !NO_ENTITIES.has(kind)) {
        entityRefs.push(ref);
      } else {
        labels.set(ref, {
          ref,
          kind,
          namespace: '',
          name: namespace ? `${namespace}/${name}` : name,
          ...titleOf(ref),
          state: 'visible',
        });
      }
    }
    const fields = [
      'kind',
      'metadata.name',
      'metadata.namespace',
      'metadata.title',
      'spec.profile.displayName',
    ];
    const visible = entityRefs.length
      ? (
          await this.catalog.getEntitiesByRefs(
            { entityRefs, fields },
            { credentials },
          )
        ).items
      : [];
    const unseen = entityRefs.filter((_, index) => !visible[index]);
    const existing = unseen.length
      ? (
          await this.catalog.getEntitiesByRefs(
            { entityRefs: unseen, fields: ['kind'] },
            { credentials: await this.auth.getOwnServiceCredentials() },
          )
        ).items
      : [];
    entityRefs.forEach((ref, index) => {
      const { kind, namespace, name } = refParts(ref);
      const entity = visible[index];
      if (entity) {
        const profile = entity.spec?.profile as
          | { displayName?: unknown }
          | null
          | undefined;
        const title =
          textOf(entity.metadata.title) ?? textOf(profile?.displayName);
        labels.set(ref, {
          ref,
          kind: kind.toLowerCase(),
          namespace,
          name: entity.metadata.name,
          ...(title && { title }),
          state: 'visible',
        });
      } else if (existing[unseen.indexOf(ref)]) {
        labels.set(ref, HIDDEN);
      } else {
        labels.set(ref, { ref, kind, namespace, name, state: 'missing' });
      }
    });
    return labels;
  }
}

/** A text of the catalog that is one: the catalog checks the fields of some kinds only. */
/** What is no entity and has a name of its own. */
function titleOf(ref: string): Pick<EntityLabel, 'title'> {
  if (ref === CALLGATE_ACTOR) return { title: 'Callgate' };
  const rule = parseRuleRef(ref);
  return rule ? { title: `the rule ${ruleAt(rule)}` } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A label in running text. */
export function nameOf(label: EntityLabel): string {
  return label.state === 'hidden'
    ? 'a caller you may not see'
    : isolated(label.title ?? label.name);
}
