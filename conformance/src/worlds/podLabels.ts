import { WorldWorkload } from './types';

/** What tells the pods of a set with roles apart. */
export function rolesOf(pod: 0 | 1): Record<string, string> {
  return { role: pod === 0 ? 'leader' : 'replica' };
}

function byController({ name, set }: WorldWorkload): Record<string, string> {
  if (!set) return { 'pod-template-hash': '5c9d8' };
  return {
    'statefulset.kubernetes.io/pod-name': `${name}-${set.pod}`,
    'apps.kubernetes.io/pod-index': `${set.pod}`,
    'controller-revision-hash': `${name}-7f6`,
    ...(set.hasRoles && rolesOf(set.pod)),
  };
}

/** Labels of the pods as the cluster has them: controllers and Istio's injector add some, which no manifest shows. */
export function podLabels(workload: WorldWorkload): Record<string, string> {
  const { labels, name, mesh, isHost, gateway } = workload;
  if (isHost) return labels;
  // What istiod deploys itself, no injector sees.
  if (gateway)
    return {
      'sidecar.istio.io/inject': 'false',
      'service.istio.io/canonical-name': name,
      'service.istio.io/canonical-revision': 'latest',
      'gateway.istio.io/managed': 'istio.io-gateway-controller',
      ...byController(workload),
      ...labels,
    };
  return {
    ...(mesh === 'sidecar' && {
      'security.istio.io/tlsMode': 'istio',
      'service.istio.io/canonical-name': labels.app ?? name,
      'service.istio.io/canonical-revision': labels.version ?? 'latest',
    }),
    ...byController(workload),
    ...labels,
  };
}
