import { withOnlyGeneratedPolicies } from '../compile/generatedObjects';
import { ALWAYS_EXCLUDED } from '../estate/meshOf';
import type { Cluster } from '../estate/types';
import { workloadOf } from '../plan/workloadIndex';
import { RequestSet } from '../requestset/RequestSet';
import type { Steps } from '../steps';
import { DeclaredAccess } from './DeclaredAccess';
import { Differences } from './Differences';
import {
  EffectiveAccessIndex,
  type EffectivePair,
} from './EffectiveAccessIndex';
import { calledByName } from './namesOf';
import { isInherent } from './isInherent';
import { KeptAccess } from './KeptAccess';
import type { Scope } from './Scope';
import type { AccessDifference, UnknownAccess, VerifyInput } from './types';

/** What differs in one cluster. */
export interface Lists {
  missing: AccessDifference[];
  surplusOurs: AccessDifference[];
  surplusForeign: AccessDifference[];
  platform: AccessDifference[];
  unknown: UnknownAccess[];
}

/**
 * Compares what is declared with what is allowed in one cluster, for the pairs
 * of a scope. Lists are in the order of their ends.
 */
export function* judgeCluster(
  { plan, failedApis = [], kept = KeptAccess.nothing }: VerifyInput,
  cluster: Cluster,
  several: boolean,
  scope: Scope,
): Steps<Lists> {
  const declared = DeclaredAccess.of(plan, cluster);
  const effective = EffectiveAccessIndex.settled(cluster);
  const ours = EffectiveAccessIndex.of(withOnlyGeneratedPolicies(cluster));
  const sound = EffectiveAccessIndex.of(
    withOnlyGeneratedPolicies(cluster, new Set(failedApis)),
  );
  const withoutApi = memoized((api: string) =>
    EffectiveAccessIndex.of(withOnlyGeneratedPolicies(cluster, new Set([api]))),
  );
  const held = KeptAccess.of(kept, cluster);
  const differences = new Differences({ cluster, plan, effective, several });
  const lists: Lists = {
    missing: [],
    surplusOurs: [],
    surplusForeign: [],
    platform: [],
    unknown: [],
  };

  const missingOf = (pair: EffectivePair, wanted: () => RequestSet) =>
    differences.decided<AccessDifference[]>(
      pair,
      () => {
        const refused = wanted().subtract(admittedBy(pair));
        const missing = calledByName(cluster, pair, refused);
        return missing.isEmpty
          ? []
          : [differences.of(pair, missing, 'missing')];
      },
      undecided => [undecided],
    );
  for (const { from, to } of declared.pairs()) {
    if (!scope.has(from, to)) continue;
    yield;
    const pair = effective.pair(from, to);
    lists.missing.push(...missingOf(pair, () => declared.requests(from, to)));
  }
  const withOutside = yield* scope.pairs(
    effective,
    declared.providersForAddresses(),
    declared.callersOfAddresses(),
  );
  for (const pair of withOutside.filter(({ outside }) => outside)) {
    yield;
    lists.missing.push(...missingOf(pair, () => wantedOf(declared, pair)));
  }

  const surplusOf = (pair: EffectivePair): Partial<Lists> => {
    const entries = (requests: RequestSet) =>
      requests.isEmpty ? [] : [differences.of(pair, requests, 'surplus')];
    const all = pair.possible
      .subtract(wantedOf(declared, pair))
      .subtract(plumbingOf(declared, pair));
    const beside = declared.closedEgress.has(pair.from)
      ? RequestSet.empty
      : all.intersect(besidePolicies(cluster, pair));
    const platform = entries(beside);
    const unknown: UnknownAccess[] = [];
    let surplus = all.subtract(beside);
    const unsure = surplus.subtract(pair.sure);
    if (!unsure.isEmpty && isNotCovered(pair)) {
      unknown.push(...differences.unknown(pair));
      surplus = surplus.intersect(pair.sure);
    } else if (!unsure.isEmpty && isInherent(pair)) {
      platform.push(...entries(unsure));
      surplus = surplus.intersect(pair.sure);
    }
    const byUs = openedBy(ours.like(pair)).intersect(surplus);
    const foreign = surplus.subtract(byUs);
    const generated = byUs.subtract(held.requests(pair, declared));
    if (!generated.equals(byUs))
      unknown.push(...differences.held(pair, held.apis(pair)));
    const own = openedBy(sound.like(pair)).intersect(generated);
    if (!own.equals(generated)) {
      const stale = failedApis.filter(api => {
        const without = openedBy(withoutApi(api).like(pair));
        return !without.intersect(generated).equals(generated);
      });
      unknown.push(...differences.stale(pair, stale));
    }
    return {
      platform,
      unknown,
      surplusOurs: entries(own),
      surplusForeign: entries(foreign),
    };
  };
  for (const pair of yield* scope.pairs(
    effective,
    declared.closedIngress,
    declared.closedEgress,
  )) {
    yield;
    const found = differences.decided(
      pair,
      () => surplusOf(pair),
      undecided => ({ surplusOurs: [undecided] }),
    );
    lists.platform.push(...(found.platform ?? []));
    lists.unknown.push(...(found.unknown ?? []));
    lists.surplusOurs.push(...(found.surplusOurs ?? []));
    lists.surplusForeign.push(...(found.surplusForeign ?? []));
  }
  return lists;
}

function memoized<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return key => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

function wantedOf(declared: DeclaredAccess, pair: EffectivePair): RequestSet {
  if (pair.outside === undefined) {
    return declared.requests(pair.from, pair.to);
  }
  return pair.outside.end === 'from'
    ? declared.requestsFromOutside(pair.to, pair.outside.cidrs)
    : declared.requestsToOutside(pair.from, pair.outside.cidrs);
}

function plumbingOf(declared: DeclaredAccess, pair: EffectivePair): RequestSet {
  if (pair.outside === undefined) {
    return declared
      .plumbing(pair.from, pair.to)
      .union(declared.transport(pair.from, pair.to));
  }
  return pair.outside.end === 'from'
    ? declared.plumbingFromOutside(pair.to, 'ingress', pair.outside.cidrs)
    : declared.plumbingFromOutside(pair.from, 'egress', pair.outside.cidrs);
}

/** At a host only its proxy decides, and it sees TCP alone: no network policy selects a host (docs/semantics.md, O1). */
function besidePolicies(cluster: Cluster, { to }: EffectivePair): RequestSet {
  const host = workloadOf(cluster, to);
  if (host?.runsOn !== 'host') return RequestSet.empty;
  return RequestSet.all
    .subtract(RequestSet.of({ protocol: 'TCP' }))
    .union(RequestSet.of({ protocol: 'TCP', ports: [...ALWAYS_EXCLUDED] }));
}

/**
 * What policies admit of what is granted: calls whose address a Service hides are
 * not theirs to admit, and planning says so (`source-address-hidden`).
 */
function admittedBy({ conditions, sure, possible }: EffectivePair): RequestSet {
  const isHidden =
    conditions.length > 0 &&
    conditions.every(({ kind }) => kind === 'source-hidden');
  return isHidden ? possible : sure;
}

function isNotCovered({ conditions }: EffectivePair): boolean {
  return conditions.some(({ kind }) => kind === 'not-supported-yet');
}

/** What a world opens by its policies. */
function openedBy(pair: EffectivePair): RequestSet {
  return isInherent(pair) || isNotCovered(pair) ? pair.sure : pair.possible;
}
