import { groupOf, type KubernetesObject, namespaceOf } from '@callgate/policy';

/** What tells objects of a cluster apart. */
export function objectId(object: KubernetesObject): string {
  return JSON.stringify([
    groupOf(object),
    object.kind,
    namespaceOf(object),
    object.metadata.name,
  ]);
}
