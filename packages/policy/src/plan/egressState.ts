import { Cluster, Workload } from '../estate/types';
import type { Claim } from './claims/types';
import { networkPoliciesOn } from './foreignPolicies';
import { PlanContext } from './PlanContext';
import { Edge } from './types';

/**
 * The annotation (or, on a namespace, also label) by which a caller's egress is closed.
 *
 * @public
 */
export const EGRESS = { key: 'callgate.dev/egress', value: 'enforce' } as const;

/** Workloads of entities that ask for it, by cluster: `<cluster> <workload id>`. */
const asked = new WeakMap<PlanContext, Set<string>>();

function asking({ catalog }: PlanContext): string[] {
  return catalog
    .bindable()
    .filter(
      ref =>
        catalog.get(ref)?.metadata.annotations?.[EGRESS.key] === EGRESS.value,
    );
}

/** Contested claims of entities that ask for it: whether the workloads stay closed, nobody can tell. */
export function egressInDoubt(context: PlanContext): Claim[] {
  const { bindings } = context;
  return asking(context).flatMap(ref =>
    bindings
      .mayBe(ref)
      .flatMap(({ cluster, id }) => bindings.on(cluster, id))
      .filter(({ entity, state }) => entity === ref && state === 'contested'),
  );
}

function askedByEntities(context: PlanContext): Set<string> {
  let found = asked.get(context);
  if (!found) {
    found = new Set();
    for (const ref of asking(context)) {
      const binding = context.bindingOf(ref);
      if (binding.kind === 'workloads')
        for (const { cluster, id } of binding.workloads)
          found.add(`${cluster} ${id}`);
    }
    asked.set(context, found);
  }
  return found;
}

/**
 * True when somebody asked for the egress of a workload to be closed: on its namespace, or on an entity that it is bound to.
 */
export function isEgressEnforced(
  context: PlanContext,
  cluster: Cluster,
  workload: Workload,
): boolean {
  const namespace = cluster.namespaces.get(workload.namespace);
  return (
    namespace?.labels[EGRESS.key] === EGRESS.value ||
    namespace?.annotations[EGRESS.key] === EGRESS.value ||
    askedByEntities(context).has(`${cluster.name} ${workload.id}`)
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
  // Network policies select pods only.
  if (!cluster.profile.cni.enforcesNetworkPolicy || workload.runsOn === 'host')
    return 'open';
  if (isEgressEnforced(context, cluster, workload))
    return 'isolated-by-callgate';
  return networkPoliciesOn(cluster, workload, 'egress').length > 0
    ? 'isolated-by-others'
    : 'open';
}
