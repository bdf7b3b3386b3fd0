import { groupBy } from '../emit/groupBy';
import type { Opened } from '../emit/opened';
import { HBONE_PORT } from '../plan/routeOf';
import type { HeldLimit } from './heldLimit';
import type { NetworkRule, Peer, Port } from './ruleFields';

/** One peer and one port of a NetworkPolicy; without a port, all of them. */
export interface NetworkAccess {
  peer: Peer;
  port?: Port;
}

/** What rules open for peers, cut down to the limit of each. */
export function networkAccess(
  rules: readonly NetworkRule[],
  isKept: (peer: Peer) => boolean,
  limitOf: (peer: Peer) => HeldLimit,
): NetworkAccess[] {
  return rules.flatMap(({ from, to, ports }) =>
    [...(from ?? to ?? [])].filter(isKept).flatMap((peer): NetworkAccess[] => {
      const { opened } = limitOf(peer);
      if (!opened) return ports?.map(port => ({ peer, port })) ?? [{ peer }];
      return withHbone(opened)
        .filter(each => !ports || ports.some(port => isAmong(each, port)))
        .map(({ protocol, port }) => ({ peer, port: { protocol, port } }));
    }),
  );
}

/** Whatever TCP port a call is for, the kernel may see it on the one of HBONE. */
function withHbone(opened: readonly Opened[]): Opened[] {
  return opened.some(({ protocol }) => protocol === 'TCP')
    ? [...opened, { protocol: 'TCP', port: HBONE_PORT }]
    : [...opened];
}

function isAmong(
  one: Opened,
  { protocol = 'TCP', port, endPort }: Port,
): boolean {
  if (protocol !== one.protocol) return false;
  if (typeof port === 'string') return Number(port) === one.port;
  return (
    port === undefined || (port <= one.port && one.port <= (endPort ?? port))
  );
}

const portKey = ({ protocol = 'TCP', port, endPort }: Port = {}) =>
  `${String(port ?? '').padStart(5, '0')} ${protocol} ${endPort ?? ''}`;

/** Rules that open exactly this. The same in any order gives the same rules. */
export function networkRules(
  accesses: readonly NetworkAccess[],
  side: 'from' | 'to',
): object[] {
  const byPeer = groupBy(accesses, ({ peer }) => JSON.stringify(peer)).map(
    ([, group]) => {
      const isEverything = group.some(({ port }) => port === undefined);
      const ports = groupBy(
        group.flatMap(({ port }) => port ?? []),
        portKey,
      ).map(([, [port]]) => port);
      return { peer: group[0].peer, ports: isEverything ? undefined : ports };
    },
  );
  return groupBy(byPeer, ({ ports }) =>
    JSON.stringify(ports?.map(portKey) ?? null),
  ).map(([, group]) => ({
    [side]: group.map(({ peer }) => peer),
    ...(group[0].ports && { ports: group[0].ports }),
  }));
}

/** What an object says to open by it. */
export function openedByNetwork(accesses: readonly NetworkAccess[]): Opened[] {
  return accesses.flatMap(({ port: { protocol = 'TCP', port } = {} }) =>
    typeof port === 'number' ? [{ protocol, port }] : [],
  );
}
