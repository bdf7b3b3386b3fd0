import { Workload } from '../estate/types';
import { Party, WorkloadParty, nameOf } from './party';
import { Condition } from './types';

/** Nobody says whether a workload has a sidecar. */
export function meshGuess(workload: Workload): Condition {
  return {
    kind: 'mesh-guess',
    text: `Nothing says whether ${workload.id} has a sidecar. State mesh.mode in the platform profile.`,
  };
}

/** A caller's side uses more than one transport, and nobody says which. */
export function wayIn(from: Party, to: WorkloadParty): Condition {
  if (from.kind === 'workload' && from.workload.meshIsGuess)
    return meshGuess(from.workload);
  return {
    kind: 'way-in',
    text: `${nameOf(from)} reaches ${
      to.workload.id
    } with and without mutual TLS, depending on the way that it takes.`,
  };
}

/** Only some of the caller's addresses are those of the kubelet's probes. */
export function probesAmong(from: Party, to: WorkloadParty): Condition {
  return {
    kind: 'pod-address-unknown',
    text: `Some addresses of ${nameOf(
      from,
    )} are those of the kubelet's probes, which reach ${
      to.workload.id
    } beside ztunnel.`,
  };
}

/** The ways to a provider do not admit the same, and the call does not say which it takes. */
export function waysDiffer(from: Party, to: WorkloadParty): Condition {
  return {
    kind: 'way-in',
    text: `What ${nameOf(from)} may send to ${
      to.workload.id
    } depends on whether it calls a Service, and which, or the address of a pod.`,
  };
}

/** Mutual TLS comes to what does not terminate it: whether the application makes anything of it is its own affair. */
export function unreadMtls(from: Party, at: string, rule?: string): Condition {
  return {
    kind: 'protocol-conflict',
    text: `${nameOf(from)} sends mutual TLS${
      rule ? `, as ${rule} demands,` : ''
    } and ${at} does not terminate it: no policy is asked, and most applications fail on it.`,
    ...(rule ? { object: rule } : {}),
  };
}
