import { targetPort, servicesOf } from '../estate/serviceLookup';
import { Service } from '../estate/types';
import { kernelAnswer } from './networkpolicy/kernel';
import { meshAnswer, verdictOf } from './meshAnswer';
import { Party, WorkloadParty } from './party';
import { Tri, YES, allOf, maybe, uniqueConditions } from './tri';
import { Call, Condition, Hop, Verdict } from './types';
import { World } from './World';

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

function kernelHop(
  world: World,
  direction: 'egress' | 'ingress',
  subject: WorkloadParty,
  other: Party,
  call: Call,
): { hop: Hop; tri: Tri } {
  const cluster = world.of(subject.cluster);
  const at = `node of ${subject.workload.id}`;
  if (!subject.cluster.profile.cni.enforcesNetworkPolicy) {
    const text =
      'The network of this cluster does not enforce network policies.';
    return {
      hop: { at, layer: 'kernel', direction, verdict: 'allow', by: [], text },
      tri: YES,
    };
  }
  const connection = {
    protocol: call.protocol ?? ('TCP' as const),
    port: call.port,
  };
  const answer = kernelAnswer(
    cluster.kernel,
    direction,
    subject,
    other,
    connection,
  );
  const foreign = cluster.kernelUnmodelled(subject);
  const tri: Tri =
    foreign.length > 0
      ? { value: 'maybe', conditions: [...answer.tri.conditions, ...foreign] }
      : answer.tri;
  const text =
    foreign.length > 0 ? `${answer.text} ${foreign[0].text}` : answer.text;
  return {
    hop: {
      at,
      layer: 'kernel',
      direction,
      verdict: verdictOf(tri),
      by: answer.by,
      text,
    },
    tri,
  };
}

/** The Service of `via`, or why it leads elsewhere. */
function serviceOf(
  call: Call,
  to: Party,
): { service?: Service; problem?: string } {
  if (call.via === undefined || call.via === 'pod' || to.kind === 'address')
    return {};
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
  if (target === call.port) return { service };
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
  const hops: Hop[] = [];
  const { service, problem } = serviceOf(call, to);
  if (problem) {
    const name =
      typeof call.via === 'object' ? call.via.service.split('/') : [];
    const by = [
      { kind: 'Service', namespace: name[0] ?? '', name: name[1] ?? '' },
    ];
    hops.push({
      at: 'Service',
      layer: 'kernel',
      direction: 'egress',
      verdict: 'deny',
      by,
      text: problem,
    });
    return { ...id, verdict: 'deny', conditions: [], hops };
  }
  const parts: Tri[] = [];
  if (from.kind === 'workload') {
    const { hop, tri } = kernelHop(world, 'egress', from, to, call);
    hops.push(hop);
    parts.push(tri);
  }
  const notJudged = world.notJudged(from, to);
  let mesh: Tri = YES;
  let isAmbient = false;
  if (to.kind === 'workload') {
    const { hop, tri } = kernelHop(world, 'ingress', to, from, call);
    hops.push(hop);
    parts.push(tri);
    const answer = meshAnswer(world.of(to.cluster), from, to, call, service);
    hops.push(...answer.hops);
    mesh = answer.tri;
    isAmbient =
      (call.protocol ?? 'TCP') === 'TCP' &&
      world.of(to.cluster).ambientConditions(from, to).length > 0;
  }
  let total = allOf([...parts, mesh]);
  // The kernel sees HBONE there, not the port: it cannot refuse for certain.
  if (isAmbient)
    total = {
      value: 'maybe',
      conditions: [
        ...parts.flatMap(part => part.conditions),
        ...mesh.conditions,
      ],
    };
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
    hops,
  };
}
