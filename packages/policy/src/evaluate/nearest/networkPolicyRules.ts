import { asArray, asJson, asLabels, isJson } from '../../estate/json';
import { Direction } from '../networkpolicy/KernelIndex';
import { peerMatches, portMatches } from '../networkpolicy/kernel';
import { PortSpec } from '../networkpolicy/parseNetworkPolicy';
import { nameOf, Party, WorkloadParty } from '../party';
import { Call } from '../types';
import { World } from '../World';
import { Candidate } from './Candidate';

function portText({ protocol, name, from, to }: PortSpec): string {
  if (name !== undefined) return `${protocol} ${name}`;
  if (from === undefined) return `every ${protocol} port`;
  return to === undefined || to === from
    ? `${protocol} ${from}`
    : `${protocol} ${from}-${to}`;
}

/** How a peer that selects pods differs from the other end, where labels alone tell. */
function labelsText(
  raw: unknown,
  namespace: string,
  other: Party,
): string | undefined {
  const peer = asJson(raw);
  if (other.kind === 'address' || peer.ipBlock !== undefined) return undefined;
  const { workload } = other;
  if (!isJson(peer.namespaceSelector) && workload.namespace !== namespace)
    return `a podSelector alone is about pods of ${namespace} itself, and ${workload.id} runs in ${workload.namespace}`;
  const wanted = Object.entries(
    asLabels(asJson(peer.podSelector).matchLabels),
  ).filter(([key, value]) => workload.podLabels[key] !== value);
  if (wanted.length === 0) return undefined;
  const has = wanted.map(([key]) =>
    workload.podLabels[key] === undefined
      ? `no ${key}`
      : `${key}=${workload.podLabels[key]}`,
  );
  return `it asks for ${wanted
    .map(pair => pair.join('='))
    .join(', ')}, and the pods of ${workload.id} have ${has.join(', ')}`;
}

function peerText(
  raw: unknown,
  namespace: string,
  other: Party,
  whom: string,
): string {
  if (other.kind === 'workload' && other.workload.hostNetwork)
    return `${other.workload.id} is on the host network, where no label selects it`;
  const texts = asArray(raw).map(each => labelsText(each, namespace, other));
  const told = texts.length === 1 ? texts[0] : undefined;
  return told ?? `${nameOf(other)} is none of those ${whom}`;
}

/** The rules of the policies that isolate an end, each with what of the call it does not admit. */
export function networkPolicyRules(
  world: World,
  direction: Direction,
  subject: WorkloadParty,
  other: Party,
  call: Call,
): Candidate[] {
  const { kernel } = world.of(subject.cluster);
  const protocol = call.protocol ?? 'TCP';
  const destination = direction === 'ingress' ? subject : other;
  const [list, whom] =
    direction === 'ingress'
      ? ['from', 'whom it admits']
      : ['to', 'to whom it lets calls out'];
  return kernel
    .of(direction, subject.index)
    .filter(({ isValid }) => isValid)
    .flatMap(policy =>
      (policy[direction] ?? []).map((rule, index): Candidate => {
        const spec = asJson(policy.manifest.object.spec);
        const raw = asJson(asArray(spec[direction])[index]);
        const differs: string[] = [];
        if (!portMatches(rule, destination, protocol, call.port))
          differs.push(
            `it admits ${(rule.ports ?? [])
              .map(portText)
              .join(', ')}, and the call is to ${protocol} ${call.port}`,
          );
        if (peerMatches(kernel, rule, other).value === 'no')
          differs.push(
            peerText(raw[list], policy.ref.namespace ?? '', other, whom),
          );
        return { object: rule.ref, differs };
      }),
    );
}
