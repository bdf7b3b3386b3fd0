import type { AuthService } from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY, type Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import {
  parseRuleRef,
  parseServiceRef,
  type ServiceRefParts,
} from '@callgate/policy';
import { programName } from '../../actor';
import { isolated } from '../isolated';
import { refParts } from '../refParts';
import { ruleAt } from '../../approval/ruleAt';
import { type CallerCredentials, Services } from '../../services';

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
/** Kinds that a service sees although its group owns none of them. */
const TOLD_TO_SERVICES: ReadonlySet<string> = new Set(['API', 'Group', 'User']);

/** Names of entities as one reader may see them. */
export class Labels {
  static create(options: {
    catalog: CatalogService;
    auth: AuthService;
    /** Programs that may read; none by default. */
    services?: Services;
  }): Labels {
    const { catalog, auth, services = Services.none } = options;
    return new Labels(catalog, auth, services);
  }

  private constructor(
    private readonly catalog: CatalogService,
    private readonly auth: AuthService,
    private readonly services: Services,
  ) {}

  /**
   * Builds a view with labels in it. The view is built twice: once to learn which refs it has, once with their labels,
   * so that the catalog is asked once for all of them.
   */
  async label<T>(
    credentials: CallerCredentials,
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
    credentials: CallerCredentials,
  ): Promise<Map<string, EntityLabel>> {
    const labels = new Map<string, EntityLabel>();
    const entityRefs: string[] = [];
    for (const ref of refs) {
      const asked = parseServiceRef(ref);
      if (asked) {
        labels.set(ref, serviceLabel(ref, asked));
        continue;
      }
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
    const visible = await this.#readable(entityRefs, fields, credentials);
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

  /**
   * Entities that a reader may see, `undefined` in the place of others. To people the catalog shows what its permissions let
   * through. To a service it would show everything: so that one sees what its group owns, and what anybody has to name who
   * asks: APIs, and the groups and people who decide.
   */
  async #readable(
    entityRefs: string[],
    fields: string[],
    credentials: CallerCredentials,
  ): Promise<(Entity | undefined)[]> {
    if (entityRefs.length === 0) return [];
    const { principal } = credentials;
    const service =
      principal.type === 'service' ? this.services.of(principal) : undefined;
    const { items } = await this.catalog.getEntitiesByRefs(
      { entityRefs, fields: service ? [...fields, 'relations'] : fields },
      { credentials },
    );
    if (principal.type === 'user' || service?.seesEverything) return items;
    return items.map(entity =>
      entity &&
      (TOLD_TO_SERVICES.has(entity.kind) || isOwned(entity, service?.group))
        ? entity
        : undefined,
    );
  }
}

function isOwned(entity: Entity, group: string | undefined): boolean {
  return (entity.relations ?? []).some(
    ({ type, targetRef }) => type === RELATION_OWNED_BY && targetRef === group,
  );
}

function serviceLabel(ref: string, { service }: ServiceRefParts): EntityLabel {
  return {
    ...{ ref, kind: 'service', namespace: '', name: service },
    ...titleOf(ref),
    state: 'visible',
  };
}

/** What is no entity and has a name of its own. */
function titleOf(ref: string): Pick<EntityLabel, 'title'> {
  const program = programName(ref);
  if (program) return { title: program };
  const rule = parseRuleRef(ref);
  return rule ? { title: `the rule ${ruleAt(rule)}` } : {};
}

/** A text of the catalog that is one: the catalog checks the fields of some kinds only. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A label in running text. */
export function nameOf(label: EntityLabel): string {
  return label.state === 'hidden'
    ? 'a caller you may not see'
    : isolated(label.title ?? label.name);
}
