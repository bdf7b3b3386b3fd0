import { workloadsOf } from '../estate';
import { behindWaypoint } from './behindWaypoint';
import { Subject } from './isolationNotes';
import { PlannedPolicy } from './planPolicy';
import { Report } from './Report';
import { waypointsBefore } from './waypointWays';
import {
  detail,
  said,
  workload as workloadName,
  workloads as workloadNames,
  type Words,
} from '../words';

/** By id of a workload: which APIs close it, as a text that is equal for the same ones. */
export type ClosedBy = ReadonlyMap<string, string>;

/**
 * Errors for ways that the policies on waypoints would leave open, or that they would close to others (docs/semantics.md, A8):
 *
 * - a Service that leads to workloads with other grants: whoever is admitted to it reaches them all;
 * - a waypoint that serves pod addresses as well: they are closed by a policy on the whole waypoint, which would cut the
 *   callers of everything behind it that nobody declared.
 */
export function checkWaypoints(
  { cluster, workload }: Subject,
  before: ReturnType<typeof waypointsBefore>,
  closedBy: ClosedBy,
  policies: readonly PlannedPolicy[],
  report: Report,
): void {
  const say = (
    code: 'service-leads-elsewhere' | 'waypoint-bypass',
    message: string | Words,
    objects: string[],
  ) => {
    for (const { api, file } of policies)
      report.within({ api, at: { file } }).add(code, message, objects);
  };
  const own = closedBy.get(workload.id);
  for (const { service, waypoint } of before.services) {
    const others = workloadsOf(cluster, service)
      .map(({ id }) => id)
      .filter(id => id !== workload.id && closedBy.get(id) !== own);
    if (others.length > 0)
      say(
        'service-leads-elsewhere',
        said`The Service${detail(
          ` ${service.id} behind the waypoint ${waypoint.id}`,
          ' behind the waypoint',
        )} leads to ${workloadName(workload.id)}, but also to ${workloadNames(
          others,
        )}, which other grants are about`,
        [workload.id, service.id, ...others],
      );
  }
  if (!before.own) return;
  const behind = behindWaypoint(cluster, before.own);
  const open = [
    ...behind.workloads
      .map(({ id }) => id)
      .filter(id => closedBy.get(id) === undefined),
    ...behind.others,
  ];
  if (open.length > 0)
    say(
      'waypoint-bypass',
      said`The waypoint${detail(
        ` ${before.own.id}`,
        '',
      )} leads to the addresses of ${workloadName(
        workload.id,
      )} past the policies of its Services; a policy on the whole waypoint would close ${workloadNames(
        open,
      )} as well`,
      [workload.id, before.own.id, ...open],
    );
}
