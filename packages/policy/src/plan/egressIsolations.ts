import { reportClaims } from './claims/reportClaims';
import { egressInDoubt, isEgressEnforced } from './egressState';
import { networkPoliciesOn } from './foreignPolicies';
import { PlanContext } from './PlanContext';
import { Workload } from '../estate/types';
import { Recall } from '../Recall';
import { Report } from './Report';
import { EdgeEnd, Isolation } from './types';

const isolated = new Recall<Workload, Isolation>();

/** Workloads whose own calls are limited to what is declared, because somebody asked for it. */
export function egressIsolations(
  context: PlanContext,
  report: Report,
): Isolation[] {
  const isolations: Isolation[] = [];
  reportClaims(egressInDoubt(context), false, report);
  for (const cluster of context.clusters) {
    if (!cluster.profile.cni.enforcesNetworkPolicy) continue;
    const closed = cluster.workloads.filter(
      workload =>
        !workload.hostNetwork &&
        workload.runsOn === 'pods' &&
        isEgressEnforced(context, cluster, workload),
    );
    const ids = new Set(closed.map(({ id }) => id));
    for (const workload of closed) {
      const end: EdgeEnd | undefined = context.ends.of(
        cluster,
        workload,
        ids,
        report,
      );
      if (!end) continue;
      isolations.push(
        isolated.get(workload, [context, end], () => ({
          cluster: cluster.name,
          workload: end,
          direction: 'egress',
          apis: [],
          mode: 'enforce',
          layers: { kernel: true, identity: false },
          flips: {
            kernel: networkPoliciesOn(cluster, workload, 'egress').length === 0,
            identity: false,
          },
          callersCut: [],
          permissivePorts: [],
          services: [],
          podWaypoints: [],
        })),
      );
    }
  }
  return isolations;
}
