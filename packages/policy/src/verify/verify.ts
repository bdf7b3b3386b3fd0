import type { Cluster } from '../estate/types';
import { othersTouchingInSteps } from '../others/touchedBy';
import { finish, type Steps } from '../steps';
import { EffectiveAccessIndex } from './EffectiveAccessIndex';
import type { PolicyOfOthers } from '../others/types';
import { findingsOf } from './findingsOf';
import { judgeCluster, type Lists } from './judgeCluster';
import { KeptAccess } from './KeptAccess';
import { openedByHand } from './openedByHand';
import { Scope } from './Scope';
import type { VerifyInput, VerifyResult } from './types';
import { remember, verifiedBefore } from './verifiedBefore';

/**
 * Compares what is declared with what the manifests really allow, as the
 * evaluator reads them.
 *
 * Judged is everything that an enforced declaration is about: all pairs with an
 * edge, all ways into a workload that we close, all calls of a workload whose
 * egress we close. What no declaration closes is open, not surplus.
 *
 * - `missing` = declared − surely allowed. What is allowed only under a
 *   condition (a guess of the profile, a file that is rejected) counts as missing.
 * - `surplusOurs` = what is possibly allowed − declared − plumbing, as far as
 *   our objects alone allow it too.
 * - `surplusForeign` = the rest of that.
 * - `others` = policies that nobody judges and that may refuse or open any of
 *   it. They are there whatever is declared: all lists are as if they changed nothing.
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
  const others: PolicyOfOthers[] = [];
  for (const cluster of input.clusters) {
    yield;
    results.push(yield* verifyCluster(input, cluster, several));
    const enforced = input.plan.edges.filter(({ mode }) => mode === 'enforce');
    others.push(
      ...(yield* othersTouchingInSteps(
        cluster,
        enforced.map(edge => ({ edge })),
      )),
    );
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
    others,
    findings: findingsOf({ missing, surplusOurs, surplusForeign, others }),
  };
}

/** What was judged before of nearly the same is not judged again. */
function* verifyCluster(
  input: VerifyInput,
  cluster: Cluster,
  several: boolean,
): Steps<Lists> {
  const { plan, failedApis = [], kept = KeptAccess.nothing } = input;
  const now = { plan, cluster, failedApis, kept, several };
  const before = verifiedBefore(now);
  if (!before) {
    const lists = sorted(
      blamed(
        cluster,
        yield* judgeCluster(input, cluster, several, Scope.everything),
      ),
    );
    remember({ ...now, lists });
    return lists;
  }
  const again = blamed(
    cluster,
    yield* judgeCluster(input, cluster, several, before.scope),
  );
  const joined = <T extends Ends>(
    earlier: readonly T[],
    added: readonly T[],
  ) => [
    ...earlier.filter(({ from, to }) => !before.scope.has(from, to)),
    ...added,
  ];
  return sorted({
    missing: joined(before.lists.missing, again.missing),
    surplusOurs: joined(before.lists.surplusOurs, again.surplusOurs),
    surplusForeign: joined(before.lists.surplusForeign, again.surplusForeign),
    platform: joined(before.lists.platform, again.platform),
    unknown: joined(before.lists.unknown, again.unknown),
  });
}

/** What others open is told with those who open it, not with everybody who decides. */
function blamed(cluster: Cluster, lists: Lists): Lists {
  const effective = EffectiveAccessIndex.settled(cluster);
  return {
    ...lists,
    surplusForeign: lists.surplusForeign.map(each =>
      openedByHand(cluster, effective, each),
    ),
  };
}

interface Ends {
  from?: string;
  to?: string;
}

function sorted(lists: Lists): Lists {
  const byEnds = <T extends Ends>(items: readonly T[]) =>
    items
      .map(item => ({ item, key: `${item.from} ${item.to}` }))
      .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
      .map(({ item }) => item);
  return {
    missing: byEnds(lists.missing),
    surplusOurs: byEnds(lists.surplusOurs),
    surplusForeign: byEnds(lists.surplusForeign),
    platform: byEnds(lists.platform),
    unknown: byEnds(lists.unknown),
  };
}
