import { containersOf, versionOf } from './containers';
import { Evidence } from './Evidence';
import { PlatformObjects } from './PlatformObjects';

/** Reads the version of ztunnel from its DaemonSet. Some distributions keep it beside what belongs to the nodes. */
export function discoverZtunnel(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const namespaces = [...platform.meshNamespaces, 'kube-system'];
  for (const manifest of platform.named(
    'apps/DaemonSet',
    'ztunnel',
    namespaces,
  )) {
    const containers = containersOf(manifest);
    const proxy =
      containers.find(({ name }) => name === 'istio-proxy') ?? containers[0];
    const known = proxy && versionOf(manifest, proxy);
    if (known)
      evidence.add('mesh.ztunnelVersion', known.version, manifest, known.path);
  }
}
