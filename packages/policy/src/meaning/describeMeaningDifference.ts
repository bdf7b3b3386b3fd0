import { gapTitle } from '../plan/gapTitle';
import { policyOfOthersClause } from '../others/describe';
import { detail, entity, idText, said, type Words, workload } from '../words';
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
  return idText(meaningDifferenceWords(difference));
}

/**
 * The same with the names set apart.
 *
 * @public
 */
export function meaningDifferenceWords(difference: MeaningDifference): Words {
  switch (difference.code) {
    case 'other-api':
      return said`it is about ${entity(difference.api)}`;
    case 'scope-added':
      return [`it holds in ${difference.name ?? 'every cluster'}`];
    case 'gap-accepted': {
      const [cluster, caller, gap] = difference.gap.split(' ');
      return said`a gap is accepted: ${detail(gap, gapTitle(gap))} for ${entity(
        caller,
      )} in ${cluster}`;
    }
    case 'other-policy':
      return said`a policy of others touches it: ${policyOfOthersClause(
        difference.policy,
      )}`;
    case 'plumbing-opened':
      return said`${detail(
        `plumbing is opened: ${difference.plumbing}`,
        'more of what the platform itself needs stays open',
      )}`;
    case 'profile-changed':
      return [
        `The platform profile of ${difference.cluster} has changed; access has not.`,
      ];
    case 'closed':
      return said`${whereOf(difference)} is closed to everyone else`;
    case 'opened-to-everyone':
      return said`${workload(difference.workload)} in ${
        difference.cluster
      } is opened to everyone (${difference.layer})`;
    case 'cut':
      return said`${workload(difference.caller)} loses its access to ${whereOf(
        difference,
      )}`;
    default: {
      const { code, takenAway, from, to, cluster, protocol, port, request } =
        difference;
      const what = said`${workload(from)} → ${workload(
        to,
      )} in ${cluster}, ${protocol} ${port} ${request}`;
      return said`${takenAway ? 'taken away: ' : ''}${
        code === 'layer-lost'
          ? said`a layer is lost: ${what}`
          : said`it opens ${what}`
      }`;
    }
  }
}

function whereOf(flip: {
  workload: string;
  cluster: string;
  direction: string;
  layer: string;
}): Words {
  return said`${workload(flip.workload)} in ${flip.cluster} (${
    flip.direction
  }, ${flip.layer})`;
}
