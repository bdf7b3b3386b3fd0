import { AddressEnd, EdgeEnd, PlumbingPeer } from '../../plan/types';
import { distinct, groupBy } from '../groupBy';

/** One opening: a peer and a port. */
export interface Opening {
  peer: PolicyPeer;
  port: PolicyPort;
}

/** A NetworkPolicyPeer. Namespace and pods stand in one object: in two they would mean either. */
export type PolicyPeer =
  | {
      namespaceSelector: { matchLabels: Record<string, string> };
      podSelector?: { matchLabels: Record<string, string> };
    }
  | { ipBlock: { cidr: string } };

/** A NetworkPolicyPort, always with its protocol and number. */
export interface PolicyPort {
  protocol: string;
  port: number;
  /** last port of a range */
  endPort?: number;
}

/** A rule of one direction, before it is called `from` or `to`. */
export interface PeerRule {
  peers: PolicyPeer[];
  ports: PolicyPort[];
}

/** The pods of one workload. The namespace is named by the one label that only the API server sets. */
function peerOfEnd(end: EdgeEnd): PolicyPeer {
  return {
    namespaceSelector: {
      matchLabels: { 'kubernetes.io/metadata.name': end.namespace },
    },
    podSelector: { matchLabels: end.selector },
  };
}

/** The peers that one end of a hop stands for. */
export function peersOfEnd(end: EdgeEnd | AddressEnd): PolicyPeer[] {
  if (end.kind === 'workload' && !end.cidrs) return [peerOfEnd(end)];
  return (end.cidrs ?? []).map(cidr => ({ ipBlock: { cidr } }));
}

/** The peers that a plumbing peer stands for. */
export function peersOfPlumbing(peer: PlumbingPeer): PolicyPeer[] {
  if (peer.kind === 'cidrs')
    return peer.cidrs.map(cidr => ({ ipBlock: { cidr } }));
  const labels = Object.entries(peer.namespaceLabels).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const pods = Object.entries(peer.podLabels).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return [
    {
      namespaceSelector: { matchLabels: Object.fromEntries(labels) },
      ...(pods.length > 0 && {
        podSelector: { matchLabels: Object.fromEntries(pods) },
      }),
    },
  ];
}

const portKey = ({ protocol, port, endPort }: PolicyPort) =>
  `${String(port).padStart(5, '0')} ${protocol} ${endPort ?? ''}`;

/**
 * Rules that open exactly the given pairs. Peers with the same ports share a rule; no rule is ever without peers or ports,
 * because either would mean everybody or everything.
 */
export function peerRules(openings: readonly Opening[]): PeerRule[] {
  const byPeer = groupBy(openings, ({ peer }) => JSON.stringify(peer)).map(
    ([, group]) => ({
      peer: group[0].peer,
      ports: groupBy(
        group.map(({ port }) => port),
        portKey,
      ).map(([, [port]]) => port),
    }),
  );
  return groupBy(byPeer, ({ ports }) => ports.map(portKey).join()).map(
    ([, group]) => ({
      peers: distinct(group.map(({ peer }) => peer)),
      ports: group[0].ports,
    }),
  );
}
