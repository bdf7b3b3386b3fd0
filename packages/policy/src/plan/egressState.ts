import { Cluster, Workload } from '../estate/types';
import { networkPoliciesOn } from './foreignPolicies';
import { PlanContext } from './PlanContext';
import { Edge } from './types';

/** The annotation (or, on a namespace, also label) by which a caller's egress is closed. */
export const EGRESS = { key: 'callgate.dev/egress', value: 'enforce' } as const;

/**
 * True when somebody asked for the egress of a workload to be closed: on its namespace, or on an entity that it is bound to.
 */
export function isEgressEnforced(
  context: PlanContext,
  cluster: Cluster,
  workload: Workload,
): boolean {
  const namespace = cluster.namespaces.get(workload.namespace);
  if (namespace?.labels[EGRESS.key] === EGRESS.value) return true;
  if (namespace?.annotations[EGRESS.key] === EGRESS.value) return true;
  return context.catalog
    .bindable()
    .some(
      ref =>
        context.catalog.get(ref)?.metadata.annotations?.[EGRESS.key] ===
          EGRESS.value &&
        context.workloadsOf(ref, cluster).some(({ id }) => id === workload.id),
    );
}

/**
 * Whether a caller's egress is closed, and by whom. A hand-written policy counts as much as ours: both sides must allow a
 * call when both are isolated.
 */
export function egressOf(
  context: PlanContext,
  cluster: Cluster,
  workload: Workload,
): Edge['egress'] {
  if (!cluster.profile.cni.enforcesNetworkPolicy) return 'open';
  if (isEgressEnforced(context, cluster, workload))
    return 'isolated-by-callgate';
  return networkPoliciesOn(cluster, workload, 'egress').length > 0
    ? 'isolated-by-others'
    : 'open';
}
