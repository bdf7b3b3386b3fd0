import { asJson } from '../../estate/json';
import { ManifestObject } from '../../estate/types';
import { isVouchedFor } from './discoverCni';
import { Evidence } from './Evidence';
import { readCidrs } from './readCidrs';
import { PlatformObjects } from './PlatformObjects';

const NAMESPACES = ['kube-system', 'cilium'];

/** A switch of `cilium-config`; `undefined` where it is left at its default. */
function option(manifest: ManifestObject, key: string): string | undefined {
  const value = asJson(manifest.object.data)[key];
  return typeof value === 'string' ? value.trim() : undefined;
}

/**
 * Reads `cilium-config`: Cilium tells its own pods by identity, so that blocks
 * of addresses do not match them, nor nodes unless it is told so (docs/semantics.md, N1).
 */
export function discoverCilium(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const configs = platform.named('/ConfigMap', 'cilium-config', NAMESPACES);
  for (const manifest of configs) {
    // Believing that blocks of addresses match no pods makes policies narrower than they may be.
    if (!isVouchedFor(platform, 'cilium', manifest)) {
      const why =
        'is a namespace that others could make; state cni.name: cilium in the platform profile.';
      evidence.notReadable(manifest, ['metadata', 'namespace'], why);
      continue;
    }
    const data = (key: string) => ['data', key];
    evidence.add('cni.ipBlockMatchesPods', false, manifest, ['data']);
    const mode = 'policy-cidr-match-mode';
    const matchesNodes = (option(manifest, mode) ?? '')
      .split(/[\s,]+/)
      .includes('nodes');
    evidence.add('cni.ipBlockMatchesNodes', matchesNodes, manifest, data(mode));
    const isOff =
      option(manifest, 'enable-policy') === 'never'
        ? 'enable-policy'
        : 'enable-k8s-networkpolicy';
    if (
      isOff === 'enable-policy' ||
      option(manifest, 'enable-k8s-networkpolicy') === 'false'
    )
      evidence.add('cni.enforcesNetworkPolicy', false, manifest, data(isOff));
    // The proxy that sees DNS answers is what policies by name rest on.
    const proxy = 'enable-l7-proxy';
    const hasProxy = option(manifest, proxy) !== 'false';
    evidence.add('cni.fqdnPolicies', hasProxy, manifest, data(proxy));
    if (!/^cluster-pool/.test(option(manifest, 'ipam') ?? '')) continue;
    for (const key of ['cluster-pool-ipv4-cidr', 'cluster-pool-ipv6-cidr']) {
      const pools = option(manifest, key)?.split(/[\s,]+/) ?? [];
      const cidrs = readCidrs(pools, manifest, data(key), evidence);
      if (cidrs.length > 0)
        evidence.add('network.podCidrs', cidrs, manifest, data(key));
    }
  }
}
