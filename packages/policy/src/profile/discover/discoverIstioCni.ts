import { asJson } from '../../estate/json';
import { Path } from '../../estate/fieldPath';
import { ManifestObject } from '../../estate/types';
import { parseAddress } from '../../net/cidr';
import { containersOf } from './containers';
import { Evidence } from './Evidence';
import { PlatformObjects } from './PlatformObjects';

const V4 = 'HOST_PROBE_SNAT_IP';
const V6 = 'HOST_PROBE_SNAT_IPV6';

/** Defaults of istio `cni/pkg/config`. */
const USUAL = {
  [V4]: '169.254.7.127',
  [V6]: 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff',
};

interface Stated {
  manifest: ManifestObject;
  name: string;
  value: unknown;
  path: Path;
}

/**
 * Reads which addresses Istio's CNI gives the kubelet's probes of ambient pods
 * (docs/semantics.md, N10), where it is told others than the usual ones.
 */
export function discoverIstioCni(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const namespaces = [...platform.meshNamespaces, 'kube-system'];
  const stated: Stated[] = [
    ...platform
      .named('/ConfigMap', 'istio-cni-config', namespaces)
      .flatMap(manifest =>
        Object.entries(asJson(manifest.object.data)).map(([name, value]) => ({
          manifest,
          name,
          value,
          path: ['data', name],
        })),
      ),
    ...platform
      .named('apps/DaemonSet', 'istio-cni-node', namespaces)
      .flatMap(manifest =>
        containersOf(manifest)
          .flatMap(({ variables }) => variables)
          .map(({ name, value, path }) => ({ manifest, name, value, path })),
      ),
  ].filter(({ name }) => name === V4 || name === V6);
  const wrong = stated.filter(
    ({ value }) => typeof value !== 'string' || !parseAddress(value),
  );
  for (const { manifest, path, name } of wrong) {
    const why = `does not say which address ${name} is; state probes in the platform profile.`;
    evidence.notReadable(manifest, path, why);
  }
  const [first] = stated;
  if (!first || wrong.length > 0) return;
  const address = (name: typeof V4 | typeof V6) =>
    stated.find(each => each.name === name)?.value ?? USUAL[name];
  evidence.add(
    'probes',
    [
      {
        cidrs: [`${address(V4)}/32`, `${address(V6)}/128`],
        ports: [{ port: 1, endPort: 65535, protocol: 'TCP' }],
      },
    ],
    first.manifest,
    first.path,
  );
}
