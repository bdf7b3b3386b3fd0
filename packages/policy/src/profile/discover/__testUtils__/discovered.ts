import { loadManifests } from '../../../estate/loadManifests';
import { Finding } from '../../../findings';
import { defaultPlatformProfile } from '../../defaultPlatformProfile';
import { parsePlatformProfile } from '../../parsePlatformProfile';
import { PlatformProfile } from '../../types';
import { discoverProfile } from '../discoverProfile';

/** What is found in an estate. */
export interface Discovered {
  profile: PlatformProfile;
  findings: Finding[];
  /** What is said of a field, with who says it. */
  of: (field: string) => unknown[];
}

/** Looks through manifests, with a profile that states the given lines below `spec`. */
export function discovered(yaml: string, spec?: string): Discovered {
  const { objects, findings } = loadManifests([
    { path: 'estate.yaml', text: yaml },
  ]);
  if (findings.length > 0) throw new Error(findings[0].message);
  const { profile, findings: discoveries } = discoverProfile(
    spec === undefined ? defaultPlatformProfile('prod') : stated(spec),
    objects,
  );
  return {
    profile,
    findings: discoveries,
    of: field =>
      profile.found
        .filter(each => each.field === field)
        .map(({ value, source }) => [value, source.object, source.at.line]),
  };
}

function stated(spec: string): PlatformProfile {
  const { profile, findings } = parsePlatformProfile({
    path: 'profile.yaml',
    text: `apiVersion: callgate.dev/v1alpha1\nkind: PlatformProfile\nmetadata: { name: prod }\nspec:\n${spec}\n`,
  });
  if (!profile) throw new Error(findings[0].message);
  return profile;
}

/** Istio's ConfigMap; its text begins on line 5. */
export function meshConfigMap(
  mesh: string,
  metadata = 'name: istio, namespace: istio-system',
): string {
  const lines = mesh.split('\n').map(line => `    ${line}`);
  return `apiVersion: v1
kind: ConfigMap
metadata: { ${metadata} }
data:
  mesh: |-
${lines.join('\n')}
`;
}

/** Istiod; its image stands on line 10. */
export function istiod(
  options: {
    namespace?: string;
    name?: string;
    image?: string;
    env?: string;
    selector?: string;
    /** Of its pods, beside `app`. */
    labels?: string;
    more?: string;
  } = {},
): string {
  const {
    namespace = 'istio-system',
    name = 'istiod',
    image = 'docker.io/istio/pilot:1.30.1',
    env = '[]',
    selector = '{ app: istiod }',
    labels = '',
    more = '',
  } = options;
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: ${selector} }
  template:
    metadata: { labels: { app: istiod${labels} } }
    spec:
      containers:
        - { name: discovery, image: "${image}", env: ${env} ${more} }
`;
}

/** A DaemonSet with one container; its name stands on line 3. */
export function daemonSet(
  name: string,
  namespace: string,
  container = '{ name: main }',
): string {
  return `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  template:
    metadata: { labels: { k8s-app: ${name} } }
    spec: { containers: [${container}] }
`;
}

/** Documents of one file. */
export function documents(...texts: string[]): string {
  return texts.join('---\n');
}
