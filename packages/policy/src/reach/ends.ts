import { Call } from '../evaluate/types';
import { RequestSet } from '../requestset/RequestSet';
import { witness } from '../requestset/witness';
import { Endpoint } from './types';

/** An end as text to sort by: what is outside comes after the workloads. */
export function endText(end: Endpoint): string {
  return typeof end === 'string' ? end : `~${end.cidrs.join()}`;
}

/** Order of edges: by caller, then by provider. */
export function byEnds(
  a: { from: Endpoint; to: Endpoint },
  b: { from: Endpoint; to: Endpoint },
): number {
  const [fromA, fromB] = [endText(a.from), endText(b.from)];
  if (fromA !== fromB) return fromA < fromB ? -1 : 1;
  const [toA, toB] = [endText(a.to), endText(b.to)];
  return toA < toB ? -1 : Number(toA > toB);
}

/** An end as a call names it: of addresses, the first. */
export function endOfCall(end: Endpoint): string {
  return typeof end === 'string'
    ? end
    : (end.cidrs[0] ?? '').replace(/\/.*$/, '');
}

/** A call that is in the set. */
export function witnessCall(
  from: Endpoint,
  to: Endpoint,
  set: RequestSet,
): Call {
  const found = witness(set) ?? { protocol: 'TCP' as const, port: 1 };
  const { protocol, port, method, path, host } = found;
  return {
    from: endOfCall(from),
    to: endOfCall(to),
    protocol,
    port,
    ...(method === undefined
      ? {}
      : {
          http: {
            method,
            path: path ?? '/',
            ...(host === undefined ? {} : { host }),
          },
        }),
  };
}
