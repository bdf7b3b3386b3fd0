import { stringify } from 'yaml';
import { namespaceOf } from '../../estate/buildCluster';
import type { ObjectChanges } from '../../estate/amendCluster';
import { Cluster, KubernetesObject, ManifestObject } from '../../estate/types';
import { Change, Layer } from '../types';

/** A change, and how it is made in a cluster. */
export interface Candidate {
  change: Change;
  cluster: Cluster;
  changes: Required<ObjectChanges>;
}

function candidate(
  action: Change['action'],
  cluster: Cluster,
  layer: Layer,
  text: string,
  { object, at }: ManifestObject,
  remove: readonly ManifestObject[],
): Candidate {
  const { kind, metadata } = object;
  const apply = action === 'remove' ? [] : [{ object, at }];
  return {
    change: {
      action,
      layer,
      text,
      object: { kind, namespace: namespaceOf(object), name: metadata.name },
      manifest: object,
      yaml: stringify(object),
    },
    cluster,
    changes: { apply, remove },
  };
}

/** A new object. */
export function addition(
  cluster: Cluster,
  layer: Layer,
  object: KubernetesObject,
  text: string,
): Candidate {
  const added = { object, at: { file: 'change.yaml' } };
  return candidate('add', cluster, layer, text, added, []);
}

/** An object changed. */
export function replacement(
  manifest: ManifestObject,
  cluster: Cluster,
  layer: Layer,
  object: KubernetesObject,
  text: string,
): Candidate {
  const changed = { object, at: manifest.at };
  return candidate('edit', cluster, layer, text, changed, [manifest]);
}

/** An object taken away. */
export function removal(
  manifest: ManifestObject,
  cluster: Cluster,
  layer: Layer,
  text: string,
): Candidate {
  return candidate('remove', cluster, layer, text, manifest, [manifest]);
}
