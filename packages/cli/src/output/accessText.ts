import type {
  Access,
  AccessRange,
  Call,
  FoldedEnd,
  HttpEntry,
} from '@callgate/policy';

/** Methods and paths of one entry: `GET,HEAD /orders/{*}`. */
export function httpEntryText(entry: HttpEntry): string {
  const methods = oneOf(entry.methods, entry.notMethods, ',') ?? 'any method';
  const paths = oneOf(entry.paths, entry.notPaths, ' ') ?? 'any path';
  const hosts = oneOf(entry.hosts, entry.notHosts, ' ');
  const where = hosts === undefined ? '' : ` at host ${hosts}`;
  const more = entry.exact ? '' : ' (and more like these)';
  return `${methods} ${paths}${where}${more}`;
}

/** A list, or what is left out of everything; undefined for everything. */
function oneOf(
  these: readonly string[] | undefined,
  allBut: readonly string[] | undefined,
  separator: string,
): string | undefined {
  if (these) {
    return these.join(separator);
  }
  return allBut && `not ${allBut.join(separator)}`;
}

/** What an access admits: `TCP 8080: GET /orders`. */
export function accessText({ protocol, ports, http }: AccessRange): string {
  const port = `${protocol} ${ports}`;
  return http ? `${port}: ${http.map(httpEntryText).join('; ')}` : port;
}

/** `kernel enforced, identity none, method none`. */
export function layersText(access: Access): string {
  const { kernel, identity, method } = access.layers;
  return `kernel ${kernel}, identity ${identity}, method ${method}`;
}

/** Blocks of addresses that a person reads; more are counted. */
const SHOWN_BLOCKS = 3;

/**
 * A workload, a set of workloads, or the addresses outside.
 *
 * @param whole - all blocks, however many
 */
export function endpointText(endpoint: FoldedEnd, whole = false): string {
  if (typeof endpoint === 'string') {
    return endpoint;
  }
  if ('set' in endpoint) {
    return endpoint.set;
  }
  const { cidrs } = endpoint;
  return whole || cidrs.length <= SHOWN_BLOCKS
    ? cidrs.join(' ')
    : `${cidrs.slice(0, SHOWN_BLOCKS).join(' ')} and ${
        cidrs.length - SHOWN_BLOCKS
      } more blocks`;
}

/** A call as a person would say it. */
export function callText(call: Call): string {
  const host = call.http?.host;
  const request = call.http
    ? ` ${call.http.method} ${call.http.path}${
        host === undefined ? '' : ` at host ${host}`
      }`
    : '';
  return `${call.from} → ${call.to} ${call.protocol ?? 'TCP'} ${
    call.port
  }${request}`;
}
