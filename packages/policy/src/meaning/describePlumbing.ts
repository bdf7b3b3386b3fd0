import type { PlumbingEdge } from '../plan/types';

const PURPOSES: Record<PlumbingEdge['purpose'], string> = {
  dns: 'DNS',
  'control-plane': 'control plane',
  scraper: 'scraper',
  telemetry: 'telemetry',
  probe: 'kubelet probes',
  'api-server': 'API server',
};

/** One plumbing opening as its objects have it, for digests and for those who look for them: `prod-eu: shop/Deployment/orders ← scraper monitoring, TCP 9090`. */
export function describePlumbing(plumbing: PlumbingEdge): string {
  const { peer } = plumbing;
  const who =
    peer.kind === 'cidrs'
      ? [...peer.cidrs].sort().join(' ')
      : [
          labelsText(peer.namespaceLabels),
          labelsText(peer.podLabels),
          peer.principal ?? '',
        ]
          .filter(text => text !== '')
          .join(' ');
  const ports = plumbing.ports
    .map(
      ({ protocol, port, endPort }) =>
        `${protocol} ${port}${endPort === undefined ? '' : `-${endPort}`}`,
    )
    .sort()
    .join(', ');
  const arrow = plumbing.direction === 'ingress' ? '←' : '→';
  return `${plumbing.cluster}: ${plumbing.workload.id} ${arrow} ${
    PURPOSES[plumbing.purpose]
  } ${who}, ${ports}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}
