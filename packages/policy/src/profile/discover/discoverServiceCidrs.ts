import { fieldAt } from '../../estate/json';
import { Evidence } from './Evidence';
import { PlatformObjects } from './PlatformObjects';
import { readCidrs } from './readCidrs';

/** Reads the API server's ServiceCIDRs. */
export function discoverServiceCidrs(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const path = ['spec', 'cidrs'];
  for (const manifest of platform.of('networking.k8s.io/ServiceCIDR')) {
    const value = fieldAt(manifest.object, path.join('.'));
    const cidrs = readCidrs(value, manifest, path, evidence);
    if (cidrs.length > 0)
      evidence.add('network.serviceCidrs', cidrs, manifest, path);
  }
}
