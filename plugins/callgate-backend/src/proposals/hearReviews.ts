import type { PullRequest } from '@callgate/plugin-callgate-node';
import { objectionsTo } from './objectionsTo';
import type { ProposalListener, ProposalRecord, ProposalStore } from './types';

/** What reviews on the forge come to, and which head they are of; `undefined`: it waits for one. */
function reviewedAs(
  record: ProposalRecord,
  { head, reviews }: PullRequest,
): ProposalRecord['reviewed'] {
  const objection = objectionsTo(record, { reviews }).at(-1);
  if (objection)
    return {
      decision: 'changes-requested',
      head: objection.head ?? objection.id,
    };
  const approved = reviews.some(
    review => review.decision === 'approved' && review.head === head,
  );
  return approved ? { decision: 'approved', head } : undefined;
}

/**
 * Takes note of reviews that people gave on the pages of the forge, of which nobody tells us: whoever was told that it waits
 * is told that it does not, and that it does again where an objection was taken back.
 *
 * @returns the record as stored
 */
export async function hearReviews(options: {
  record: ProposalRecord;
  pull: PullRequest;
  store: Pick<ProposalStore, 'saveProposal'>;
  listener: ProposalListener;
}): Promise<ProposalRecord> {
  const { record, pull, store, listener } = options;
  const before = record.reviewed;
  const now = reviewedAs(record, pull);
  if (before?.decision === now?.decision && before?.head === now?.head)
    return record;
  const saved = await store.saveProposal({ ...record, reviewed: now });
  const event = now?.decision ?? 'withdrawn';
  // A new head is told of by whoever built it: an approval of the one before ends without a word.
  const isNews = now !== undefined || before?.decision === 'changes-requested';
  if (isNews)
    await listener.changed({ proposal: saved, requestIds: [], event });
  return saved;
}
