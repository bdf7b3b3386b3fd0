import { describePolicyOfOthers } from '../others/describe';
import type { MeaningDifference } from './types';

/**
 * A difference between two meanings as part of a sentence. It names callers and
 * workloads: whoever shows it asks first whether the reader may see them.
 *
 * @public
 */
export function describeMeaningDifference(
  difference: MeaningDifference,
): string {
  switch (difference.code) {
    case 'other-api':
      return `it is about ${difference.api}`;
    case 'scope-added':
      return `it holds in ${difference.name ?? 'every cluster'}`;
    case 'gap-accepted':
      return `a gap is accepted: ${difference.gap}`;
    case 'other-policy':
      return `a policy of others touches it: ${describePolicyOfOthers(
        difference.policy,
      ).replace(/\.$/, '')}`;
    case 'plumbing-opened':
      return `plumbing is opened: ${difference.plumbing}`;
    case 'profile-changed':
      return `The platform profile of ${difference.cluster} has changed; access has not.`;
    case 'closed':
      return `${whereOf(difference)} is closed to everyone else`;
    case 'opened-to-everyone':
      return `${difference.workload} in ${difference.cluster} is opened to everyone (${difference.layer})`;
    case 'cut':
      return `${difference.caller} loses its access to ${whereOf(difference)}`;
    default: {
      const { code, takenAway, from, to, cluster, protocol, port, request } =
        difference;
      const what = `${from} → ${to} in ${cluster}, ${protocol} ${port} ${request}`;
      return `${takenAway ? 'taken away: ' : ''}${
        code === 'layer-lost' ? `a layer is lost: ${what}` : `it opens ${what}`
      }`;
    }
  }
}

function whereOf(flip: {
  workload: string;
  cluster: string;
  direction: string;
  layer: string;
}): string {
  return `${flip.workload} in ${flip.cluster} (${flip.direction}, ${flip.layer})`;
}
