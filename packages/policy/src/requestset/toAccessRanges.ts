import { Protocol } from '../estate/types';
import { Cache } from './Cache';
import { describe } from './describe';
import { digestOf } from './digest';
import { EVERYTHING, HttpSet } from './HttpSet';
import { PROTOCOLS, RequestSet } from './RequestSet';
import { AccessRange, HttpEntry } from './types';

const memo = new Cache<HttpEntry[]>(entries => 16 * entries.length);

/** Entries of what a port may carry; `undefined` when it is everything. */
export function httpEntries(requests: HttpSet): HttpEntry[] | undefined {
  if (requests.key === EVERYTHING.key) return undefined;
  const known = memo.get(requests.key);
  if (known) return known;
  const entries: HttpEntry[] = [];
  for (const { guard: methods, value } of requests.http.parts) {
    const method = describe(methods);
    for (const { guard: hosts, value: paths } of value.parts) {
      const host = describe(hosts);
      const path = describe(paths);
      entries.push({
        ...(method.patterns && { methods: method.patterns }),
        ...(method.notPatterns && { notMethods: method.notPatterns }),
        ...(path.patterns && { paths: path.patterns }),
        ...(path.notPatterns && { notPaths: path.notPatterns }),
        ...(host.patterns && { hosts: host.patterns }),
        ...(host.notPatterns && { notHosts: host.notPatterns }),
        exact: method.exact && host.exact && path.exact,
        key: digestOf(`${hosts.key}\n${paths.key}`),
      });
    }
  }
  const order = (entry: HttpEntry) =>
    JSON.stringify([
      entry.methods ?? ['~'],
      entry.notMethods ?? [],
      entry.paths ?? [],
    ]);
  entries.sort((a, b) =>
    order(a) < order(b) ? -1 : Number(order(a) > order(b)),
  );
  memo.set(requests.key, entries);
  return entries;
}

/** Writes ranges of ports: comma-separated, ascending, not adjacent. */
export function formatPorts(
  ranges: readonly { from: number; to: number }[],
): string {
  return ranges
    .map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`))
    .join(',');
}

/** Ports of one protocol that carry the same, ascending by their first port. */
export function portGroups(
  set: RequestSet,
  protocol: Protocol,
): { ports: { from: number; to: number }[]; requests: HttpSet }[] {
  const groups = new Map<
    string,
    { ports: { from: number; to: number }[]; requests: HttpSet }
  >();
  for (const { from, to, requests } of set.segments(protocol)) {
    const group = groups.get(requests.key);
    if (group) group.ports.push({ from, to });
    else groups.set(requests.key, { ports: [{ from, to }], requests });
  }
  return [...groups.values()];
}

/**
 * A set as docs/command-line.md writes it: TCP, UDP, SCTP, then by port.
 *
 * @public
 */
export function toAccessRanges(set: RequestSet): AccessRange[] {
  return PROTOCOLS.flatMap(protocol =>
    portGroups(set, protocol).map(({ ports, requests }) => {
      const http = httpEntries(requests);
      return { protocol, ports: formatPorts(ports), ...(http && { http }) };
    }),
  );
}

/**
 * Digest of a set: equal exactly when the sets are.
 *
 * @public
 */
export function requestSetKey(set: RequestSet): string {
  return digestOf(set.key);
}
