import { setsHbone, TUNNEL_LABEL } from '../../estate/sendsHbone';
import { Cluster, Workload } from '../../estate/types';
import { Party, WorkloadParty } from '../party';
import { Condition } from '../types';

/** Is HBONE spoken? `unknown` where the injector may have added it to a sidecar, or the mesh is not told apart from older ones. */
export type Hbone = 'yes' | 'no' | 'unknown';

const ambient = new WeakMap<Cluster['workloads'], boolean>();

/** Does any workload of the cluster run in the ambient mesh? */
export function hasAmbient({ workloads }: Cluster): boolean {
  let known = ambient.get(workloads);
  if (known === undefined) {
    known = workloads.some(({ mesh }) => mesh === 'ambient');
    ambient.set(workloads, known);
  }
  return known;
}

/** Is it the proxies of a waypoint? */
export function isWaypoint({ cluster, workload }: WorkloadParty): boolean {
  return cluster.waypoints.some(({ workload: id }) => id === workload.id);
}

/** Does the provider take HBONE? */
function taken({ cluster, workload }: WorkloadParty): Hbone {
  if (workload.mesh === 'ambient' || workload.hbone) return 'yes';
  if (workload.mesh !== 'sidecar') return 'no';
  const isStated = workload.podLabels[TUNNEL_LABEL] !== undefined;
  // The injector adds the label where ISTIO_META_ENABLE_HBONE is set, as the ambient profile does for the mesh.
  const isOff =
    isStated ||
    (cluster.profile.mesh.sidecarHbone === false &&
      !setsHbone(workload.annotations));
  return !isOff && hasAmbient(cluster) ? 'unknown' : 'no';
}

/** Has the caller a proxy that could send it? */
function hasProxy({ mesh, gateway }: Workload): boolean {
  return mesh !== 'none' || gateway !== undefined;
}

/**
 * Does the caller's side send HBONE to this provider? Ztunnel and waypoints to
 * whoever takes it; sidecars and gateways to ambient pods, but to sidecars
 * mutual TLS as ever (istio `endpoint_builder.go`: an endpoint with mutual TLS
 * of its own is not tunnelled to without PILOT_PREFER_SENDING_HBONE; ambient
 * `setTunnelProtocol`; docs/semantics.md, A1).
 */
export function tunnels(from: Party, to: WorkloadParty): Hbone {
  if (from.kind === 'address' || !hasProxy(from.workload)) return 'no';
  // A gateway is called at its listeners.
  if (to.workload.gateway !== undefined || to.workload.router) return 'no';
  if (from.workload.mesh === 'ambient' || isWaypoint(from)) return taken(to);
  return to.workload.mesh === 'ambient' ? from.workload.sendsHbone : 'no';
}

/** Nobody says whether HBONE is spoken. */
export function hboneGuess(from: Party, to: WorkloadParty): Condition {
  const text =
    from.kind === 'workload' && to.workload.mesh === 'ambient'
      ? `Nothing says whether the proxy of ${from.workload.id} sends HBONE: state mesh.istioVersion, since 1.23 it does.`
      : `Nothing says whether the proxy of ${to.workload.id} takes HBONE: label its pods ${TUNNEL_LABEL}: http where it does.`;
  return { kind: 'mesh-guess', text };
}
