import {
  standingObjections,
  type PullRequest,
  type StandingObjection,
} from '@callgate/plugin-callgate-node';
import type { ProposalRecord } from './types';

/**
 * Objections that stop a proposal. One stands until it is taken back, or until no request that was in the pull request
 * when it was made is in it any more. Where it is not known what it was about, it stands.
 */
export function objectionsTo(
  { requestIds }: Pick<ProposalRecord, 'requestIds'>,
  { reviews }: Pick<PullRequest, 'reviews'>,
): StandingObjection[] {
  return standingObjections(reviews).filter(
    ({ about }) =>
      about === undefined || about.some(id => requestIds.includes(id)),
  );
}
