import { finding, type FindingCode } from '../findings';
import { clustersOf } from '../meaning/worldOf';
import type { AccessDifference, VerifyResult } from '../verify/types';
import { finish, type Steps } from '../steps';
import { verifyInSteps } from '../verify/verify';
import { findIntermediateCuts } from './intermediateCuts';
import type { IntermediateCut, Proof, ProofInput, ProofPoint } from './types';
import { findUnapproved } from './unapproved';
import { findUntoldLosses } from './untoldLosses';
import { detail, idText, said, type Words, workload } from '../words';

/**
 * Proves a proposal before it opens:
 *
 * 1. what is gained is what was approved, and plumbing: blocks;
 * 2. where grants end or change, what is lost is what was said: blocks;
 * 3. nothing declared is missing, nothing of ours is surplus: blocks;
 * 4. what hand-written objects open beyond the declarations: never blocks;
 * 5. nobody who has access before and after loses it in between: blocks.
 *
 * APIs that failed to compile are proved by their files staying as they are.
 *
 * @public
 */
export function prove(input: ProofInput): Proof {
  return finish(proveInSteps(input));
}

/**
 * {@link prove} for whoever must not be kept waiting: it evaluates every way
 * into what the declarations close, which takes seconds in a large estate.
 *
 * @public
 */
export function* proveInSteps(input: ProofInput): Steps<Proof> {
  const unapproved = yield* findUnapproved(input);
  const verified = yield* verifyInSteps({
    plan: input.after.compilation.plan,
    clusters: clustersOf(input.after),
    failedApis: input.after.compilation.failedApis.map(({ api }) => api),
    kept: input.after.compilation.kept,
  });
  const cuts = yield* findIntermediateCuts(input);
  const untold = yield* findUntoldLosses(input);
  const points = [
    {
      point: 'gained-is-approved' as const,
      outcome: unapproved.length === 0 ? 'passed' : 'failed',
      text:
        unapproved.length === 0
          ? 'What is opened is exactly what the requests in it say.'
          : said`Opened, but not approved: ${list(unapproved)}.`,
    },
    // New access says itself whom it cuts.
    ...(input.approved.some(({ grants }) => grants)
      ? [
          {
            point: 'lost-is-told' as const,
            outcome: untold.length === 0 ? 'passed' : 'failed',
            text:
              untold.length === 0
                ? 'What is taken away is what was said, and nobody else loses anything.'
                : said`Taken away, and nobody was told: ${list(untold)}.`,
          },
        ]
      : []),
    {
      point: 'nothing-missing-no-surplus-ours' as const,
      outcome: verified.equal ? 'passed' : 'failed',
      text: verified.equal ? equalText(verified) : differenceWords(verified),
    },
    {
      point: 'surplus-foreign' as const,
      outcome: verified.surplusForeign.length === 0 ? 'passed' : 'warning',
      text:
        verified.surplusForeign.length === 0
          ? 'No hand-written object opens more than is granted.'
          : said`Opened by hand-written objects beyond the grants: ${list(
              verified.surplusForeign,
            )}.`,
    },
    {
      point: 'intermediate-states' as const,
      outcome: cuts.length === 0 ? 'passed' : 'failed',
      text:
        cuts.length === 0
          ? 'Nobody loses access while the files are applied.'
          : said`While the files are applied: ${joined(
              cuts.slice(0, 5).map(cutText),
            )}.`,
    },
  ];
  return {
    holds: points.every(({ outcome }) => outcome !== 'failed'),
    points: points.map(({ point, outcome, text }) => ({
      point,
      outcome: outcome as ProofPoint['outcome'],
      text: typeof text === 'string' ? text : idText(text),
      ...(typeof text !== 'string' && { words: text }),
    })),
    verify: verified,
    unapproved,
    untold,
    cuts,
    findings: [
      ...unapproved.map(item =>
        finding(codeOf(item, 'gained-not-approved'), differenceText(item), {
          objects: [item.from, item.to],
          ...(item.apis.length === 1 && { api: item.apis[0] }),
        }),
      ),
      ...untold.map(item =>
        finding(codeOf(item, 'lost-not-told'), differenceText(item), {
          objects: [item.from, item.to],
          ...(item.apis.length === 1 && { api: item.apis[0] }),
        }),
      ),
      ...verified.findings,
      ...cuts.map(cut =>
        finding(codeOf(cut.difference, 'cut-while-applying'), cutText(cut), {
          objects: [cut.difference.from, cut.difference.to, cut.after],
          ...(cut.difference.apis.length === 1 && {
            api: cut.difference.apis[0],
          }),
        }),
      ),
    ],
  };
}

/** It says no more than is proved: what others open beside the declarations is a point of its own. */
function equalText({
  surplusForeign,
  others: { length: others },
}: Pick<VerifyResult, 'surplusForeign' | 'others'>): string {
  const equal =
    surplusForeign.length === 0
      ? 'effective access is what is declared.'
      : 'what is declared gets through, and what Callgate writes opens nothing else.';
  return others === 0
    ? `${equal.charAt(0).toUpperCase()}${equal.slice(1)}`
    : `As far as policies are judged, ${equal} ${others} ${
        others === 1 ? 'policy' : 'policies'
      } of others ${others === 1 ? 'is' : 'are'} not.`;
}

function codeOf(
  { undecided }: AccessDifference,
  decided: FindingCode,
): FindingCode {
  return undecided ? 'access-not-decided' : decided;
}

function differenceWords({
  missing,
  surplusOurs,
}: Pick<VerifyResult, 'missing' | 'surplusOurs'>): Words {
  return said`${
    missing.length > 0 ? said`Granted, but refused: ${list(missing)}.` : ''
  }${missing.length > 0 && surplusOurs.length > 0 ? ' ' : ''}${
    surplusOurs.length > 0
      ? said`Opened by generated objects, but not granted: ${list(
          surplusOurs,
        )}.`
      : ''
  }`;
}

function joined(sentences: readonly Words[]): Words {
  return sentences.flatMap((words, index) =>
    index === 0 ? words : ['; ', ...words],
  );
}

function list(items: readonly AccessDifference[]): Words {
  const shown = joined(items.slice(0, 5).map(differenceText));
  return items.length > 5
    ? said`${shown}; and ${items.length - 5} more`
    : shown;
}

function differenceText({
  cluster,
  from,
  to,
  text,
  by,
}: AccessDifference): Words {
  return said`${workload(from)} → ${workload(to)} in ${cluster}, ${text}${
    by.length > 0 ? detail(` (${by.join(', ')})`, '') : ''
  }`;
}

function cutText({ after, difference }: IntermediateCut): Words {
  return said`after ${detail(after, 'one of them')}, ${differenceText(
    difference,
  )} is refused`;
}
