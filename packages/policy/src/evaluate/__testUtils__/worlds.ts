import { loadManifests } from '../../estate/loadManifests';
import { buildCluster } from '../../estate/buildCluster';
import {
  Cluster,
  KubernetesObject,
  ManifestObject,
  MeshMode,
} from '../../estate/types';
import { defaultPlatformProfile } from '../../profile/defaultPlatformProfile';
import { PlatformProfile } from '../../profile/types';
import { World, createWorld } from '../World';

/** A profile in which nothing is guessed. */
export function statedProfile(
  change: Partial<PlatformProfile> = {},
): PlatformProfile {
  return { ...defaultPlatformProfile('c'), guesses: [], ...change };
}

export function clusterOf(
  objects: readonly KubernetesObject[],
  options: {
    profile?: PlatformProfile;
    mesh?: 'detect' | MeshMode;
    name?: string;
  } = {},
): Cluster {
  const manifests = objects.map(
    (object, index): ManifestObject => ({
      object,
      at: { file: 'world.yaml', line: index + 1 },
    }),
  );
  return buildCluster({
    name: options.name ?? 'c',
    objects: manifests,
    profile: options.profile ?? statedProfile(),
    ...(options.mesh ? { mesh: options.mesh } : {}),
  }).cluster;
}

/** A world of one cluster from YAML. */
export function worldOf(
  yaml: string,
  options: { profile?: PlatformProfile; mesh?: 'detect' | MeshMode } = {},
): World {
  const { objects, findings } = loadManifests([
    { path: 'world.yaml', text: yaml },
  ]);
  if (findings.length > 0) throw new Error(findings[0].message);
  const { cluster } = buildCluster({
    name: 'c',
    objects,
    profile: options.profile ?? statedProfile(),
    ...(options.mesh ? { mesh: options.mesh } : {}),
  });
  return createWorld([cluster]);
}

/** A Deployment as YAML, followed by a document separator. */
export function deployment(
  id: string,
  more: {
    labels?: string;
    pod?: string;
    ports?: string;
    replicas?: number;
    annotations?: string;
  } = {},
): string {
  const [namespace, name] = id.split('/');
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: ${more.replicas ?? 1}
  template:
    metadata: { labels: { app: ${name}${
    more.labels ? `, ${more.labels}` : ''
  } }, annotations: { ${more.annotations ?? ''} } }
    spec: { serviceAccountName: ${name}, ${
    more.pod ?? ''
  } containers: [{ name: main, ports: [${
    more.ports ?? '{ containerPort: 8080, name: http }'
  }] }] }
---
`;
}
