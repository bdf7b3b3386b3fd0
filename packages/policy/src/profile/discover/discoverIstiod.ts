import { asLabels, fieldAt } from '../../estate/json';
import { argument, containersOf, isPort, versionOf } from './containers';
import { Evidence } from './Evidence';
import { PlatformObjects, namespaceOf } from './PlatformObjects';

/** Variables of istiod that change verdicts (docs/semantics.md, A12), with the field that says the same. */
const FLAGS = [
  ['AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY', 'mesh.ambientDryRun'],
  ['PILOT_AUTO_ALLOW_WAYPOINT_POLICY', 'mesh.autoAllowWaypoint'],
  ['PILOT_ENABLE_SENDING_HBONE', 'mesh.sendsHbone'],
  [
    'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES',
    'mesh.layeredWaypointPolicies',
  ],
] as const;

/** Texts that Go's `strconv.ParseBool` takes, as istiod reads its variables. */
const BOOLEANS: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map(text => [text, true]),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map(text => [text, false]),
]);

/** Where istiod takes secure calls of proxies unless an argument says otherwise. */
const SECURE_PORT = 15012;

/** Reads istiod's Deployments: version, flags, and how callers reach it. */
export function discoverIstiod(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  for (const manifest of platform.istiods()) {
    const containers = containersOf(manifest);
    const discovery =
      containers.find(({ name }) => name === 'discovery') ?? containers[0];
    if (!discovery) continue;
    const known = versionOf(manifest, discovery);
    if (known)
      evidence.add('mesh.istioVersion', known.version, manifest, known.path);
    for (const [name, field] of FLAGS) {
      const variable = discovery.variables.find(each => each.name === name);
      if (!variable) continue;
      const { value, path } = variable;
      if (value !== undefined && Object.hasOwn(BOOLEANS, value)) {
        evidence.add(field, BOOLEANS[value], manifest, path);
      } else {
        const why = `does not say whether ${name} is true.`;
        evidence.notReadable(manifest, path, why);
      }
    }
    const selector = asLabels(
      fieldAt(manifest.object, 'spec.selector.matchLabels'),
    );
    const labels = asLabels(
      fieldAt(manifest.object, 'spec.template.metadata.labels'),
    );
    const address = argument(discovery.args, 'secureGRPCAddr') ?? '';
    const port = Number(/:(\d+)$/.exec(address)?.[1] ?? SECURE_PORT);
    if (!isPort(port)) continue;
    evidence.add(
      'controlPlane',
      [
        {
          namespace: namespaceOf(manifest),
          podLabels:
            Object.keys(selector).length > 0
              ? { ...selector }
              : { app: labels.app },
          ports: [{ port, protocol: 'TCP' }],
        },
      ],
      manifest,
      ['spec', 'selector'],
    );
  }
}

/** Reads the network of the cluster, which is a label of istiod's namespace. */
export function discoverMeshNetwork(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const label = 'topology.istio.io/network';
  for (const manifest of platform.of('/Namespace')) {
    const { name, labels } = manifest.object.metadata;
    const network = asLabels(labels)[label];
    if (!platform.meshNamespaces.has(name) || !network) continue;
    const path = ['metadata', 'labels', label];
    evidence.add('mesh.network', network, manifest, path);
  }
}
