import { CallOptions } from './CallOptions';
import { addressOf } from './addressOf';
import { verdictOf } from './agree';
import { answerOfAll, areTooMany, kindsDiffer } from './podKinds';
import { nearEnds } from './nearEnds';
import { Party } from './party';
import { NO, Tri, maybe, uniqueConditions } from './tri';
import { Call, Condition, Hop, Verdict } from './types';
import { World } from './World';
import { callAnswer } from './ways/callAnswer';
import { kernelAnswers } from './ways/kernelAnswers';

function conditional(
  call: Call,
  conditions: Condition[],
  hops: Hop[] = [],
): Verdict {
  return {
    ...(call.id === undefined ? {} : { id: call.id }),
    verdict: 'conditional',
    conditions,
    hops,
  };
}

function unknownEnd(world: World, text: string): Condition {
  const near = nearEnds(world, text) ?? [];
  const meant = near.length > 0 ? ` Near it: ${near.join(', ')}.` : '';
  return {
    kind: 'unknown-workload',
    text: `${text} is neither a workload of this world nor an address.${meant}`,
  };
}

/** What is said to a call between pods that are alike. */
function pairAnswer(
  world: World,
  from: Party,
  to: Party,
  call: Call,
): { tri: Tri; hops: Hop[] } {
  const { via, problem } = addressOf(call, to);
  if (problem) {
    const name =
      typeof call.via === 'object' ? call.via.service.split('/') : [];
    const by = [
      { kind: 'Service', namespace: name[0] ?? '', name: name[1] ?? '' },
    ];
    const hop: Hop = {
      at: 'Service',
      layer: 'kernel',
      direction: 'egress',
      verdict: 'deny',
      by,
      text: problem,
    };
    return { tri: NO, hops: [hop] };
  }
  const options: CallOptions = {
    ...(call.tls ? { tls: call.tls } : {}),
    ...(via ? { via } : {}),
  };
  return to.kind === 'workload'
    ? callAnswer(world, from, to, call, options)
    : kernelAnswers(world, from, to, {
        protocol: call.protocol ?? 'TCP',
        port: call.port,
      });
}

/**
 * Answers for one call what the manifests of a world say, point by point.
 *
 * - `allow` and `deny` hold whatever is unknown; anything else is `conditional`
 *   with the conditions named, also a caller or provider that is not in the
 *   world.
 * - `hops` are the enforcement points in the order in which the call meets them.
 * - Never throws for a call that has the documented shape.
 *
 * @public
 */
export function evaluate(world: World, call: Call): Verdict {
  const from = world.resolve(call.from);
  const to = world.resolve(call.to);
  if (!from || !to) {
    return conditional(call, [
      ...(from ? [] : [unknownEnd(world, call.from)]),
      ...(to ? [] : [unknownEnd(world, call.to)]),
    ]);
  }
  const id = call.id === undefined ? {} : { id: call.id };
  const differ = kindsDiffer(from, to);
  const answer = areTooMany(from, to)
    ? { tri: { value: 'maybe' as const, conditions: differ }, hops: [] }
    : answerOfAll(
        world
          .podPairs(from, to)
          .map(pair => pairAnswer(pair.world, pair.from, pair.to, call)),
        differ,
      );
  const notJudged = world.notJudged(from, to);
  let total = answer.tri;
  if (notJudged.length > 0) total = { value: 'maybe', conditions: notJudged };
  if (from.kind === 'address' && to.kind === 'address') {
    total = maybe({
      kind: 'unknown-workload',
      text: 'Both ends are outside of this world.',
    });
  }
  return {
    ...id,
    verdict: verdictOf(total),
    conditions: uniqueConditions(total.conditions),
    hops: answer.hops,
  };
}
