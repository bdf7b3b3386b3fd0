import { servicesOf } from '../estate/serviceLookup';
import { Workload } from '../estate/types';
import { waypointOfService } from '../estate/waypointLookup';
import { authorizationAnswer } from '../evaluate/istio/authorizationAnswer';
import { WorkloadParty } from '../evaluate/party';
import { Check, LintContext, narrowest } from './LintContext';
import { few, notice } from './notice';

function partyOf({ cluster }: LintContext, workload: Workload): WorkloadParty {
  const index = cluster.workloads.indexOf(workload);
  return { kind: 'workload', workload, index, cluster };
}

/** Waypoints by which calls to the Services of a workload come. */
function waypointsOf({ cluster }: LintContext, workload: Workload): Workload[] {
  const ids = servicesOf(cluster, workload)
    .map(service => waypointOfService(cluster, service)?.workload)
    .filter(id => id !== undefined);
  return cluster.workloads.filter(({ id }) => ids.includes(id));
}

/**
 * Policies by selector behind a waypoint: ztunnel sees the identity of the waypoint there, not that of the caller (istio.io,
 * Use Layer 7 features: policy attachment).
 */
export const waypointIdentity: Check = context => {
  const { cluster, world, authorizations } = context;
  if (cluster.waypoints.length === 0) return [];
  const admitting = authorizations.filter(
    ({ spec, targets }) =>
      targets.length === 0 && spec.action === 'ALLOW' && !spec.isDryRun,
  );
  const shut = cluster.workloads
    .filter(({ mesh }) => mesh === 'ambient')
    .flatMap(workload => {
      const policy = narrowest(
        admitting.filter(({ workloads }) => workloads.includes(workload)),
      );
      if (!policy) return [];
      const model = world.model(partyOf(context, workload));
      const seen = { port: workload.containerPorts[0]?.port ?? 0 };
      return waypointsOf(context, workload)
        .filter(waypoint => {
          const caller = world.caller(partyOf(context, waypoint), 'tunnel');
          const { tri } = authorizationAnswer(
            model.policies,
            caller,
            'tcp',
            seen,
            cluster,
          );
          return tri.value === 'no';
        })
        .map(waypoint => ({ policy, pods: workload.id, by: waypoint.id }));
    });
  return admitting.flatMap(policy => {
    const own = shut.filter(each => each.policy === policy);
    if (own.length === 0) return [];
    const pods = own.map(each => each.pods);
    const waypoints = [...new Set(own.map(({ by }) => by))];
    return [
      notice('waypoint-not-admitted', {
        manifest: policy.manifest,
        text: `does not admit ${few(waypoints)}: calls to the Services of ${few(
          pods,
        )} come through this waypoint, whose identity ztunnel sees in place of the caller's, and are refused.`,
        others: [...pods, ...waypoints],
      }),
    ];
  });
};
