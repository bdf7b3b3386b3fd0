import { WorkloadParty } from '../party';

/** Selects pods by all of their labels. */
export function podSelector(party: WorkloadParty): {
  matchLabels: Record<string, string>;
} {
  return { matchLabels: { ...party.workload.podLabels } };
}
