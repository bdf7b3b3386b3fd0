import type { PlatformProfile } from '@callgate/policy';
import { Random } from './Random';
import { World, WorldWorkload } from './types';

const PLATFORM = {
  labels: {},
  hbone: false,
  isHost: false,
  isPlatform: true,
} as const;

/** Where every cluster has its DNS, and what Callgate's default profile says of it. */
const DNS: WorldWorkload = {
  ...PLATFORM,
  namespace: 'kube-system',
  name: 'coredns',
  labels: { app: 'coredns', 'k8s-app': 'kube-dns' },
  serviceAccount: 'coredns',
  mesh: 'none',
  ip: '127.1.3.1',
  ports: [
    {
      name: 'dns',
      number: 53,
      servicePort: 53,
      speaks: 'tcp',
      protocol: 'UDP',
    },
    { name: 'dns-tcp', number: 53, servicePort: 53, speaks: 'tcp' },
  ],
};

const ofPort = (name: string, number: number) => [
  { name, number, servicePort: number, speaks: 'tcp' as const },
];

/** The control plane of the mesh, which sidecars connect to. */
const ISTIOD: WorldWorkload = {
  ...PLATFORM,
  namespace: 'istio-system',
  name: 'istiod',
  labels: { app: 'istiod' },
  serviceAccount: 'istiod',
  mesh: 'none',
  ip: '127.1.3.2',
  ports: ofPort('tls-xds', 15012),
};

/** Where everybody sends traces. */
const COLLECTOR: WorldWorkload = {
  ...PLATFORM,
  namespace: 'monitoring',
  name: 'collector',
  labels: { app: 'collector' },
  serviceAccount: 'collector',
  mesh: 'none',
  ip: '127.1.3.3',
  ports: ofPort('tcp-otlp', 4317),
};

/** It runs on the nodes: there is no object for it, and no policy is about it. */
const API_SERVER: WorldWorkload = {
  ...PLATFORM,
  namespace: 'default',
  name: 'kubernetes',
  serviceAccount: '',
  mesh: 'none',
  isHost: true,
  ip: '127.5.0.1',
  ports: ofPort('https', 6443),
};

/** Collects metrics of everybody, with a sidecar or outside the mesh. */
const scraper = (mesh: 'sidecar' | 'none'): WorldWorkload => ({
  ...PLATFORM,
  namespace: 'monitoring',
  name: 'prometheus',
  labels: { app: 'prometheus' },
  serviceAccount: 'prometheus',
  mesh,
  ip: '127.1.3.4',
  ports: [],
  isScraper: true,
});

/** Where Istio's CNI has the kubelet's probes of ambient pods come from. */
export const PROBE = '169.254.7.127';

/** Metrics that a sidecar serves itself, past its own policies. */
export const SIDECAR_METRICS = 15090;

/** What a sidecar serves itself; nothing that arrives there is captured (istio, `tools/istio-iptables`, excluded ports). */
export const PAST_THE_PROXY: readonly number[] = [
  15020,
  15021,
  SIDECAR_METRICS,
];

/** What scrapers read: the port of the application, and that of its sidecar. */
export const SCRAPED: readonly number[] = [8080, SIDECAR_METRICS];

/** The world with what runs in every cluster beside the teams' own. */
export function withPlatform(world: World, random: Random): World {
  const mesh = random.one(['sidecar', 'sidecar', 'none'] as const);
  return {
    ...world,
    namespaces: [
      ...world.namespaces,
      { name: 'kube-system', labels: {} },
      { name: 'istio-system', labels: {} },
      {
        name: 'monitoring',
        labels: mesh === 'sidecar' ? { 'istio-injection': 'enabled' } : {},
      },
    ],
    workloads: [
      ...world.workloads,
      DNS,
      ISTIOD,
      COLLECTOR,
      API_SERVER,
      scraper(mesh),
    ],
  };
}

type Plumbing = Pick<PlatformProfile, 'scrapers' | 'telemetry' | 'apiServer'>;

/** What a profile states about the platform of a world; DNS, the control plane and probes are in the default one. */
export function plumbingOf({ workloads }: World): Partial<Plumbing> {
  const prometheus = workloads.find(({ isScraper }) => isScraper);
  if (!prometheus) return {};
  const tcp = (port: number) => ({ port, protocol: 'TCP' as const });
  const { namespace, labels: podLabels, serviceAccount, mesh } = prometheus;
  return {
    scrapers: [
      {
        namespace,
        podLabels,
        // Outside the mesh it has an account and no identity.
        ...(mesh !== 'none' && { serviceAccount }),
        ports: SCRAPED.map(tcp),
      },
    ],
    telemetry: [
      {
        namespace: COLLECTOR.namespace,
        podLabels: COLLECTOR.labels,
        ports: COLLECTOR.ports.map(({ number }) => tcp(number)),
      },
    ],
    apiServer: [
      {
        cidrs: [`${API_SERVER.ip}/32`],
        ports: API_SERVER.ports.map(({ number }) => tcp(number)),
      },
    ],
  };
}
