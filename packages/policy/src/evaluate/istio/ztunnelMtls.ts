import {
  CompiledPeerAuthentication,
  MtlsMode,
  MtlsSettings,
} from './peerAuthentication';

type Chain = readonly (CompiledPeerAuthentication | undefined)[];

/** Ports on which plaintext is treated otherwise than on the rest. */
function exceptions(
  [own, namespaced, mesh]: Chain,
  isInheritedStrict: boolean,
): { mode: MtlsMode; ports: [number, MtlsMode][] } {
  const modes = [...(own?.ports ?? [])];
  const lax = modes
    .filter(([, mode]) => mode === 'PERMISSIVE' || mode === 'DISABLE')
    .map(([port]): [number, MtlsMode] => [port, 'PERMISSIVE']);
  const strict = modes
    .filter(([, mode]) => mode === 'STRICT')
    .map(([port]): [number, MtlsMode] => [port, 'STRICT']);
  if (own?.mode === 'STRICT') return { mode: 'STRICT', ports: lax };
  if (own?.mode !== undefined) {
    // Istiod takes the mesh's STRICT for what the workload's policy inherits, even where that one states a mode.
    const isSkipped = !namespaced?.mode && mesh?.mode === 'STRICT';
    return { mode: 'PERMISSIVE', ports: isSkipped ? [] : strict };
  }
  if (!isInheritedStrict) return { mode: 'PERMISSIVE', ports: strict };
  // Only a PERMISSIVE port makes istiod send the workload's own policy instead of the static one.
  if (!modes.some(([, mode]) => mode === 'PERMISSIVE'))
    return { mode: 'STRICT', ports: [] };
  // A namespace's policy that states no mode counts as one that is not STRICT: nothing is left to send.
  if (namespaced && namespaced.mode !== 'STRICT')
    return { mode: 'PERMISSIVE', ports: [] };
  return { mode: 'STRICT', ports: lax };
}

/**
 * What ztunnel demands, as istiod converts PeerAuthentications of the workload,
 * its namespace and the mesh (istio
 * `pilot/pkg/serviceregistry/ambient/authorization.go`,
 * `convertedSelectorPeerAuthentications`, `convertPeerAuthentication`; design
 * 4, A11 c–e). Mutual TLS is always taken; DISABLE acts as PERMISSIVE.
 */
export function ztunnelSettings(chain: Chain): MtlsSettings {
  const [own, namespaced, mesh] = chain;
  const inherited = namespaced?.mode ?? mesh?.mode;
  const found = exceptions(chain, inherited === 'STRICT');
  const deciding = chain.find(policy => policy?.mode !== undefined);
  const by = [deciding?.ref, found.ports.length > 0 ? own?.ref : undefined];
  return {
    mode: found.mode,
    ports: new Map(found.ports),
    by: [...new Set(by.filter(ref => ref !== undefined))],
  };
}
