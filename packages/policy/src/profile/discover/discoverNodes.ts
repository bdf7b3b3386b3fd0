import { asArray, asJson, fieldAt } from '../../estate/json';
import { ManifestObject } from '../../estate/types';
import { parseAddress } from '../../net/cidr';
import { Evidence } from './Evidence';
import { PlatformObjects } from './PlatformObjects';
import { readCidrs } from './readCidrs';

function addressesOf({ object }: ManifestObject): string[] {
  return asArray(fieldAt(object, 'status.addresses')).flatMap(entry => {
    const { type, address } = asJson(entry);
    if (type !== 'InternalIP' && type !== 'ExternalIP') return [];
    const parsed = typeof address === 'string' && parseAddress(address);
    return parsed ? [`${address}/${parsed.family === 4 ? 32 : 128}`] : [];
  });
}

function podCidrsOf(manifest: ManifestObject, evidence: Evidence): string[] {
  const { podCIDR, podCIDRs } = asJson(manifest.object.spec);
  if (podCIDRs === undefined && podCIDR === undefined) return [];
  const value = podCIDRs ?? [podCIDR];
  return readCidrs(value, manifest, ['spec', 'podCIDRs'], evidence);
}

/**
 * Reads Nodes: their own addresses, and the ranges that they give pods. A
 * network plugin with pools of its own need not keep to the latter.
 */
export function discoverNodes(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const nodes = platform
    .of('/Node')
    .map(manifest => ({
      manifest,
      addresses: addressesOf(manifest),
      podCidrs: podCidrsOf(manifest, evidence),
    }))
    .sort((a, b) =>
      a.manifest.object.metadata.name < b.manifest.object.metadata.name
        ? -1
        : 1,
    );
  const addressed = nodes.filter(({ addresses }) => addresses.length > 0);
  if (addressed.length > 0) {
    evidence.add(
      'network.nodeCidrs',
      [...new Set(addressed.flatMap(({ addresses }) => addresses))].sort(),
      addressed[0].manifest,
      ['status', 'addresses'],
      { others: addressed.length - 1 },
    );
  }
  const ranged = nodes.filter(({ podCidrs }) => podCidrs.length > 0);
  if (ranged.length > 0) {
    evidence.add(
      'network.podCidrs',
      [...new Set(ranged.flatMap(({ podCidrs }) => podCidrs))].sort(),
      ranged[0].manifest,
      ['spec', 'podCIDRs'],
      { others: ranged.length - 1, isSure: false },
    );
  }
}
