import { Cluster, Workload } from '../estate/types';
import { Grant } from '../model/types';
import { formatPinnedEnd, parsePinnedEnd, PinnedEnd } from '../model/pinnedEnd';
import { AddressSet } from '../net/AddressSet';
import { CallerParty, isAddresses } from './callerParty';
import { hostBlocks } from './hostBlocks';
import { AddressEnd, EdgeEnd } from './types';

type Side = 'caller' | 'provider';

/** What a workload is pinned by: its account, or its addresses where nothing proves an account. */
function blocksOf(
  party: CallerParty | AddressEnd,
): readonly string[] | undefined {
  if (isAddresses(party)) return party.cidrs;
  return party.runsOn === 'host' && party.mesh === 'none'
    ? hostBlocks(party)
    : undefined;
}

function fits(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
}

/**
 * The ends that a grant's approval was about. Whatever else its caller or API stand for now was approved by nobody.
 */
export class Pins {
  readonly #ends: Record<Side, readonly PinnedEnd[]>;
  readonly #follows: boolean;

  /** @returns undefined for a grant that pins nothing */
  static of(grant: Grant): Pins | undefined {
    return grant.ends && new Pins(grant.ends, grant.members === 'follow');
  }

  private constructor(ends: NonNullable<Grant['ends']>, follows: boolean) {
    const parse = (texts: readonly string[]) =>
      texts.flatMap(text => parsePinnedEnd(text) ?? []);
    this.#ends = {
      caller: parse(ends.caller),
      provider: parse(ends.provider),
    };
    this.#follows = follows;
  }

  /** Whether a workload, or addresses, were approved as this end of the grant. */
  admits(
    side: Side,
    cluster: Cluster,
    party: CallerParty | AddressEnd,
  ): boolean {
    if (side === 'caller' && this.#follows) return true;
    const blocks = blocksOf(party);
    if (blocks) {
      const pinned = this.#ends[side].flatMap(end =>
        end.kind === 'addresses' ? [end.cidr] : [],
      );
      return (
        blocks.length > 0 &&
        AddressSet.ofCidrs(pinned).covers(AddressSet.ofCidrs(blocks))
      );
    }
    const workload = party as Workload;
    return this.#ends[side].some(
      end =>
        end.kind === 'account' &&
        end.cluster === cluster.name &&
        end.namespace === workload.namespace &&
        end.serviceAccount === workload.serviceAccount &&
        fits(end.selector, workload.podLabels),
    );
  }

  /** Whether anything was approved in a cluster; ends known by addresses alone are in every cluster. */
  reaches({ name }: Cluster): boolean {
    const isThere = (end: PinnedEnd) =>
      end.kind === 'addresses' || end.cluster === name;
    return (
      (this.#follows || this.#ends.caller.some(isThere)) &&
      this.#ends.provider.some(isThere)
    );
  }
}

/** Accounts of a cluster under which several workloads run, as `namespace/account`. */
const shared = new WeakMap<Cluster['workloads'], ReadonlySet<string>>();

function sharedAccounts({ workloads }: Cluster): ReadonlySet<string> {
  let found = shared.get(workloads);
  if (!found) {
    const seen = new Set<string>();
    const twice = new Set<string>();
    for (const { namespace, serviceAccount } of workloads) {
      const account = `${namespace}/${serviceAccount}`;
      // Whatever names no account gets the default one: it is never one workload's own.
      if (seen.has(account) || serviceAccount === 'default') twice.add(account);
      seen.add(account);
    }
    found = twice;
    shared.set(workloads, found);
  }
  return found;
}

/**
 * How an end of an edge is pinned.
 *
 * @returns undefined for one that cannot be written as a pin, such as a cluster with a name that is none
 */
export function pinsOf(
  cluster: Cluster,
  end: EdgeEnd | AddressEnd,
): string[] | undefined {
  const byAddress =
    end.kind === 'addresses' ||
    (end.cidrs !== undefined && end.mesh === 'none');
  const pins: PinnedEnd[] = byAddress
    ? (end.cidrs ?? []).map(cidr => ({ kind: 'addresses', cidr }))
    : [accountPin(cluster, end)];
  const texts = pins.map(formatPinnedEnd);
  return texts.every(text => parsePinnedEnd(text)) ? texts : undefined;
}

function accountPin(cluster: Cluster, end: EdgeEnd): PinnedEnd {
  const { namespace, serviceAccount, selector } = end;
  const pin = {
    kind: 'account' as const,
    cluster: cluster.name,
    namespace,
    serviceAccount,
  };
  return sharedAccounts(cluster).has(`${namespace}/${serviceAccount}`)
    ? { ...pin, selector }
    : pin;
}
