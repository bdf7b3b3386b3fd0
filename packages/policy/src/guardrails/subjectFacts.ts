import { Cluster, Workload } from '../estate/types';
import { parseCidr } from '../net/cidr';
import { CatalogIndex } from '../plan/CatalogIndex';
import { CatalogEntity } from '../model/types';
import { entityRefOf } from '../model/entity';
import { readEntity } from '../model/readEntity';

type Facts = Record<string, unknown>;

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** What an expression may know of an entity; only the reference where the catalog does not have it. */
export function entityFacts(
  ref: string,
  entity: CatalogEntity | undefined,
  catalog: CatalogIndex,
): Facts {
  if (!entity) return { ref };
  const { metadata, spec } = entity;
  const { problems } = readEntity(entity);
  // A rule about what cannot be read cannot be decided, and refuses.
  const readable = (field: string, value: unknown) =>
    problems.some(problem => problem.field.startsWith(field)) ? null : value;
  return {
    ref: entityRefOf(entity),
    kind: entity.kind,
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    title: readable('metadata.title', metadata.title ?? ''),
    type: readable('spec.type', text(spec?.type)),
    lifecycle: readable('spec.lifecycle', text(spec?.lifecycle)),
    system: readable('spec.system', text(spec?.system)),
    owners: readable('spec.owner', [...catalog.ownersOf(entity)].sort()),
    tags: readable('metadata.tags', metadata.tags ?? []),
    labels: readable('metadata.labels', metadata.labels ?? {}),
    annotations: readable('metadata.annotations', metadata.annotations ?? {}),
  };
}

/** What an expression may know of a workload. */
export function workloadFacts(cluster: Cluster, workload: Workload): Facts {
  return {
    id: workload.id,
    cluster: cluster.name,
    environments: cluster.profile.environments,
    namespace: workload.namespace,
    kind: workload.kind,
    name: workload.name,
    serviceAccount: workload.serviceAccount,
    mesh: workload.mesh,
    labels: { ...workload.podLabels },
    namespaceLabels: {
      ...cluster.namespaces.get(workload.namespace)?.labels,
    },
  };
}

/** What an expression may know of an end that is not a workload of the estate. */
export function outsideFacts(cidrs: readonly string[]): Facts {
  return { outside: true, cidrs: [...cidrs] };
}

/** The workload with an id, or the address that the text is. */
export function endFacts(
  cluster: Cluster | undefined,
  workloads: ReadonlyMap<string, Workload>,
  id: string,
): Facts {
  const workload = workloads.get(id);
  if (cluster && workload) return workloadFacts(cluster, workload);
  return parseCidr(id) ? outsideFacts([id]) : { id };
}
