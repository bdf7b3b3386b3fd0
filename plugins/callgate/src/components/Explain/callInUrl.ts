import { CallParts, PortProtocol, PROTOCOLS } from './explainedCall';

/** Why a link names no call that can be explained. `value` is what stands in it. */
export interface BadCall {
  code:
    | 'missingFrom'
    | 'missingTo'
    | 'badPort'
    | 'badProtocol'
    | 'badPath'
    | 'pathAlone'
    | 'hostAlone'
    | 'methodOfTcp';
  value: string;
}

/** A call as the query of a link has it. */
export interface CallInUrl {
  /** Entity ref of the caller. */
  from: string;
  /** Entity ref of the API. */
  to: string;
  call: CallParts;
  /** None where it can be explained. */
  bad: readonly BadCall[];
}

const ENTITY = /^[a-z]+:[^/:\s]+\/[^/:\s]+$/i;
const API = /^api:[^/:\s]+\/[^/:\s]+$/i;

/** Reads a call from the query of a link: `from`, `to`, `method`, `path`, `host`, `port`, `protocol`, `cluster`. */
export function callFromSearch(search: URLSearchParams): CallInUrl {
  const of = (name: string) => search.get(name)?.trim() ?? '';
  const bad: BadCall[] = [];
  const from = of('from');
  const to = of('to');
  if (!ENTITY.test(from)) bad.push({ code: 'missingFrom', value: from });
  if (!API.test(to)) bad.push({ code: 'missingTo', value: to });
  const method = of('method').toUpperCase();
  const path = of('path');
  const host = of('host');
  const port = readPort(of('port'), bad);
  const protocol = readProtocol(of('protocol'), bad);
  if (path && !path.startsWith('/')) bad.push({ code: 'badPath', value: path });
  if (path && !method) bad.push({ code: 'pathAlone', value: path });
  if (host && !method) bad.push({ code: 'hostAlone', value: host });
  if (method && protocol && protocol !== 'TCP')
    bad.push({ code: 'methodOfTcp', value: protocol });
  const cluster = of('cluster');
  return {
    from,
    to,
    call: {
      method,
      path,
      ...(host && { host }),
      ...(port !== undefined && { port }),
      ...(protocol && { protocol }),
      ...(cluster && { cluster }),
    },
    bad,
  };
}

/** The query of a link to a call. */
export function callToSearch(
  from: string,
  to: string,
  { method, path, host, port, protocol, cluster }: CallParts,
): URLSearchParams {
  const search = new URLSearchParams({ from, to });
  const parts = {
    method,
    path: method ? path : '',
    host: method ? host : '',
    port: port?.toString(),
    protocol,
    cluster,
  };
  for (const [name, value] of Object.entries(parts))
    if (value) search.set(name, value);
  return search;
}

function readPort(text: string, bad: BadCall[]): number | undefined {
  if (text === '') return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65535) return port;
  bad.push({ code: 'badPort', value: text });
  return undefined;
}

function readProtocol(text: string, bad: BadCall[]): PortProtocol | undefined {
  if (text === '') return undefined;
  const found = PROTOCOLS.find(each => each === text.toUpperCase());
  if (!found) bad.push({ code: 'badProtocol', value: text });
  return found;
}
