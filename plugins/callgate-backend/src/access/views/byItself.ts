import { READY_MS } from '../../proposals/ExpiryMerge';
import type { AutomaticMerge, ProposalRecord } from '../../proposals/types';
import { sayMoment } from './sayDay';

const WAITS: Record<AutomaticMerge['waits'] & {}, string> = {
  'carries-others':
    'it carries something else as well, or something waits to join it',
  'needed-approval': 'somebody had to approve an end in it',
  'not-over':
    'the time of a grant in it is not over, or it is another grant by now',
  'means-else':
    'it does something else than was said when the end was asked for, or more than taking that away',
  objection: 'somebody has asked for changes',
  pushed: 'somebody else has pushed onto its branch',
  'other-branch': 'it goes to another branch',
  outdated: 'it is to be built again',
  'unread-cluster': 'a cluster cannot be read',
  checks: 'a check is failing or not over',
  unmet: 'the rules of the repository ask for more, such as a review',
  refused: 'the forge has refused the merge',
  'forge-cannot': 'its forge does not let Callgate merge',
};

/** When Callgate merges an open pull request by itself, or why it waits for people; `undefined` for one that is not about that. */
export function byItselfText({
  state,
  head,
  automatic,
}: ProposalRecord): string | undefined {
  if (state !== 'open' || automatic?.head !== head || !automatic)
    return undefined;
  const { waits, readySince } = automatic;
  if (waits)
    return `Callgate does not merge it by itself: ${WAITS[waits]}. The platform team may.`;
  return readySince === undefined
    ? undefined
    : `It only ends what is over. Callgate merges it by itself, not before ${sayMoment(
        readySince + READY_MS,
      )}, unless something comes in between.`;
}
