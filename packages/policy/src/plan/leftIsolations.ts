import { Cluster, Workload } from '../estate/types';
import { Owners } from './claims/Owners';
import { ownerOfWorkload } from './claims/workloadOwner';
import { PlanContext } from './PlanContext';
import { PlannedPolicy } from './planPolicy';
import { Report } from './Report';
import { ClosedFor, Isolation } from './types';
import { waypointsBefore } from './waypointWays';
import { workloadOf } from './workloadIndex';
import { detail, entities as entityNames, said } from '../words';

/** A workload that APIs closed and do not run on any more. */
interface Left {
  cluster: Cluster;
  workload: Workload;
  policies: PlannedPolicy[];
}

/**
 * Workloads that APIs have moved away from: their component is bound to other pods, and these are still there. Nobody decided
 * that they are open to everybody from now on, so they stay closed, as a warning says. A workload that something
 * else closes needs no help, and one that is gone has nothing to close.
 */
export function leftIsolations(
  context: PlanContext,
  policies: readonly PlannedPolicy[],
  isolations: readonly Isolation[],
  closed: readonly ClosedFor[],
  report: Report,
): Isolation[] {
  return leftOf(context, policies, closed)
    .filter(({ cluster, workload }) => !isClosed(isolations, cluster, workload))
    .flatMap(left => isolationOf(context, left, policies, report) ?? []);
}

function isClosed(
  isolations: readonly Isolation[],
  cluster: Cluster,
  workload: Workload,
): boolean {
  return isolations.some(
    each =>
      each.direction === 'ingress' &&
      each.mode === 'enforce' &&
      each.cluster === cluster.name &&
      each.workload.id === workload.id,
  );
}

function leftOf(
  { clusters }: PlanContext,
  policies: readonly PlannedPolicy[],
  closed: readonly ClosedFor[],
): Left[] {
  const byApi = new Map(policies.map(policy => [policy.api, policy]));
  const byName = new Map(clusters.map(cluster => [cluster.name, cluster]));
  const found = new Map<string, Left>();
  for (const { api, cluster: name, workload: id } of closed) {
    const policy = byApi.get(api);
    const cluster = byName.get(name);
    const workload = cluster && workloadOf(cluster, id);
    const isLeft =
      policy?.policy.spec.mode === 'enforce' &&
      workload &&
      !isProxy(cluster, workload) &&
      !runsOn(policy, cluster, workload);
    if (!isLeft) continue;
    const key = JSON.stringify([name, id]);
    const left = found.get(key) ?? { cluster, workload, policies: [] };
    found.set(key, left);
    if (!left.policies.includes(policy)) left.policies.push(policy);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, left]) => left);
}

function runsOn(
  { targets }: PlannedPolicy,
  cluster: Cluster,
  { id }: Workload,
): boolean {
  return targets.some(
    target =>
      target.cluster === cluster &&
      target.workloads.some(each => each.id === id),
  );
}

/** Waypoints and gateways are closed for what is behind them, which is asked for itself. */
function isProxy({ waypoints }: Cluster, workload: Workload): boolean {
  return (
    workload.gateway !== undefined ||
    waypoints.some(waypoint => waypoint.workload === workload.id)
  );
}

function isolationOf(
  context: PlanContext,
  { cluster, workload, policies }: Left,
  all: readonly PlannedPolicy[],
  report: Report,
): Isolation | undefined {
  // Nothing that stays closed may hold up what the API is asked for.
  const end = context.ends.of(cluster, workload, new Set(), new Report());
  if (!end) return undefined;
  const apis = policies.map(({ api }) => api).sort();
  const takers = takersOf(context, cluster, workload, apis);
  // Whoever has an API there now did not close it, and has to know who did.
  const others = all.filter(
    each => !policies.includes(each) && runsOn(each, cluster, workload),
  );
  for (const { api, file } of [...policies, ...others])
    report
      .within({ api, at: { file } })
      .add(
        'left-closed',
        said`${entityNames(apis, ' and ')} ${
          apis.length > 1 ? 'do' : 'does'
        } not run on ${detail(workload.id, 'a workload')} in ${
          cluster.name
        } any more, which stays closed as it is${
          takers.length > 0
            ? said` and is ${entityNames(takers, ' and ')} now`
            : ''
        }`,
        [workload.id],
        { data: { cluster: cluster.name, takers } },
      );
  const before = waypointsBefore(cluster, workload);
  const kernel =
    cluster.profile.cni.enforcesNetworkPolicy && workload.runsOn === 'pods';
  return {
    cluster: cluster.name,
    workload: end,
    direction: 'ingress',
    apis,
    mode: 'enforce',
    layers: { kernel, identity: workload.mesh !== 'none' },
    flips: { kernel: false, identity: false },
    callersCut: [],
    permissivePorts: [],
    services: before.services.map(({ service: { namespace, name } }) => ({
      namespace,
      name,
    })),
    podWaypoints: before.own
      ? [{ namespace: before.own.namespace, name: before.own.name }]
      : [],
    movedAway: takers.length > 0 ? 'taken' : 'unclaimed',
  };
}

/**
 * Whose the workload is now: entities that it stands for, none of which provides one of the APIs, or an owner that is stated
 * and has nothing to do with them.
 */
function takersOf(
  { bindings, catalog }: PlanContext,
  cluster: Cluster,
  workload: Workload,
  apis: readonly string[],
): string[] {
  const providers = new Set(apis.flatMap(api => catalog.providersOf(api)));
  const entities = bindings
    .on(cluster.name, workload.id)
    .filter(({ entity, state }) => state === 'holds' && !providers.has(entity))
    .map(({ entity }) => entity);
  if (entities.length > 0) return entities;
  const stated = ownerOfWorkload(cluster, workload);
  const owners = Owners.of(catalog);
  // Where the catalog lacks who provides it, its API says whose it was.
  const own = [...(providers.size > 0 ? providers : apis)].flatMap(
    ref => owners.claimant(ref).owners,
  );
  return stated && !owners.include(own, stated.ref) ? [stated.ref] : [];
}
