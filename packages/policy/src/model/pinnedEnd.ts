import { parseCidr } from '../net/cidr';

/**
 * One end of a grant as an approval pins it: the workloads of a service account in one cluster and namespace (with labels of
 * their pods, where others run under the same account), or a block of addresses outside.
 *
 * @public
 */
export type PinnedEnd =
  | {
      kind: 'account';
      cluster: string;
      namespace: string;
      serviceAccount: string;
      /** labels that the pods have, where the account is shared */
      selector?: Record<string, string>;
    }
  | { kind: 'addresses'; cidr: string };

const ACCOUNT =
  /^([A-Za-z0-9][A-Za-z0-9._-]*):([a-z0-9][a-z0-9-]*)\/sa\/([a-z0-9][a-z0-9.-]*)(?:\?(.+))?$/;
/** A label key, and a value that may be empty (Kubernetes, "Labels and Selectors"). */
const LABEL = /^([A-Za-z0-9./_-]+)=([A-Za-z0-9._-]*)$/;
const LONGEST = 2_000;

/**
 * Reads `cluster:namespace/sa/account`, the same with `?key=value&key=value`, or `cidr:block`.
 *
 * @returns undefined for anything else
 * @public
 */
export function parsePinnedEnd(text: string): PinnedEnd | undefined {
  if (text.length > LONGEST) return undefined;
  if (text.startsWith('cidr:')) {
    const cidr = text.slice('cidr:'.length);
    return parseCidr(cidr) ? { kind: 'addresses', cidr } : undefined;
  }
  const found = ACCOUNT.exec(text);
  if (!found) return undefined;
  const [, cluster, namespace, serviceAccount, labels] = found;
  const end = { kind: 'account' as const, cluster, namespace, serviceAccount };
  if (labels === undefined) return end;
  const pairs = labels.split('&').map(each => LABEL.exec(each));
  if (pairs.some(pair => pair === null)) return undefined;
  return {
    ...end,
    selector: Object.fromEntries(
      pairs.map(pair => [pair?.[1] ?? '', pair?.[2] ?? '']),
    ),
  };
}

/**
 * Writes an end as {@link parsePinnedEnd} reads it; equal ends are equal texts.
 *
 * @public
 */
export function formatPinnedEnd(end: PinnedEnd): string {
  if (end.kind === 'addresses') return `cidr:${end.cidr}`;
  const { cluster, namespace, serviceAccount, selector } = end;
  const labels = Object.entries(selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join('&');
  return `${cluster}:${namespace}/sa/${serviceAccount}${
    labels === '' ? '' : `?${labels}`
  }`;
}
