import { withOnlyGeneratedPolicies } from '../compile/generatedObjects';
import type { Cluster } from '../estate/types';
import type { ConditionKind } from '../evaluate/types';
import { RequestSet } from '../requestset/RequestSet';
import { finish, type Steps } from '../steps';
import { DeclaredAccess } from './DeclaredAccess';
import { Differences } from './Differences';
import {
  EffectiveAccessIndex,
  type EffectivePair,
} from './EffectiveAccessIndex';
import { findingsOf } from './findingsOf';
import type {
  AccessDifference,
  UnknownAccess,
  VerifyInput,
  VerifyResult,
} from './types';

/**
 * Compares what is declared with what the manifests really allow, as the
 * evaluator reads them.
 *
 * Judged is everything that an enforced declaration is about: all pairs with an
 * edge, all ways into a workload that we close, all calls of a workload whose
 * egress we close. What no declaration closes is open, not surplus.
 *
 * - `missing` = declared − surely allowed. What is allowed only under a
 *   condition (a guess of the profile, a foreign policy) counts as missing.
 * - `surplusOurs` = what is possibly allowed − declared − plumbing, as far as
 *   our objects alone allow it too.
 * - `surplusForeign` = the rest of that.
 *
 * Of what is only possibly allowed, what no policy could close is listed as
 * `platform`, and what the evaluator does not cover as `unknown`.
 *
 * @public
 */
export function verify(input: VerifyInput): VerifyResult {
  return finish(verifyInSteps(input));
}

/** {@link verify} for whoever must not be kept waiting. */
export function* verifyInSteps(input: VerifyInput): Steps<VerifyResult> {
  const several = input.clusters.length > 1;
  const results: Lists[] = [];
  for (const cluster of input.clusters) {
    yield;
    results.push(yield* verifyCluster(input, cluster, several));
  }
  const missing = results.flatMap(result => result.missing);
  const surplusOurs = results.flatMap(result => result.surplusOurs);
  const surplusForeign = results.flatMap(result => result.surplusForeign);
  return {
    equal: missing.length === 0 && surplusOurs.length === 0,
    missing,
    surplusOurs,
    surplusForeign,
    platform: results.flatMap(result => result.platform),
    unknown: [
      ...input.plan.unsupported.map(({ api, grantId, cluster, reason }) => ({
        api,
        grantId,
        ...(cluster !== undefined && { cluster }),
        reason,
      })),
      ...results.flatMap(result => result.unknown),
    ],
    findings: findingsOf({ missing, surplusOurs, surplusForeign }),
  };
}

interface Lists {
  missing: AccessDifference[];
  surplusOurs: AccessDifference[];
  surplusForeign: AccessDifference[];
  platform: AccessDifference[];
  unknown: UnknownAccess[];
}

function* verifyCluster(
  { plan, failedApis = [] }: VerifyInput,
  cluster: Cluster,
  several: boolean,
): Steps<Lists> {
  const declared = new DeclaredAccess(plan, cluster);
  const effective = EffectiveAccessIndex.of(cluster);
  const ours = EffectiveAccessIndex.of(withOnlyGeneratedPolicies(cluster));
  const sound = EffectiveAccessIndex.of(
    withOnlyGeneratedPolicies(cluster, new Set(failedApis)),
  );
  const withoutApi = memoized((api: string) =>
    EffectiveAccessIndex.of(withOnlyGeneratedPolicies(cluster, new Set([api]))),
  );
  const differences = new Differences({ cluster, plan, effective, several });
  const lists: Lists = {
    missing: [],
    surplusOurs: [],
    surplusForeign: [],
    platform: [],
    unknown: [],
  };

  for (const { from, to } of declared.pairs()) {
    yield;
    const wanted = declared.requests(from, to);
    const pair = effective.pair(from, to);
    const missing = wanted.subtract(pair.sure);
    if (!missing.isEmpty) {
      lists.missing.push(differences.of(pair, missing, 'missing'));
    }
  }
  const withOutside = [
    ...declared.providersForAddresses().map(to => effective.into(to)),
    ...declared.callersOfAddresses().map(from => effective.outOf(from)),
  ].flat();
  for (const pair of withOutside.filter(({ outside }) => outside)) {
    yield;
    const missing = wantedOf(declared, pair).subtract(pair.sure);
    if (!missing.isEmpty) {
      lists.missing.push(differences.of(pair, missing, 'missing'));
    }
  }
  for (const pair of yield* judgedPairs(declared, effective)) {
    yield;
    const all = pair.possible
      .subtract(wantedOf(declared, pair))
      .subtract(plumbingOf(declared, pair));
    const unsure = all.subtract(pair.sure);
    let surplus = all;
    if (!unsure.isEmpty && isNotCovered(pair)) {
      lists.unknown.push(...differences.unknown(pair));
      surplus = all.intersect(pair.sure);
    } else if (!unsure.isEmpty && isInherent(pair)) {
      lists.platform.push(differences.of(pair, unsure, 'surplus'));
      surplus = all.intersect(pair.sure);
    }
    const generated = openedBy(ours.like(pair)).intersect(surplus);
    const own = openedBy(sound.like(pair)).intersect(generated);
    const foreign = surplus.subtract(generated);
    if (!own.equals(generated)) {
      const stale = failedApis.filter(api => {
        const without = openedBy(withoutApi(api).like(pair));
        return !without.intersect(generated).equals(generated);
      });
      lists.unknown.push(...differences.stale(pair, stale));
    }
    if (!own.isEmpty) {
      lists.surplusOurs.push(differences.of(pair, own, 'surplus'));
    }
    if (!foreign.isEmpty) {
      lists.surplusForeign.push(differences.of(pair, foreign, 'surplus'));
    }
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

function* judgedPairs(
  declared: DeclaredAccess,
  effective: EffectiveAccessIndex,
): Steps<EffectivePair[]> {
  const pairs = new Map<string, EffectivePair>();
  const add = (pair: EffectivePair) =>
    pairs.set(`${pair.from} ${pair.to}`, pair);
  for (const to of [...declared.closedIngress].sort()) {
    yield;
    effective.into(to).forEach(add);
  }
  for (const from of [...declared.closedEgress].sort()) {
    yield;
    effective.outOf(from).forEach(add);
  }
  return [...pairs.values()];
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

/** Conditions that no policy of anybody could rule out (design 4, N1). */
const INHERENT = new Set<ConditionKind>(['same-node', 'host-network']);

function isInherent({ conditions }: EffectivePair): boolean {
  return (
    conditions.length > 0 && conditions.every(({ kind }) => INHERENT.has(kind))
  );
}

function isNotCovered({ conditions }: EffectivePair): boolean {
  return conditions.some(({ kind }) => kind === 'not-supported-yet');
}

/** What a world opens by its policies. */
function openedBy(pair: EffectivePair): RequestSet {
  return isInherent(pair) || isNotCovered(pair) ? pair.sure : pair.possible;
}
