import { formatEntityRef, parseEntityRefText } from '../entityRef';
import { fenced } from '../fence';
import { Finding } from '../findings';
import { entityRefOf } from '../model/entity';
import { entityFindings, readEntity } from '../model/readEntity';
import { CatalogEntity } from '../model/types';

/** References that an entity has in a field of `spec` or in a relation. */
export function refsOf(
  entity: CatalogEntity,
  field: string,
  relation: string,
  kind: string,
): Set<string> {
  const value = entity.spec?.[field];
  const texts = Array.isArray(value) ? value : [value];
  const namespace = entity.metadata.namespace ?? 'default';
  const refs = new Set<string>();
  for (const text of texts) {
    const parts =
      typeof text === 'string'
        ? parseEntityRefText(text, { kind, namespace })
        : undefined;
    if (parts) refs.add(formatEntityRef(parts));
  }
  for (const { type, targetRef } of entity.relations ?? []) {
    const parts = type === relation ? parseEntityRefText(targetRef) : undefined;
    if (parts) refs.add(formatEntityRef(parts));
  }
  return refs;
}

/** Tells entities of one reference apart. */
function textOf(entity: CatalogEntity): string {
  return fenced(
    () => JSON.stringify(entity),
    () => '',
  );
}

/**
 * The catalog by reference, with the few questions that planning asks of it. Both `spec` and `relations` count, so that
 * entities from files and from a running catalog are alike.
 */
export class CatalogIndex {
  static readonly #known = new WeakMap<
    readonly CatalogEntity[],
    CatalogIndex
  >();

  /** The index of a catalog, made once for as long as it is the same list. */
  static of(entities: readonly CatalogEntity[]): CatalogIndex {
    let index = CatalogIndex.#known.get(entities);
    if (!index) {
      index = new CatalogIndex(entities);
      CatalogIndex.#known.set(entities, index);
    }
    return index;
  }

  readonly #entities: Map<string, CatalogEntity>;
  /** who refers to what, by field of `spec`; made when first asked for */
  readonly #pointers = new Map<string, Map<string, string[]>>();

  /** what could not be read, by entity; under the empty text, of what is no entity */
  readonly #findings = new Map<string, Finding[]>();

  constructor(entities: readonly CatalogEntity[]) {
    const sorted = entities
      .flatMap(raw => {
        const read = readEntity(raw);
        const { entity } = read;
        const ref = entity ? entityRefOf(entity) : '';
        const found = entityFindings(raw, read);
        if (found.length > 0)
          this.#findings.set(ref, [
            ...(this.#findings.get(ref) ?? []),
            ...found,
          ]);
        return entity ? [{ ref, text: textOf(entity), entity }] : [];
      })
      .sort((a, b) => (a.ref + a.text < b.ref + b.text ? -1 : 1));
    this.#entities = new Map(sorted.map(({ ref, entity }) => [ref, entity]));
  }

  get(ref: string): CatalogEntity | undefined {
    return this.#entities.get(ref);
  }

  /** What could not be read of an entity. */
  findingsOf(ref: string): readonly Finding[] {
    return this.#findings.get(ref) ?? [];
  }

  /** What could not be read of any entity, in the order of their references. */
  findings(): Finding[] {
    return [...this.#findings]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, found]) => found);
  }

  /** References of groups and users. */
  ownersOf(entity: CatalogEntity): Set<string> {
    const { entity: read } = readEntity(entity);
    return read ? refsOf(read, 'owner', 'ownedBy', 'group') : new Set();
  }

  /** Groups of the catalog. */
  groups(): CatalogEntity[] {
    return [...this.#entities]
      .filter(([ref]) => ref.startsWith('group:'))
      .map(([, entity]) => entity);
  }

  /** APIs that a component says it provides, sorted by reference. */
  apisProvidedBy(ref: string): string[] {
    const entity = ref.startsWith('component:') ? this.get(ref) : undefined;
    return entity
      ? [...refsOf(entity, 'providesApis', 'providesApi', 'api')].sort()
      : [];
  }

  /** Components that say that they provide an API, sorted by reference: a claim, see `providersOf` of `claims`. */
  providersOf(api: string): string[] {
    return this.#pointingAt(api, 'providesApis', 'providesApi', 'api');
  }

  /** Components that say that they consume or depend on an API, sorted by reference. */
  consumersOf(api: string): string[] {
    const consuming = this.#pointingAt(
      api,
      'consumesApis',
      'consumesApi',
      'api',
    );
    const depending = this.#pointingAt(
      api,
      'dependsOn',
      'dependsOn',
      'component',
    );
    return [...new Set([...consuming, ...depending])].sort();
  }

  /** Components of a system, domain (with its subdomains) or group, sorted by reference. */
  membersOf(set: string): string[] {
    const kind = set.split(':')[0];
    if (kind === 'group')
      return this.#pointingAt(set, 'owner', 'ownedBy', 'group');
    if (kind === 'system')
      return this.#pointingAt(set, 'system', 'partOf', 'system');
    const domains = this.#withSubdomains(set);
    const members: string[] = [];
    for (const [ref, entity] of this.#entities) {
      if (!ref.startsWith('system:')) continue;
      const within = [...refsOf(entity, 'domain', 'partOf', 'domain')];
      if (within.some(domain => domains.has(domain)))
        members.push(...this.membersOf(ref));
    }
    return [...new Set(members)].sort();
  }

  #withSubdomains(domain: string): Set<string> {
    const found = new Set([domain]);
    for (const known of found) {
      for (const [ref, entity] of this.#entities) {
        const part =
          ref.startsWith('domain:') &&
          refsOf(entity, 'subdomainOf', 'partOf', 'domain').has(known);
        if (part) found.add(ref);
      }
    }
    return found;
  }

  /** Components that refer to something by a field or relation, sorted by reference. */
  #pointingAt(
    target: string,
    field: string,
    relation: string,
    kind: string,
  ): string[] {
    let sources = this.#pointers.get(field);
    if (!sources) {
      sources = new Map();
      for (const [ref, entity] of this.#entities) {
        if (!ref.startsWith('component:')) continue;
        for (const to of refsOf(entity, field, relation, kind))
          sources.set(to, [...(sources.get(to) ?? []), ref]);
      }
      this.#pointers.set(field, sources);
    }
    return sources.get(target) ?? [];
  }

  /** Every API, sorted by reference. */
  apis(): string[] {
    return [...this.#entities.keys()]
      .filter(ref => ref.startsWith('api:'))
      .sort();
  }

  /** Everything that may be bound to workloads: components and resources, sorted by reference. */
  bindable(): string[] {
    return [...this.#entities.keys()].filter(
      ref => ref.startsWith('component:') || ref.startsWith('resource:'),
    );
  }
}
