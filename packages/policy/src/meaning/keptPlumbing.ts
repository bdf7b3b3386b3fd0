import type { Cluster } from '../estate/types';
import { mayMatchSelector } from '../plan/labelSelector';
import type { PlumbingEdge, PlumbingPeer } from '../plan/types';
import { said, type Words, workloads } from '../words';
import type { KeptPlumbing } from './types';

const NAMESPACE = 'kubernetes.io/metadata.name';

/** One opening of plumbing as a fact: what it is for, for whom, and who is on the other side, where that is known. */
export function keptPlumbing(
  { purpose, cluster: name, workload, peer }: PlumbingEdge,
  clusters: readonly Cluster[],
): KeptPlumbing {
  const cluster = clusters.find(each => each.name === name);
  return {
    purpose,
    cluster: name,
    workload: workload.id,
    peers: cluster ? workloadsOf(cluster, peer) : [],
  };
}

/** Workloads that a peer stands for; none where it is not known by the name of its namespace. */
function workloadsOf(cluster: Cluster, peer: PlumbingPeer): string[] {
  if (peer.kind === 'cidrs') return [];
  const { [NAMESPACE]: namespace, ...others } = peer.namespaceLabels;
  if (namespace === undefined || Object.keys(others).length > 0) return [];
  return cluster.workloads
    .filter(
      each =>
        each.namespace === namespace &&
        mayMatchSelector({ matchLabels: peer.podLabels }, each),
    )
    .map(({ id }) => id)
    .sort();
}

/** So many workloads are one peer to people; more are whatever runs there. */
const MOST_PEERS = 3;

const WITHOUT_NAMES: Record<KeptPlumbing['purpose'], string> = {
  scraper: 'Metrics can still be scraped',
  probe: 'Health checks of the kubelet keep working',
  dns: 'Names can still be looked up (DNS)',
  'control-plane': 'The mesh can still configure its proxies',
  telemetry: 'Telemetry can still be sent',
  'api-server': 'The API of Kubernetes can still be called',
};

/**
 * What isolation leaves open for the platform, each sentence once, without a full stop: `Prometheus keeps scraping metrics`.
 *
 * @public
 */
export function keptPlumbingWords(kept: readonly KeptPlumbing[]): Words[] {
  const sentences = kept.map(({ purpose, peers }): Words => {
    const [first, ...more] = peers;
    const isScraped = purpose === 'scraper' && first !== undefined;
    return isScraped && peers.length <= MOST_PEERS
      ? said`${workloads(peers, ' and ')} ${
          more.length === 0 ? 'keeps' : 'keep'
        } scraping metrics`
      : [WITHOUT_NAMES[purpose]];
  });
  return [
    ...new Map(sentences.map(words => [JSON.stringify(words), words])).values(),
  ];
}
