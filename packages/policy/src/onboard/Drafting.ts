import type { ApiProvider, ApiSide } from '../access/ApiSide';
import type { AccessPlace, AccessRow } from '../access/types';
import type { Cluster } from '../estate/types';
import type { Bindings } from '../plan/claims/Bindings';
import type { RequestSet } from '../requestset/RequestSet';
import { toAccessRanges } from '../requestset/toAccessRanges';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { callerAt, keptCaller, type NamedCaller } from './callers';
import { type DraftGrant, placeKey } from './draftTypes';
import { operationsOf, type Said } from './operationsOf';
import { distinctOrigins, openersFor } from './origins';
import { canBeWritten } from './policyText';
import type { KeptAccess, KeptReason } from './types';

interface Pair {
  provider: ApiProvider;
  from: string;
  requests: RequestSet;
  said: Said;
  /** A policy that nobody judges, such as one of the caller's own calls, may refuse it. */
  mayBeRefused?: true;
}

/** Goes through the callers of one API in the clusters in which it is closed. */
export class Drafting {
  readonly #grants: DraftGrant[] = [];
  readonly #kept: KeptAccess[] = [];
  readonly #callers = new Set<string>();

  constructor(
    readonly side: ApiSide,
    readonly bindings: Bindings,
    readonly closed: ReadonlySet<string>,
  ) {}

  all(rows: readonly AccessRow[]) {
    const named = new Map<string, NamedCaller>();
    const kept = new Map<string, [KeptReason, KeptAccess['caller'], Pair[]]>();
    for (const row of rows) {
      for (const place of row.places) {
        if (!this.closed.has(place.cluster) || !place.surely) continue;
        const found = callerAt(this.side.book, this.bindings, row, place);
        if ('named' in found) {
          named.set(found.named.ref, found.named);
          continue;
        }
        const known = kept.get(found.caller.ref);
        const pairs = this.#pairAt(place);
        if (known) known[2].push(...pairs);
        else kept.set(found.caller.ref, [found.kept, found.caller, pairs]);
      }
    }
    for (const [reason, caller, pairs] of kept.values())
      this.#keep(caller, reason, pairs);
    for (const caller of named.values()) this.#draft(caller);
    this.#draftSelf();
    return {
      grants: this.#grants.sort(byCaller),
      kept: this.#kept.sort((a, b) => (a.caller.ref < b.caller.ref ? -1 : 1)),
      callers: this.#callers,
    };
  }

  #pairAt({ cluster, from, to, requests }: AccessPlace): Pair[] {
    return this.side.providers
      .filter(each => each.cluster.name === cluster && each.workload.id === to)
      .map(provider => ({
        provider,
        from,
        requests,
        said: operationsOf(this.side, provider, requests),
      }));
  }

  /** What one workload may surely do at one of the API. */
  #pair(provider: ApiProvider, from: string): Pair {
    const { cluster, workload, ports } = provider;
    const sureIn = (index: EffectiveAccessIndex) =>
      index.pair(from, workload.id).sure.intersect(ports.requests);
    const requests = sureIn(this.side.book.effective(cluster));
    const isSure = requests.isSubset(sureIn(EffectiveAccessIndex.of(cluster)));
    return {
      provider,
      from,
      requests,
      said: operationsOf(this.side, provider, requests),
      ...(!isSure && { mayBeRefused: true as const }),
    };
  }

  #draft(caller: NamedCaller): void {
    const { providers } = this.side;
    const clusters = [
      ...new Map(providers.map(({ cluster }) => [cluster.name, cluster])),
    ]
      .map(([, cluster]) => cluster)
      .filter(cluster => caller.workloadsIn(cluster).length > 0);
    const pairs = clusters.map(cluster => ({
      cluster,
      pairs: providers
        .filter(each => each.cluster === cluster)
        .flatMap(provider =>
          caller
            .workloadsIn(cluster)
            .filter(({ id }) => !this.side.isProvider(cluster.name, id))
            .map(({ id }) => this.#pair(provider, id)),
        ),
    }));
    this.#group(
      caller,
      pairs.filter(({ cluster }) => this.closed.has(cluster.name)),
      clusters.length > 1,
    );
  }

  /** Replicas and workloads of the provider that call each other. */
  #draftSelf(): void {
    const { providers } = this.side;
    const clusters = [...new Set(providers.map(({ cluster }) => cluster))];
    const pairs = clusters
      .filter(({ name }) => this.closed.has(name))
      .map(cluster => ({
        cluster,
        pairs: providers
          .filter(each => each.cluster === cluster)
          .flatMap(provider =>
            providers
              .filter(each => each.cluster === cluster)
              .filter(
                ({ workload: { id, replicas } }) =>
                  id !== provider.workload.id || replicas !== 'one',
              )
              .map(({ workload: { id } }) => this.#pair(provider, id)),
          ),
      }));
    const self = { ref: 'self', class: 'entity' } as const;
    this.#group(self, pairs, clusters.length > 1);
  }

  /** One grant for all clusters in which a caller may do the same; what differs within one cluster is nobody's grant. */
  #group(
    caller: Pick<NamedCaller, 'ref' | 'class'>,
    inClusters: readonly { cluster: Cluster; pairs: readonly Pair[] }[],
    scoped: boolean,
  ): void {
    const groups = new Map<string, { in: string[]; pairs: Pair[] }>();
    for (const { cluster, pairs } of inClusters) {
      const allowed = pairs.filter(({ requests }) => !requests.isEmpty);
      if (allowed.length === 0) continue;
      const why = whyKept(pairs);
      if (why) {
        this.#keep(keptCaller(caller), why, allowed);
        continue;
      }
      const group = groups.get(textOf(pairs[0])) ?? { in: [], pairs: [] };
      group.in.push(cluster.name);
      group.pairs.push(...pairs);
      groups.set(textOf(pairs[0]), group);
    }
    for (const group of groups.values()) {
      const [{ said }] = group.pairs;
      const rest = group.pairs.flatMap(pair =>
        pair.said.rest.isEmpty ? [] : [{ ...pair, requests: pair.said.rest }],
      );
      if (rest.length > 0)
        this.#keep(keptCaller(caller), 'not-expressible', rest);
      if (said.operations.length === 0) continue;
      const operations = said.operations.map(each => each.operation);
      if (!canBeWritten({ id: 'any', caller: caller.ref, operations })) {
        this.#keep(keptCaller(caller), 'not-expressible', group.pairs);
        continue;
      }
      for (const { provider, from } of group.pairs)
        this.#callers.add(placeKey(provider.cluster.name, from));
      this.#grants.push({
        caller: caller.ref,
        ...(scoped && { in: group.in.sort() }),
        operations,
        acknowledges: [],
        by: distinctOrigins(
          group.pairs.flatMap(({ provider: { cluster, workload }, ...pair }) =>
            pair.said.operations.flatMap(({ requests }) =>
              openersFor(cluster, requests, pair.from, workload.id),
            ),
          ),
        ),
        places: group.pairs.map(placeOfPair),
      });
    }
  }

  #keep(
    caller: KeptAccess['caller'],
    reason: KeptReason,
    pairs: readonly Pair[],
  ): void {
    this.#kept.push({
      caller,
      reason,
      places: pairs.map(placeOfPair),
      by: distinctOrigins(
        pairs.flatMap(({ provider: { cluster, workload }, from, requests }) =>
          openersFor(
            cluster,
            requests,
            caller.cidrs ? caller.cidrs[0] : from,
            workload.id,
          ),
        ),
      ),
    });
  }
}

/** Why one grant cannot stand for pairs of a cluster. */
function whyKept(pairs: readonly Pair[]): KeptReason | undefined {
  if (pairs.some(({ mayBeRefused }) => mayBeRefused)) return 'not-known';
  return new Set(pairs.map(textOf)).size > 1 ? 'not-all-workloads' : undefined;
}

/** Equal for pairs of which grants say the same and leave out the same. */
function textOf({ said }: Pair): string {
  return JSON.stringify([
    said.operations.map(({ operation }) => operation),
    said.rest.key,
  ]);
}

function placeOfPair({ provider, from, requests }: Pair) {
  return {
    cluster: provider.cluster.name,
    from,
    to: provider.workload.id,
    access: toAccessRanges(requests),
  };
}

function byCaller(a: DraftGrant, b: DraftGrant): number {
  const key = ({ caller, in: clusters = [] }: DraftGrant) =>
    [caller, ...clusters].join(' ');
  return key(a) < key(b) ? -1 : 1;
}
