import type { Finding } from '../findings';
import { confirmedProviders, providersOf } from '../plan/claims/providers';
import { PlanContext } from '../plan/PlanContext';
import type { Workload } from '../estate/types';
import { waypointsBefore } from '../plan/waypointWays';
import { workloadOf } from '../plan/workloadIndex';
import type { Plan } from '../plan/types';
import { grantOf } from './heldGrants';
import type { CompileInput, FailedApi } from './types';

/**
 * Decides which APIs get nothing new.
 *
 * An API fails with any error finding of its own; one of a grant holds that
 * grant alone. An error that belongs to no
 * API is about a workload whose calls are to be closed, and fails the APIs that
 * it calls or provides; one that names no workload fails all. A failure takes along every API that shares a
 * workload with it, on either side: as provider, because isolation and mTLS are
 * per workload, so the workload would be closed to callers that the failed API
 * declares; as caller whose egress is closed, for the same reason. Nothing of
 * this opens anything: what is held back keeps the files that it has.
 *
 * @param held - grants that are left out, as `heldKey` writes them
 */
export function findFailedApis(
  input: CompileInput,
  plan: Plan,
  held: ReadonlySet<string> = new Set(),
): FailedApi[] {
  const fails = plan.findings.filter(found => isOfApi(found, held));
  const isFine =
    !input.unreadable?.some(({ api }) => api !== undefined) &&
    fails.length === 0;
  if (isFine) return [];
  const apis = [
    ...input.policies.map(({ policy }) => policy.spec.api),
    ...(input.unreadable ?? []).flatMap(({ api }) => api ?? []),
  ];
  const workloads = workloadsByApi(input, plan, apis);
  const errors = errorsByApi(input, fails, workloads);

  const failed = new Map<string, FailedApi>();
  const queue = [...errors.keys()].sort();
  for (const api of queue) {
    failed.set(api, { api, reason: 'errors', findings: errors.get(api)! });
  }
  // The order of the queue makes `because` name the API with the error itself.
  for (let at = 0; at < queue.length; at++) {
    const source = failed.get(queue[at])!;
    const because = source.because ?? source.api;
    for (const api of [...workloads.keys()].sort()) {
      if (!failed.has(api) && intersects(workloads, api, source.api)) {
        failed.set(api, {
          api,
          reason: 'shares-workload',
          because,
          findings: [],
        });
        queue.push(api);
      }
    }
  }
  return [...failed.values()].sort((a, b) => (a.api < b.api ? -1 : 1));
}

/** An error that leaving out a grant does not mend: one of no grant, or of one that is left out already. */
function isOfApi(found: Finding, held: ReadonlySet<string>): boolean {
  const grant = grantOf(found);
  return found.severity === 'error' && (grant === undefined || held.has(grant));
}

function errorsByApi(
  input: CompileInput,
  fails: readonly Finding[],
  workloads: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, Finding[]> {
  const errors = new Map<string, Finding[]>();
  const add = (api: string, found: readonly Finding[]) =>
    errors.set(api, [...(errors.get(api) ?? []), ...found]);
  for (const { api, findings } of input.unreadable ?? []) {
    if (api !== undefined) {
      add(api, findings);
    }
  }
  for (const found of fails) {
    const apis =
      found.api === undefined
        ? apisTouchedBy(found, input, workloads)
        : [found.api];
    for (const api of apis) {
      add(api, [found]);
    }
  }
  return errors;
}

function apisTouchedBy(
  { objects }: Finding,
  { clusters }: CompileInput,
  workloads: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  // Objects are sorted: which of them the finding is about, and which only get in its way, cannot be told.
  const concerned = new Set(
    clusters.flatMap(cluster =>
      objects
        .filter(id => workloadOf(cluster, id) !== undefined)
        .map(id => `${cluster.name} ${id}`),
    ),
  );
  return [...workloads]
    .filter(
      ([, ids]) =>
        concerned.size === 0 || [...ids].some(id => concerned.has(id)),
    )
    .map(([api]) => api);
}

/** Workloads that each API isolates: its providers, and callers with closed egress. */
function workloadsByApi(
  input: CompileInput,
  plan: Plan,
  apis: readonly string[],
): Map<string, Set<string>> {
  const { catalog, bindings } = PlanContext.of(input);
  const workloads = new Map<string, Set<string>>();
  for (const api of apis) {
    const ids = new Set<string>();
    // By binding and not by edges: an API with errors may have no edge at all.
    const confirmed = confirmedProviders(input.policies, api);
    for (const provider of providersOf(catalog, api, confirmed).counted) {
      for (const workload of bindings.mayBe(provider)) {
        ids.add(`${workload.cluster} ${workload.id}`);
        for (const waypoint of waypointsOf(input, workload)) {
          ids.add(`${workload.cluster} ${waypoint}`);
        }
      }
    }
    workloads.set(api, ids);
  }
  for (const edge of plan.edges) {
    workloads.get(edge.api)?.add(`${edge.cluster} ${edge.to.id}`);
    for (const { from, egress } of edge.hops) {
      if (egress === 'isolated-by-callgate') {
        workloads.get(edge.api)?.add(`${edge.cluster} ${from.id}`);
      }
    }
  }
  return workloads;
}

/** Waypoints before a workload: closed by all APIs behind them together. */
function waypointsOf({ clusters }: CompileInput, workload: Workload): string[] {
  const cluster = clusters.find(({ name }) => name === workload.cluster);
  if (!cluster) {
    return [];
  }
  const { services, own } = waypointsBefore(cluster, workload);
  return [
    ...services.map(({ waypoint }) => waypoint.workload),
    ...(own ? [own.workload] : []),
  ];
}

function intersects(
  workloads: ReadonlyMap<string, ReadonlySet<string>>,
  a: string,
  b: string,
): boolean {
  const other = workloads.get(b);
  return (
    other !== undefined &&
    [...(workloads.get(a) ?? [])].some(workload => other.has(workload))
  );
}
