import { asArray, asJson, asLabels, asText, fieldAt } from '../../estate/json';
import { ManifestObject } from '../../estate/types';
import { parseAddress } from '../../net/cidr';
import { ProfilePeer } from '../types';
import { argument, containersOf, isPort } from './containers';
import { Evidence } from './Evidence';
import { PlatformKind, PlatformObjects, namespaceOf } from './PlatformObjects';

type Ports = ProfilePeer['ports'];

/** Services that pods ask for names, and the port of their pods where only its name is known. */
const SERVICES: readonly {
  name: string;
  namespace: string;
  usualPort?: number;
  /** An object outside namespaces without which the namespace may be anybody's. */
  vouchedFor?: PlatformKind;
}[] = [
  // CoreDNS, too, is called kube-dns as a Service.
  { name: 'kube-dns', namespace: 'kube-system' },
  { name: 'rke2-coredns-rke2-coredns', namespace: 'kube-system' },
  // OpenShift's DNS operator knows no other port (docs/semantics.md, N6).
  // Elsewhere teams may make its namespace, and have every pod's lookups let through to theirs.
  {
    name: 'dns-default',
    namespace: 'openshift-dns',
    usualPort: 5353,
    vouchedFor: 'config.openshift.io/Network',
  },
];

/** Numbers that a name has among the ports of the pods behind a selector. */
function namedPorts(
  platform: PlatformObjects,
  namespace: string,
  selector: Readonly<Record<string, string>>,
  name: string,
): number[] {
  const owners = [
    ...platform.of('apps/Deployment'),
    ...platform.of('apps/DaemonSet'),
  ].filter(manifest => {
    if (namespaceOf(manifest) !== namespace) return false;
    const labels = asLabels(
      fieldAt(manifest.object, 'spec.template.metadata.labels'),
    );
    return Object.entries(selector).every(
      ([key, text]) => labels[key] === text,
    );
  });
  const numbers = owners
    .flatMap(({ object }) =>
      asArray(fieldAt(object, 'spec.template.spec.containers')),
    )
    .flatMap(container => asArray(asJson(container).ports))
    .map(asJson)
    .filter(port => port.name === name)
    .map(port => port.containerPort)
    .filter(isPort);
  return [...new Set(numbers)];
}

/** The ports of the pods that answer on port 53 of a Service; `undefined` where one is not known. */
function portsOf(
  manifest: ManifestObject,
  toNumber: (name: string) => number | undefined,
): Ports | undefined {
  const ports: Ports = [];
  for (const entry of asArray(fieldAt(manifest.object, 'spec.ports'))) {
    const { port, protocol, targetPort } = asJson(entry);
    // The others are for metrics and health.
    if (port !== 53) continue;
    const target = targetPort ?? port;
    const number =
      typeof target === 'number' ? target : toNumber(asText(target) ?? '');
    if (!isPort(number)) return undefined;
    ports.push({ port: number, protocol: protocol === 'UDP' ? 'UDP' : 'TCP' });
  }
  return ports.length > 0 ? ports : undefined;
}

/**
 * Reads where pods look names up: the pods behind the Service, with the ports
 * that they listen on, since policies see packets after address translation.
 */
export function discoverDns(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  for (const { name, namespace, usualPort, vouchedFor } of SERVICES) {
    if (vouchedFor && platform.of(vouchedFor).length === 0) continue;
    for (const manifest of platform.named('/Service', name, [namespace])) {
      const podLabels = {
        ...asLabels(fieldAt(manifest.object, 'spec.selector')),
      };
      if (Object.keys(podLabels).length === 0) continue;
      const ports = portsOf(manifest, named => {
        const [number, another] = namedPorts(
          platform,
          namespace,
          podLabels,
          named,
        );
        return another === undefined ? number ?? usualPort : undefined;
      });
      if (ports) {
        const path = ['spec', 'ports'];
        evidence.add('dns', [{ namespace, podLabels, ports }], manifest, path);
      }
    }
  }
}

/**
 * Reads the addresses at which a node-local cache answers: it runs on the host
 * network, so that no labels select it.
 */
export function discoverNodeLocalDns(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const caches = platform.named('apps/DaemonSet', 'node-local-dns', [
    'kube-system',
  ]);
  for (const manifest of caches) {
    for (const { args, path } of containersOf(manifest)) {
      const addresses = (argument(args, 'localip') ?? '')
        .split(',')
        .map(text => text.trim())
        .filter(text => text !== '');
      // Upstream's manifest has placeholders that somebody has to fill.
      if (addresses.length === 0 || !addresses.every(parseAddress)) continue;
      const peer: ProfilePeer = {
        cidrs: addresses.map(
          text => `${text}/${parseAddress(text)?.family === 6 ? 128 : 32}`,
        ),
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      };
      evidence.add('dns', [peer], manifest, [...path, 'args'], {
        isPartial: true,
      });
    }
  }
}
