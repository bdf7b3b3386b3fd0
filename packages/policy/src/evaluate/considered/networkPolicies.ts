import { WorkloadParty } from '../party';
import { ConsideredObject } from '../types';
import { World } from '../World';

/** A policy of an end's namespace, with what it has to do with that end. */
export interface ConsideredPolicy extends ConsideredObject {
  /** It is about other pods, which says least of it where it is about those of another end. */
  isOfOtherPods?: true;
}

/** NetworkPolicies of an end's namespace: used, or left out and why. */
export function networkPolicies(
  world: World,
  subject: WorkloadParty,
  direction: 'ingress' | 'egress',
): ConsideredPolicy[] {
  const { kernel } = world.of(subject.cluster);
  const { id, namespace } = subject.workload;
  return kernel.policies
    .filter(policy => policy.ref.namespace === namespace)
    .map((policy): ConsideredPolicy => {
      const entry = (considered: boolean, text: string) => ({
        ...policy.ref,
        considered,
        text,
      });
      if (!policy.selected.includes(subject.index))
        return {
          ...entry(false, `Its podSelector does not match the pods of ${id}.`),
          isOfOtherPods: true,
        };
      if (!policy[direction])
        return entry(false, `It says nothing about ${direction}.`);
      if (!policy.isValid)
        return entry(
          true,
          'The API server would reject it: it admits nothing, and what it closes is not known.',
        );
      if (policy.partly.has(subject.index))
        return entry(true, `It isolates some pods of ${id} for ${direction}.`);
      return entry(true, `It isolates ${id} for ${direction}.`);
    });
}
