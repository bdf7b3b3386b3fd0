import { Cluster } from '../estate/types';
import { accessCovers } from './accessCovers';
import { PlanContext } from './PlanContext';
import { Report } from './Report';
import { Edge, KernelHop } from './types';
import { workloadsUnder } from './workloadIndex';
import { detail, said, workload, workloads } from '../words';

/** Edges of workloads that run under one service account. */
function byIdentity(edges: readonly Edge[]): Map<string, Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    const { from, admissions, mode, cluster } = edge;
    const told = admissions.some(({ source }) => source.kind === 'principals');
    if (from.kind !== 'workload' || !told || mode !== 'enforce') continue;
    const key = `${cluster} ${from.namespace} ${from.serviceAccount}`;
    const group = groups.get(key);
    if (group) group.push(edge);
    else groups.set(key, [edge]);
  }
  return groups;
}

/** Workloads of the same identity that the kernel lets take a stretch of the way as well. */
function alsoLetThrough(
  hop: KernelHop,
  group: readonly Edge[],
  all: readonly string[],
): readonly string[] {
  if (hop.ingress === 'open') return all;
  return group
    .filter(other =>
      other.hops.some(
        ({ from, to, protocol, port }) =>
          from.id === other.from.id &&
          to.id === hop.to.id &&
          protocol === hop.protocol &&
          port === hop.port,
      ),
    )
    .map(({ from }) => from.id);
}

function conflictsOf(
  edge: Edge,
  group: readonly Edge[],
  all: readonly string[],
): string[] {
  const others = edge.hops
    .filter(({ from }) => from.id === edge.from.id)
    .flatMap(hop => alsoLetThrough(hop, group, all));
  return [...new Set(others)]
    .filter(
      id =>
        id !== edge.from.id &&
        id !== edge.to.id &&
        !accessCovers(
          group.filter(
            ({ from, to, protocol, port }) =>
              from.id === id &&
              to.id === edge.to.id &&
              protocol === edge.protocol &&
              port === edge.port,
          ),
          edge,
        ),
    )
    .sort();
}

/**
 * Errors where callers of one identity have different grants and the kernel layer lets all of them through: towards one
 * provider, or towards a waypoint, behind which only identities count. One would get what the other is granted.
 */
export function checkSharedIdentities(
  context: PlanContext,
  edges: readonly Edge[],
  report: Report,
): void {
  const clusters = new Map<string, Cluster>(
    context.clusters.map(cluster => [cluster.name, cluster]),
  );
  for (const group of byIdentity(edges).values()) {
    const [{ cluster: name, from }] = group;
    const cluster = clusters.get(name);
    if (!cluster || from.kind !== 'workload') continue;
    const all = workloadsUnder(
      cluster,
      from.namespace,
      from.serviceAccount,
    ).map(({ id }) => id);
    if (all.length < 2) continue;
    for (const edge of group) {
      const others = conflictsOf(edge, group, all);
      if (others.length === 0) continue;
      report
        .within({ api: edge.api, grantId: edge.grantId })
        .add(
          'shared-identity-differs',
          said`${workload(edge.from.id)} and ${workloads(
            others,
            ' and ',
          )} run under ${detail(
            `${from.namespace}/${from.serviceAccount}`,
            'one service account',
          )}, so that ${workload(
            edge.to.id,
          )} cannot tell them apart: whatever ${workload(
            edge.from.id,
          )} is granted there, ${workloads(others, ' and ')} could do as well`,
          [edge.from.id, edge.to.id, ...others],
        );
    }
  }
}
