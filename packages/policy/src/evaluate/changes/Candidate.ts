import { stringify } from 'yaml';
import { namespaceOf } from '../../estate/buildCluster';
import { Cluster, KubernetesObject, ManifestObject } from '../../estate/types';
import { Change, Layer } from '../types';

/** A change, and the objects of a cluster with it made. */
export interface Candidate {
  change: Change;
  cluster: Cluster;
  apply(objects: readonly ManifestObject[]): ManifestObject[];
}

/** A new object. */
export function addition(
  cluster: Cluster,
  layer: Layer,
  object: KubernetesObject,
  text: string,
): Candidate {
  const { kind, metadata } = object;
  return {
    change: {
      action: 'add',
      layer,
      text,
      object: {
        kind,
        namespace: metadata.namespace ?? '',
        name: metadata.name,
      },
      manifest: object,
      yaml: stringify(object),
    },
    cluster,
    apply: objects => [...objects, { object, at: { file: 'change.yaml' } }],
  };
}

/** An object changed. */
export function replacement(
  manifest: ManifestObject,
  cluster: Cluster,
  layer: Layer,
  object: KubernetesObject,
  text: string,
): Candidate {
  const { kind, metadata } = object;
  return {
    change: {
      action: 'edit',
      layer,
      text,
      object: { kind, namespace: namespaceOf(object), name: metadata.name },
      manifest: object,
      yaml: stringify(object),
    },
    cluster,
    apply: objects =>
      objects.map(each =>
        each.object === manifest.object ? { object, at: each.at } : each,
      ),
  };
}
