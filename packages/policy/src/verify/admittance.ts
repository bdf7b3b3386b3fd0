import { asArray, asJson, asText } from '../estate/json';
import type { Cluster, KubernetesObject, Workload } from '../estate/types';
import { compileSelector } from '../evaluate/selector';
import { AddressSet } from '../net/AddressSet';
import { parseCidr } from '../net/cidr';
import { workloadOf } from '../plan/workloadIndex';

/**
 * Why a rule of a policy lets a caller in: what it asks of callers and this one has. `labels`: of its pods. `account`: its
 * service account.
 *
 * @public
 */
export type Admittance =
  | { by: 'everyone' }
  | { by: 'namespace'; namespace: string }
  | { by: 'labels' }
  | { by: 'account' }
  | { by: 'addresses'; cidr: string };

/** The widest first: what lets more in is what has to be read. */
const WIDEST: readonly Admittance['by'][] = [
  'everyone',
  'namespace',
  'addresses',
  'labels',
  'account',
];

const RULE = /^(ingress|rules)\[(\d+)\]$/;

/**
 * Why a rule lets a caller in; `undefined` where it asks for anything else than what this reads, which then is not told.
 *
 * @param rule - such as `ingress[0]` of a NetworkPolicy, or `rules[2]` of an AuthorizationPolicy; absent where the object as a
 *   whole decided, which tells the rule where there is one only
 * @param from - a workload's id, or an address
 */
export function admittanceOf(
  cluster: Cluster,
  { kind, metadata, spec }: KubernetesObject,
  rule: string | undefined,
  from: string,
): Admittance | undefined {
  const only =
    asArray(asJson(spec).rules).length === 1 ? 'rules[0]' : undefined;
  const [, field, index] = RULE.exec(rule ?? only ?? '') ?? [];
  if (field === undefined) return undefined;
  const found = asJson(asArray(asJson(spec)[field])[Number(index)]);
  const entries = asArray(found.from);
  if (entries.length === 0)
    // What it asks for beside callers is about the requests.
    return field === 'rules' && asArray(found.when).length > 0
      ? undefined
      : { by: 'everyone' };
  const caller = workloadOf(cluster, from) ?? from;
  const home = metadata.namespace ?? 'default';
  const fitting = entries.flatMap(entry =>
    kind === 'NetworkPolicy'
      ? byPeer(cluster, home, asJson(entry), caller)
      : bySource(asJson(asJson(entry).source), caller),
  );
  return WIDEST.flatMap(by => fitting.filter(each => each.by === by)).at(0);
}

function byPeer(
  cluster: Cluster,
  home: string,
  peer: Record<string, unknown>,
  caller: Workload | string,
): Admittance[] {
  const cidr = asText(asJson(peer.ipBlock).cidr);
  if (typeof caller === 'string')
    return cidr !== undefined && holds(cidr, caller)
      ? [{ by: 'addresses', cidr }]
      : [];
  if (cidr !== undefined) return [];
  const { podSelector, namespaceSelector } = peer;
  const labels = cluster.namespaces.get(caller.namespace)?.labels ?? {};
  const isThere = namespaceSelector
    ? compileSelector(namespaceSelector, [], []).matches(labels)
    : caller.namespace === home;
  if (
    !isThere ||
    !compileSelector(podSelector ?? {}, [], []).matches(caller.podLabels)
  )
    return [];
  if (!isEmpty(podSelector)) return [{ by: 'labels' }];
  return namespaceSelector && isEmpty(namespaceSelector)
    ? [{ by: 'everyone' }]
    : [{ by: 'namespace', namespace: caller.namespace }];
}

function bySource(
  source: Record<string, unknown>,
  caller: Workload | string,
): Admittance[] {
  const fields = Object.keys(source);
  // Several fields ask for several things at once, and a `not` for what a caller is not.
  if (fields.length !== 1) return [];
  const values = asArray(source[fields[0]]).flatMap(each => asText(each) ?? []);
  if (typeof caller === 'string')
    return fields[0] === 'ipBlocks'
      ? values
          .filter(cidr => holds(cidr, caller))
          .map(cidr => ({ by: 'addresses' as const, cidr }))
      : [];
  const { namespace, serviceAccount } = caller;
  if (fields[0] === 'namespaces' && values.includes(namespace))
    return [{ by: 'namespace', namespace }];
  const account = `/ns/${namespace}/sa/${serviceAccount}`;
  return fields[0] === 'principals' &&
    values.some(value => value.endsWith(account))
    ? [{ by: 'account' }]
    : [];
}

function isEmpty(selector: unknown): boolean {
  return Object.values(asJson(selector)).every(
    value => Object.keys(asJson(value)).length + asArray(value).length === 0,
  );
}

function holds(cidr: string, address: string): boolean {
  const outer = AddressSet.ofCidrs([cidr]);
  const asked = address.includes('/') ? address : `${address}/32`;
  return (
    parseCidr(cidr) !== undefined &&
    parseCidr(asked) !== undefined &&
    outer.covers(AddressSet.ofCidrs([asked]))
  );
}
