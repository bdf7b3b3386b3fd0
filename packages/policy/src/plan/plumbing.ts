import { Cluster, Workload } from '../estate/types';
import { asBlock } from '../net/cidr';
import { portsBehindServices } from './workloadPorts';
import { ProfilePeer } from '../profile/types';
import { isCaptured } from './decideRow';
import { principalOf } from './EdgeEnds';
import { meshOfCaller } from './callerParty';
import { Report } from './Report';
import { scrapedPorts } from './scrapedPorts';
import { Isolation, PlumbingEdge, PlumbingPeer } from './types';
import { detail, listed, said, workload as workloadName } from '../words';

/** Ports on which a sidecar itself answers: merged metrics, Envoy's own. No policy of the mesh applies to them. */
const SIDECAR_PORTS = new Set([15020, 15090]);

function peerOf(cluster: Cluster, peer: ProfilePeer): PlumbingPeer | undefined {
  if (peer.cidrs && peer.cidrs.length > 0)
    return { kind: 'cidrs', cidrs: peer.cidrs.map(asBlock).sort() };
  const namespaceLabels = {
    ...peer.namespaceLabels,
    ...(peer.namespace !== undefined && {
      'kubernetes.io/metadata.name': peer.namespace,
    }),
  };
  // Without a namespace the peer would be every pod of the cluster with these labels, which anybody may set.
  if (Object.keys(namespaceLabels).length === 0) return undefined;
  return {
    kind: 'pods',
    namespaceLabels,
    podLabels: peer.podLabels ?? {},
    ...(peer.namespace !== undefined &&
      peer.serviceAccount !== undefined && {
        principal: principalOf(cluster, peer.namespace, peer.serviceAccount),
      }),
  };
}

function edge(
  isolation: Isolation,
  purpose: PlumbingEdge['purpose'],
  peer: PlumbingPeer,
  ports: PlumbingEdge['ports'],
  identity: PlumbingEdge['layers']['identity'],
  hbone = false,
): PlumbingEdge {
  return {
    cluster: isolation.cluster,
    direction: isolation.direction,
    purpose,
    workload: isolation.workload,
    peer,
    ports: [...ports].sort(
      (a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1),
    ),
    hbone,
    layers: {
      kernel:
        isolation.mode === 'enforce' && isolation.layers.kernel
          ? 'enforced'
          : 'none',
      identity,
    },
    mode: isolation.mode,
  };
}

function scraperEdges(
  cluster: Cluster,
  workload: Workload,
  isolation: Isolation,
  report: Report,
): PlumbingEdge[] {
  const listens = new Set([
    ...workload.containerPorts.map(({ port }) => port),
    ...portsBehindServices(cluster, workload).map(({ port }) => port),
  ]);
  const edges: PlumbingEdge[] = [];
  for (const scraper of cluster.profile.scrapers) {
    const peer = peerOf(cluster, scraper);
    if (!peer) {
      report.add(
        'plumbing-not-expressible',
        `A scraper of the profile of ${cluster.name} has no namespace and no CIDRs`,
        [cluster.name],
      );
      continue;
    }
    const ports = portsOf(scraper).filter(({ port }) =>
      SIDECAR_PORTS.has(port) ? workload.mesh === 'sidecar' : listens.has(port),
    );
    const captured = ports.filter(port => isCaptured(workload, port));
    const beside = ports.filter(port => !captured.includes(port));
    if (beside.length > 0)
      edges.push(edge(isolation, 'scraper', peer, beside, 'none'));
    if (captured.length === 0) continue;
    if (peer.kind === 'pods' && peer.principal !== undefined)
      edges.push(
        edge(
          isolation,
          'scraper',
          peer,
          captured,
          isolation.mode === 'enforce' ? 'enforced' : 'none',
          // Who has an identity speaks HBONE with ztunnel.
          workload.mesh === 'ambient',
        ),
      );
    else
      report.add(
        'scraper-cut',
        said`A scraper of ${
          cluster.name
        } without mesh identity cannot reach ${captured
          .map(({ port }) => port)
          .join(', ')} of ${workloadName(workload.id)}`,
        [workload.id],
      );
  }
  noteScraped(cluster, workload, isolation, report);
  return edges;
}

/** Names ports that annotations ask Prometheus to scrape, that close now, and that no scraper of the profile is stated for. */
function noteScraped(
  cluster: Cluster,
  workload: Workload,
  { mode, flips }: Isolation,
  report: Report,
): void {
  const stated = cluster.profile.scrapers.flatMap(portsOf);
  const closed = [...scrapedPorts(cluster, workload)].filter(
    ([number]) =>
      (flips.kernel ||
        (flips.identity &&
          isCaptured(workload, { port: number, protocol: 'TCP' }))) &&
      !stated.some(
        ({ port, endPort = port, protocol }) =>
          protocol === 'TCP' && port <= number && number <= endPort,
      ),
  );
  if (mode !== 'enforce' || closed.length === 0) return;
  report.add(
    'scraped-port-closed',
    said`Prometheus is asked to scrape ${listed(
      closed.map(([port, by]) =>
        detail(
          `TCP ${port} (annotation of ${by.join(' and of ')})`,
          `TCP ${port}`,
        ),
      ),
    )} of ${workloadName(workload.id)}; the profile of ${
      cluster.name
    } has no scraper for it, so only a grant lets one in`,
    [workload.id],
  );
}

function portsOf(peer: ProfilePeer): PlumbingEdge['ports'] {
  return peer.ports.map(({ port, endPort, protocol }) => ({
    port,
    ...(endPort !== undefined && { endPort }),
    protocol,
  }));
}

function egressEdges(
  cluster: Cluster,
  workload: Workload,
  isolation: Isolation,
  report: Report,
): PlumbingEdge[] {
  const { dns, controlPlane, telemetry, apiServer } = cluster.profile;
  const wanted: [PlumbingEdge['purpose'], ProfilePeer[]][] = [
    ['dns', dns],
    // Ambient pods need no control plane: ztunnel does (docs/semantics.md, N10).
    ['control-plane', meshOfCaller(workload) === 'sidecar' ? controlPlane : []],
    ['telemetry', telemetry],
    ['api-server', apiServer],
  ];
  return wanted.flatMap(([purpose, peers]) =>
    peers.flatMap(profilePeer => {
      const peer = peerOf(cluster, profilePeer);
      if (peer)
        return [edge(isolation, purpose, peer, portsOf(profilePeer), 'none')];
      report.add(
        'plumbing-not-expressible',
        `A ${purpose} peer of the profile of ${cluster.name} has no namespace and no CIDRs`,
        [cluster.name],
      );
      return [];
    }),
  );
}

/** Probes of ambient pods: the kubelet's own address would be the node's, which no policy keeps out (docs/semantics.md, N10). */
function probeEdges(
  cluster: Cluster,
  workload: Workload,
  isolation: Isolation,
): PlumbingEdge[] {
  if (workload.mesh !== 'ambient') return [];
  return cluster.profile.probes.flatMap(probe => {
    const peer = peerOf(cluster, probe);
    return peer ? [edge(isolation, 'probe', peer, portsOf(probe), 'none')] : [];
  });
}

/**
 * What isolation must leave open, from the platform profile: for a provider its scrapers and, in ambient mode, probes; for a
 * caller DNS, the control plane, telemetry collectors and the API server.
 */
export function plumbingOf(
  cluster: Cluster,
  workload: Workload,
  isolation: Isolation,
  report: Report,
): PlumbingEdge[] {
  return isolation.direction === 'ingress'
    ? [
        ...scraperEdges(cluster, workload, isolation, report),
        ...probeEdges(cluster, workload, isolation),
      ]
    : egressEdges(cluster, workload, isolation, report);
}
