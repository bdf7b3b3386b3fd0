import { Protocol } from '../../estate/types';
import { AddressSet } from '../../net/AddressSet';
import { RequestSet } from '../../requestset/RequestSet';
import { objectName } from '../objectName';
import { Party, WorkloadParty, addressIn, nameOf } from '../party';
import { podsDiffer } from '../podsDiffer';
import { NO, Tri, YES, allOf, anyOf, maybe, triOf } from '../tri';
import { Condition, RuleRef } from '../types';
import { whoDecides } from '../whoDecides';
import {
  CompiledNetworkPolicy,
  CompiledRule,
  Direction,
  KernelIndex,
  namedPorts,
} from './KernelIndex';

const ADMITS = ['admits', 'admit'] as const;

/** What is surely and possibly admitted, and why they differ. */
export interface Bounds {
  sure: RequestSet;
  possible: RequestSet;
  conditions: readonly Condition[];
}

export const OPEN: Bounds = {
  sure: RequestSet.all,
  possible: RequestSet.all,
  conditions: [],
};

/** Does a rule's peer list contain the other end of the call? */
export function peerMatches(
  index: KernelIndex,
  rule: CompiledRule,
  other: Party,
): Tri {
  if (!rule.peers) return YES;
  const { pods, partly, selectors, blocks, addresses } = rule.peers;
  const { cni, network } = index.cluster.profile;
  if (other.kind === 'workload') {
    if (
      other.cluster.name === index.cluster.name &&
      pods.some(set => set.has(other.index))
    ) {
      if (!partly.has(other.index)) return YES;
      return maybe(podsDiffer(other.workload, objectName(rule.ref), selectors));
    }
    // Design 4, N1: on some CNIs a block matches neither pods nor nodes.
    if (
      other.workload.runsOn === 'pods' &&
      !(other.workload.hostNetwork
        ? cni.ipBlockMatchesNodes
        : cni.ipBlockMatchesPods)
    )
      return NO;
  }
  if (blocks.length === 0 && other.kind === 'workload') return NO;
  const found = [addressIn(addresses, other, objectName(rule.ref))];
  if (
    other.kind === 'address' &&
    pods.length > 0 &&
    network.podCidrs.length > 0
  ) {
    const inside = addressIn(
      AddressSet.ofCidrs(network.podCidrs),
      other,
      objectName(rule.ref),
    );
    if (inside.value !== 'no') {
      found.push(
        maybe({
          kind: 'pod-address-unknown',
          text: `${other.text} is among the addresses of pods: it is not known which pod has it.`,
          object: objectName(rule.ref),
        }),
      );
    }
  }
  return anyOf(found);
}

/** Conditions under which a policy that selects the end of a call may not hold, or holds otherwise. */
function exceptionsOf(
  direction: Direction,
  subject: WorkloadParty,
  other: Party,
): Condition[] {
  const exceptions: Condition[] = [];
  if (subject.workload.hostNetwork) {
    exceptions.push({
      kind: 'host-network',
      text: `${subject.workload.id} runs on the host network: most CNIs do not enforce network policies there.`,
    });
  }
  if (
    direction === 'ingress' &&
    other.kind === 'workload' &&
    other.workload.hostNetwork
  ) {
    exceptions.push({
      kind: 'same-node',
      text: `${other.workload.id} runs on the host network: it reaches ${subject.workload.id} wherever both are on one node.`,
    });
  }
  return exceptions;
}

function invalidCondition(policy: CompiledNetworkPolicy): Condition {
  return {
    kind: 'invalid-object',
    text: `The API server would reject ${objectName(
      policy.ref,
    )}; if an earlier version of it is in the cluster, it may refuse this.`,
    object: objectName(policy.ref),
  };
}

/** True for a call of a pod to itself, which no policy can refuse (docs/semantics.md, 4.9). */
export function isSamePod(subject: Party, other: Party): boolean {
  return (
    subject.kind === 'workload' &&
    other.kind === 'workload' &&
    subject.workload === other.workload &&
    subject.workload.replicas === 'one'
  );
}

/**
 * What the network policies of one end admit, as sets.
 *
 * Policies add up (docs/semantics.md, S7). A policy that the API server would reject
 * admits nothing; whether an earlier version of it isolates is not known, so
 * that what is admitted only because nothing isolates is no longer sure. That
 * is less access than either reading alone would give for certain.
 */
export function kernelBounds(
  index: KernelIndex,
  direction: Direction,
  subject: Party,
  other: Party,
): Bounds {
  if (subject.kind === 'address' || isSamePod(subject, other)) return OPEN;
  const policies = index.of(direction, subject.index);
  if (policies.length === 0) return OPEN;
  const destination = direction === 'ingress' ? subject : other;
  const at = destination.kind === 'workload' ? destination : undefined;
  let sure = RequestSet.empty;
  let possible = RequestSet.empty;
  // What each policy of some pods admits: those that it does not select are open where no other closes them.
  const ofSome: RequestSet[] = [];
  let isIsolated = false;
  const conditions: Condition[] = [];
  for (const policy of policies) {
    if (!policy.isValid) {
      conditions.push(invalidCondition(policy));
      continue;
    }
    const isPartly = policy.partly.has(subject.index);
    if (isPartly)
      conditions.push(
        podsDiffer(subject.workload, objectName(policy.ref), policy.selector),
      );
    else isIsolated = true;
    let own = isPartly ? RequestSet.empty : sure;
    for (const rule of policy[direction] ?? []) {
      const match = peerMatches(index, rule, other);
      if (match.value === 'no') continue;
      const ports = index.portsAt(rule, at);
      possible = possible.union(ports);
      if (match.value === 'yes') own = own.union(ports);
      else conditions.push(...match.conditions);
    }
    if (isPartly) ofSome.push(own);
    else sure = own;
  }
  if (!isIsolated) {
    const isSure = ofSome.length > 0 && policies.every(each => each.isValid);
    return {
      sure: isSure ? ofSome.reduce((a, b) => a.intersect(b)) : RequestSet.empty,
      possible: RequestSet.all,
      conditions,
    };
  }
  const exceptions = exceptionsOf(direction, subject, other);
  if (exceptions.length > 0)
    return {
      sure,
      possible: RequestSet.all,
      conditions: [...conditions, ...exceptions],
    };
  return { sure, possible, conditions };
}

/** Does a rule's list of ports contain the port of the call? */
export function portMatches(
  rule: CompiledRule,
  destination: Party,
  protocol: Protocol,
  port: number,
): boolean {
  if (rule.ports === undefined) return true;
  return rule.ports.some(spec => {
    if (spec.protocol !== protocol) return false;
    if (spec.name !== undefined) {
      return (
        destination.kind === 'workload' &&
        namedPorts(destination.workload, spec.name, protocol).includes(port)
      );
    }
    return (
      spec.from === undefined ||
      (spec.from <= port && port <= (spec.to ?? spec.from))
    );
  });
}

/** The answer for one connection, with the rules that decided it. */
export interface KernelAnswer {
  tri: Tri;
  by: RuleRef[];
  isIsolated: boolean;
  text: string;
}

/**
 * The same question as {@link kernelBounds} for one connection, answered rule
 * by rule without sets.
 */
export function kernelAnswer(
  index: KernelIndex,
  direction: Direction,
  subject: Party,
  other: Party,
  connection: { protocol: Protocol; port: number },
): KernelAnswer {
  if (subject.kind === 'address') {
    return {
      tri: YES,
      by: [],
      isIsolated: false,
      text: `${subject.text} is outside: no network policy holds there.`,
    };
  }
  if (isSamePod(subject, other)) {
    return {
      tri: YES,
      by: [],
      isIsolated: false,
      text: 'A pod always reaches itself.',
    };
  }
  const policies = index.of(direction, subject.index);
  const destination = direction === 'ingress' ? subject : other;
  const isPartly = ({ partly }: CompiledNetworkPolicy) =>
    partly.has(subject.index);
  const valid = policies.filter(policy => policy.isValid);
  const invalid = policies.filter(policy => !policy.isValid);
  if (valid.length === 0) {
    const tri: Tri =
      invalid.length > 0
        ? { value: 'maybe', conditions: invalid.map(invalidCondition) }
        : YES;
    const text = `No network policy isolates ${subject.workload.id} for ${direction}.`;
    return {
      tri,
      by: invalid.map(policy => policy.ref),
      isIsolated: false,
      text,
    };
  }
  const matches: { ref: RuleRef; tri: Tri }[] = [];
  const ofSome: Tri[] = [];
  for (const policy of valid) {
    const own: Tri[] = [];
    const differ: Tri[] = isPartly(policy)
      ? [
          maybe(
            podsDiffer(
              subject.workload,
              objectName(policy.ref),
              policy.selector,
            ),
          ),
        ]
      : [];
    for (const rule of policy[direction] ?? []) {
      if (!portMatches(rule, destination, connection.protocol, connection.port))
        continue;
      const tri = peerMatches(index, rule, other);
      if (tri.value === 'no') continue;
      own.push(tri);
      matches.push({ ref: rule.ref, tri: allOf([tri, ...differ]) });
    }
    // The pods that it does not select are open to this.
    if (isPartly(policy)) ofSome.push(anyOf([...own, ...differ]));
  }
  if (valid.every(isPartly)) {
    const tri = allOf([
      ...ofSome,
      ...invalid.map(policy => maybe(invalidCondition(policy))),
    ]);
    return {
      tri,
      by: valid.map(policy => policy.ref),
      isIsolated: tri.value !== 'yes',
      text: `${whoDecides(
        valid.map(policy => policy.ref),
        ['selects', 'select'],
      )} some pods of ${subject.workload.id}, and no policy the others.`,
    };
  }
  const exceptions = exceptionsOf(direction, subject, other);
  const tri = anyOf([
    ...matches.map(match => match.tri),
    exceptions.length > 0
      ? { value: 'maybe', conditions: exceptions }
      : triOf(false),
  ]);
  const admitting = matches.filter(
    match => match.tri.value === (tri.value === 'yes' ? 'yes' : 'maybe'),
  );
  const by =
    admitting.length > 0
      ? admitting.map(match => match.ref)
      : valid.map(policy => policy.ref);
  const peer = nameOf(other);
  const verb = direction === 'ingress' ? `from ${peer}` : `to ${peer}`;
  const port = `${connection.protocol} ${connection.port}`;
  const texts = {
    yes: `${whoDecides(by, ADMITS)} ${port} ${verb}.`,
    no: `${whoDecides(by, ['isolates', 'isolate'])} ${
      subject.workload.id
    } for ${direction}, and no rule admits ${port} ${verb}.`,
    maybe: `Whether ${whoDecides(
      by,
      ADMITS,
    )} ${port} ${verb} depends on what is not known.`,
  };
  return { tri, by, isIsolated: true, text: texts[tri.value] };
}
