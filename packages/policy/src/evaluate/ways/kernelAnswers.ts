import { Protocol } from '../../estate/types';
import { verdictOf } from '../agree';
import { kernelAnswer } from '../networkpolicy/kernel';
import { Party, WorkloadParty } from '../party';
import { Tri, YES, allOf } from '../tri';
import { Hop } from '../types';
import { World } from '../World';

function kernelHop(
  world: World,
  direction: 'egress' | 'ingress',
  subject: WorkloadParty,
  other: Party,
  connection: { protocol: Protocol; port: number },
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
  const answer = kernelAnswer(
    cluster.kernel,
    direction,
    subject,
    other,
    connection,
  );
  const foreign = cluster.unmodelled.kernel(subject.workload, direction);
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

/** What the kernels of both ends say to one connection. */
export function kernelAnswers(
  world: World,
  from: Party,
  to: Party,
  connection: { protocol: Protocol; port: number },
): { tri: Tri; hops: Hop[] } {
  const ends = [
    ...(from.kind === 'workload'
      ? [kernelHop(world, 'egress', from, to, connection)]
      : []),
    ...(to.kind === 'workload'
      ? [kernelHop(world, 'ingress', to, from, connection)]
      : []),
  ];
  return {
    tri: allOf(ends.map(({ tri }) => tri)),
    hops: ends.map(({ hop }) => hop),
  };
}
