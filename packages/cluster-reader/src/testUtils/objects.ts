import type { ServedKind } from '../api/discover';
import type { Json } from '../json';

/**
 * Kinds that every cluster serves.
 *
 * @public
 */
export const CORE: readonly ServedKind[] = [
  served('', 'v1', 'namespaces', 'Namespace', false),
  served('', 'v1', 'pods', 'Pod'),
  served('', 'v1', 'services', 'Service'),
  served('', 'v1', 'secrets', 'Secret'),
  served('apps', 'v1', 'deployments', 'Deployment'),
  served('apps', 'v1', 'replicasets', 'ReplicaSet'),
  served('apps', 'v1', 'statefulsets', 'StatefulSet'),
  served('batch', 'v1', 'jobs', 'Job'),
  served('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy'),
];

/** @public */
export function served(
  group: string,
  version: string,
  plural: string,
  kind: string,
  namespaced = true,
): ServedKind {
  return { group, version, plural, kind, namespaced };
}

/**
 * An object as an API server would send it in a list: without apiVersion and kind.
 *
 * @public
 */
export function object(
  name: string,
  rest: Json = {},
  namespace = 'shop',
): Json {
  const { metadata = {}, ...others } = rest as { metadata?: Json };
  return {
    metadata: {
      name,
      ...(namespace !== '' && { namespace }),
      uid: `uid-of-${name}`,
      resourceVersion: '1',
      managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:spec': {} } }],
      ...metadata,
    },
    ...others,
  };
}

/**
 * What a Pod says of its controller.
 *
 * @public
 */
export function ownedBy(kind: string, name: string): Json {
  return {
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind,
        name,
        uid: `uid-of-${name}`,
        controller: true,
      },
    ],
  };
}
