import { asArray, asJson } from '../../estate/json';
import { Path } from '../../estate/fieldPath';
import { ManifestObject } from '../../estate/types';
import { parseAddress } from '../../net/cidr';
import { ProfilePeer } from '../types';
import { isPort } from './containers';
import { Evidence } from './Evidence';
import { PlatformObjects } from './PlatformObjects';

/** The addresses and ports of a list of endpoints; `undefined` where one of them is none. */
function peerOf(
  addresses: readonly unknown[],
  ports: readonly unknown[],
): ProfilePeer | undefined {
  const cidrs = addresses.map(each => {
    const parsed = typeof each === 'string' ? parseAddress(each) : undefined;
    return parsed && `${each}/${parsed.family === 6 ? 128 : 32}`;
  });
  const numbers = ports.map(each => asJson(each).port);
  if (
    !cidrs.every((each): each is string => each !== undefined) ||
    !numbers.every(isPort) ||
    cidrs.length === 0 ||
    numbers.length === 0
  )
    return undefined;
  return {
    cidrs: [...new Set(cidrs)].sort(),
    ports: [...new Set(numbers)]
      .sort((a, b) => a - b)
      .map(port => ({ port, protocol: 'TCP' })),
  };
}

/**
 * Suggests where pods find the API server: the endpoints of Service `default/kubernetes`, which the API server writes itself
 * (kubernetes `pkg/controlplane/reconcilers`). It is no more than a suggestion: stating it lets every isolated pod call these
 * addresses, and `default` is a namespace in which teams may write.
 */
export function discoverApiServer(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const suggest = (
    manifest: ManifestObject,
    path: Path,
    addresses: readonly unknown[],
    ports: readonly unknown[],
  ) => {
    const peer = peerOf(addresses, ports);
    if (peer) evidence.suggest('apiServer', peer, manifest, path);
  };
  const own = 'kubernetes';
  for (const manifest of platform.named('discovery.k8s.io/EndpointSlice', own, [
    'default',
  ])) {
    const addresses = asArray(manifest.object.endpoints).flatMap(each =>
      asArray(asJson(each).addresses),
    );
    suggest(manifest, ['endpoints'], addresses, asArray(manifest.object.ports));
  }
  for (const manifest of platform.named('/Endpoints', own, ['default'])) {
    for (const [index, each] of asArray(manifest.object.subsets).entries()) {
      const { addresses, ports } = asJson(each);
      const ips = asArray(addresses).map(entry => asJson(entry).ip);
      suggest(manifest, ['subsets', index], ips, asArray(ports));
    }
  }
}
