import { PlatformProfile } from '../profile/types';
import { isSince } from './isSince';
import { Labels, MeshMode } from './types';

/** The label of pods whose sidecars take HBONE: the injector adds it, and people may. */
export const TUNNEL_LABEL = 'networking.istio.io/tunnel';

/** The first Istio whose sidecars and gateways send HBONE without being told to (istio#50360). */
const FIRST = [1, 23] as const;

/** Has the pod settings of its own for its proxy, which go before those of the mesh? */
export function setsHbone(annotations: Labels): boolean {
  return (annotations['proxy.istio.io/config'] ?? '').includes('_HBONE');
}

/**
 * Does a workload's proxy send HBONE to ambient pods? Ztunnel always does.
 * Sidecars and gateways do since Istio 1.23 unless istiod or the proxy is told
 * otherwise, also those that take none themselves (istio `endpoint_builder.go`,
 * `supportTunnel`; `features.EnableHBONESend`); before it those that speak it
 * both ways, by the label.
 */
export function sendsHbone(
  mesh: MeshMode,
  { labels, annotations }: { labels: Labels; annotations: Labels },
  { sendsHbone: stated, sidecarHbone, istioVersion }: PlatformProfile['mesh'],
): 'yes' | 'no' | 'unknown' {
  if (mesh === 'ambient') return 'yes';
  if (stated === false) return 'no';
  const label = labels[TUNNEL_LABEL];
  if (label === 'http') return 'yes';
  if (setsHbone(annotations)) return 'unknown';
  const always = stated ?? isSince(istioVersion, FIRST);
  const taken = label === undefined ? sidecarHbone : false;
  // In an older one whoever takes it sends it, and nobody else.
  if (always || taken) return 'yes';
  return always === false && taken === false ? 'no' : 'unknown';
}
