import { targetPort, servicesOf } from '../estate/serviceLookup';
import { CallOptions } from './CallOptions';
import { verdictOf } from './agree';
import { Party } from './party';
import { maybe, uniqueConditions } from './tri';
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

function unknownEnd(text: string): Condition {
  return {
    kind: 'unknown-workload',
    text: `${text} is neither a workload of this world nor an address.`,
  };
}

/** The address that `via` names, or why it leads elsewhere. */
function addressOf(
  call: Call,
  to: Party,
): { via?: CallOptions['via']; problem?: string } {
  if (call.via === undefined || to.kind === 'address') return {};
  if (call.via === 'pod') return { via: 'pod' };
  const { service: name, port: number } = call.via;
  const service = servicesOf(to.cluster, to.workload).find(
    each => each.id === name,
  );
  if (!service)
    return { problem: `Service ${name} does not select ${to.workload.id}.` };
  const port = service.ports.find(
    each => each.port === number && each.protocol === (call.protocol ?? 'TCP'),
  );
  if (!port) return { problem: `Service ${name} has no port ${number}.` };
  const target = targetPort(port, to.workload);
  if (target === call.port) return { via: { service, port } };
  const where =
    target === undefined
      ? `a port that ${to.workload.id} does not name`
      : `port ${target}`;
  return {
    problem: `Port ${number} of Service ${name} leads to ${where} of ${to.workload.id}, not to ${call.port}.`,
  };
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
      ...(from ? [] : [unknownEnd(call.from)]),
      ...(to ? [] : [unknownEnd(call.to)]),
    ]);
  }
  const id = call.id === undefined ? {} : { id: call.id };
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
    return { ...id, verdict: 'deny', conditions: [], hops: [hop] };
  }
  const options: CallOptions = {
    ...(call.tls ? { tls: call.tls } : {}),
    ...(via ? { via } : {}),
  };
  const answer =
    to.kind === 'workload'
      ? callAnswer(world, from, to, call, options)
      : kernelAnswers(world, from, to, {
          protocol: call.protocol ?? 'TCP',
          port: call.port,
        });
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
