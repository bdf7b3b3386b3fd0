import { WorldWorkload } from './types';

/** Labels of the pods as the cluster has them: Istio's injector adds some, which no manifest shows. */
export function podLabels({
  labels,
  name,
  mesh,
  isHost,
}: WorldWorkload): Record<string, string> {
  if (mesh !== 'sidecar' || isHost) return labels;
  return {
    'security.istio.io/tlsMode': 'istio',
    'service.istio.io/canonical-name': labels.app ?? name,
    'service.istio.io/canonical-revision': labels.version ?? 'latest',
    ...labels,
  };
}
