import { servicesOf } from '../estate/serviceLookup';
import { Service, Workload } from '../estate/types';
import { waypointOfService } from '../estate/waypointLookup';
import { authorizationAnswer } from '../evaluate/istio/authorizationAnswer';
import { Check, LintContext, LintedAuthorization } from './LintContext';
import { edgeOf } from './edge';
import { few, notice } from './notice';

const INGRESS_USES = 'istio.io/ingress-use-waypoint';

function isFor(
  { targets, namespace }: LintedAuthorization,
  service: Service,
  { cluster }: LintContext,
): boolean {
  const waypoint = waypointOfService(cluster, service);
  return targets.some(({ group, kind, name }) => {
    if (group === '' && kind === 'Service')
      return service.id === `${namespace}/${name}`;
    if (kind === 'GatewayClass') return name === 'istio-waypoint';
    return kind === 'Gateway' && waypoint?.id === `${namespace}/${name}`;
  });
}

/** Do gateways go straight to the pods of the Service? */
function isPassedBy(service: Service, { cluster }: LintContext): boolean {
  const stated =
    service.labels[INGRESS_USES] ??
    cluster.namespaces.get(service.namespace)?.labels[INGRESS_USES];
  return (
    stated?.toLowerCase() !== 'true' &&
    waypointOfService(cluster, service) !== undefined
  );
}

/** Would ztunnel refuse the gateway anyway, whatever the waypoint says? */
function isRefused(
  gateway: Workload,
  workload: Workload,
  { cluster, world }: LintContext,
): boolean {
  const party = (of: Workload) => ({
    kind: 'workload' as const,
    workload: of,
    index: cluster.workloads.indexOf(of),
    cluster,
  });
  const { tri } = authorizationAnswer(
    world.model(party(workload)).policies,
    world.caller(party(gateway), 'tunnel'),
    'tcp',
    { port: workload.containerPorts[0]?.port ?? 0 },
    cluster,
  );
  return tri.value === 'no';
}

/**
 * Policies of waypoints that calls from gateways never meet: a gateway goes to the pods unless the Service or its namespace says
 * otherwise (istio.io, Configure waypoint proxies).
 */
export const gatewayWaypoints: Check = context => {
  const { cluster, authorizations } = context;
  if (cluster.waypoints.length === 0) return [];
  const edge = edgeOf(context);
  if (edge.length === 0) return [];
  const podsOf = new Map<Service, Workload[]>();
  for (const workload of cluster.workloads) {
    if (workload.mesh !== 'ambient') continue;
    // What ztunnel refuses to every gateway does not get past the waypoint either.
    if (edge.every(from => isRefused(from, workload, context))) continue;
    for (const service of servicesOf(cluster, workload)) {
      if (!isPassedBy(service, context)) continue;
      const pods = podsOf.get(service) ?? [];
      podsOf.set(service, [...pods, workload]);
    }
  }
  const passed = [...podsOf].map(([service, pods]) => ({ service, pods }));
  return authorizations.flatMap(policy => {
    const { manifest, spec } = policy;
    if (spec.isDryRun || spec.action === 'AUDIT') return [];
    const open = passed.filter(({ service }) =>
      isFor(policy, service, context),
    );
    if (open.length === 0) return [];
    const services = open.map(({ service }) => `Service ${service.id}`);
    const gateways = edge
      .filter(from =>
        open.some(({ pods }) => pods.some(to => !isRefused(from, to, context))),
      )
      .map(({ id }) => id);
    return [
      notice('gateway-past-waypoint', {
        manifest,
        text: `does not hold for what ${few(gateways)} sends to ${few(
          services,
        )}: gateways go straight to the pods, past the waypoint that enforces it.`,
        others: [...services, ...gateways],
      }),
    ];
  });
};
