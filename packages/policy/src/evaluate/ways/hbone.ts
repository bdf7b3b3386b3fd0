import { setsHbone } from '../../estate/readWorkloads';
import { Cluster, Workload } from '../../estate/types';
import { Party, WorkloadParty } from '../party';
import { Condition } from '../types';

/** Does an end speak HBONE? `unknown` where the injector may have added it to a sidecar. */
export type Hbone = 'yes' | 'no' | 'unknown';

const TUNNEL = 'networking.istio.io/tunnel';

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

function ofSidecar(cluster: Cluster, workload: Workload): Hbone {
  const isStated = workload.podLabels[TUNNEL] !== undefined;
  if (workload.hbone) return 'yes';
  // The injector adds the label where ISTIO_META_ENABLE_HBONE is set, as the ambient profile does for the mesh.
  const isOff =
    isStated ||
    (cluster.profile.mesh.sidecarHbone === false &&
      !setsHbone(workload.annotations));
  return !isOff && hasAmbient(cluster) ? 'unknown' : 'no';
}

function hboneOf({ cluster, workload }: WorkloadParty): Hbone {
  if (workload.mesh === 'ambient') return 'yes';
  if (workload.mesh === 'sidecar' || workload.gateway !== undefined)
    return ofSidecar(cluster, workload);
  return 'no';
}

/**
 * Does the caller's side send HBONE to this provider? Both must speak it
 * (istio `endpoint_builder.go`, `supportTunnel`; ambient `setTunnelProtocol`;
 * design 4, A1).
 */
export function tunnels(from: Party, to: WorkloadParty): Hbone {
  if (from.kind === 'address') return 'no';
  // A gateway is called at its listeners.
  if (to.workload.gateway !== undefined) return 'no';
  const [caller, provider] = [hboneOf(from), hboneOf(to)];
  if (caller === 'no' || provider === 'no') return 'no';
  if (caller === 'yes' && provider === 'yes') return 'yes';
  // Sidecars of which neither says anything speak mutual TLS to each other either way.
  if (caller === 'unknown' && provider === 'unknown') return 'no';
  const isMixed =
    from.workload.mesh === 'ambient' || to.workload.mesh === 'ambient';
  return isMixed || from.workload.gateway !== undefined ? 'unknown' : 'no';
}

/** Nobody says whether a sidecar speaks HBONE. */
export function hboneGuess(from: Party, to: WorkloadParty): Condition {
  const who =
    from.kind === 'workload' && hboneOf(from) === 'unknown'
      ? from.workload.id
      : to.workload.id;
  return {
    kind: 'mesh-guess',
    text: `Nothing says whether the proxy of ${who} speaks HBONE: label its pods ${TUNNEL}: http where it does.`,
  };
}
