import { isAddedLabel } from '../../estate/addedLabels';
import { WorkloadParty } from '../party';

/** Selects pods by all labels that their template states; by those that are added to them where there are no others. */
export function podSelector({
  workload: { podLabels, varyingLabels },
}: WorkloadParty): {
  matchLabels: Record<string, string>;
} {
  const labels = Object.entries(podLabels).filter(
    ([key]) => !Object.hasOwn(varyingLabels ?? {}, key),
  );
  const stated = labels.filter(([key]) => !isAddedLabel(key));
  return {
    matchLabels: Object.fromEntries(stated.length > 0 ? stated : labels),
  };
}
