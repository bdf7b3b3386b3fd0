import { namespaceOf } from '../../estate/buildCluster';
import { groupKindOf } from '../../estate/readWorkloads';
import { isHeadlessOrExternal, servicesOf } from '../../estate/serviceLookup';
import { Cluster } from '../../estate/types';
import {
  AskedWaypoint,
  askedByService,
  askedByWorkload,
} from '../../estate/waypointLookup';
import { addressOf } from '../addressOf';
import { Party, WorkloadParty } from '../party';
import { Call, ConsideredObject } from '../types';

const GATEWAY = 'gateway.networking.k8s.io/Gateway';

interface Question {
  by: string;
  namespace: string;
  asked: AskedWaypoint | undefined;
}

/** Who of those that the call may be addressed to asks for a waypoint. */
function questions(to: WorkloadParty, call: Call): Question[] {
  const { cluster, workload } = to;
  const { via } = addressOf(call, to);
  const services =
    via === 'pod'
      ? []
      : servicesOf(cluster, workload).filter(
          service =>
            !isHeadlessOrExternal(service) &&
            (via === undefined || via.service.id === service.id),
        );
  return [
    ...services.map(service => ({
      by: `Service ${service.id}`,
      namespace: service.namespace,
      asked: askedByService(cluster, service),
    })),
    ...(typeof via === 'object'
      ? []
      : [
          {
            by: `The pod template of ${workload.id}`,
            namespace: workload.namespace,
            asked: askedByWorkload(cluster, workload),
          },
        ]),
  ];
}

function isGatewayThere(cluster: Cluster, id: string): boolean {
  return cluster.objects.some(
    ({ object }) =>
      groupKindOf(object) === GATEWAY &&
      `${namespaceOf(object)}/${object.metadata.name}` === id,
  );
}

function reason(
  { namespace, name, unused }: AskedWaypoint,
  own: string,
  cluster: Cluster,
): string {
  if (unused === 'not-lent')
    return `its listener does not admit what is in ${own} (allowedRoutes)`;
  return isGatewayThere(cluster, `${namespace}/${name}`)
    ? 'its class is none of waypoints'
    : 'it is not in the estate';
}

/**
 * Gateways that a label names as waypoint, and that no call goes through: what
 * they would enforce holds for nobody. Only callers in ambient mode would use one.
 */
export function unusedWaypoints(
  from: Party,
  to: WorkloadParty,
  call: Call,
): ConsideredObject[] {
  if (from.kind === 'address' || from.workload.mesh !== 'ambient') return [];
  const { cluster } = to;
  return questions(to, call).flatMap(({ by, namespace, asked }) => {
    // One that is there for Services and not for pods, or the other way round, is used as it is meant.
    if (!asked?.unused || asked.unused === 'for-others') return [];
    const who = asked.byNamespace ? `Namespace ${namespace}` : by;
    return [
      {
        kind: 'Gateway',
        namespace: asked.namespace,
        name: asked.name,
        considered: false,
        text: `${who} names it as waypoint, and ${reason(
          asked,
          namespace,
          cluster,
        )}: the call goes past it, straight to the pods.`,
      },
    ];
  });
}
