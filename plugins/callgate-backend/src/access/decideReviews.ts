import { createHash } from 'node:crypto';
import { InputError } from '@backstage/errors';
import type {
  DecideReviewsBody,
  DecideReviewsResult,
  ReviewResult,
} from '@callgate/plugin-callgate-common';
import type { AccessService, WriteOptions } from './AccessService';
import { type SeveralParts, toldOf } from './decideAll';
import { claimList } from './Replays';

/**
 * Keeps or ends several grants, one after the other, each as if it were asked alone: with its digest, its permission and its row in
 * the audit. What becomes of one says nothing of the others.
 *
 * @throws InputError where one is decided twice
 * @throws ConflictError with code `idempotency-key-reused` when the key came with another list
 */
export async function decideReviews(
  service: Pick<AccessService, 'keepGrant' | 'endReviewed'>,
  body: DecideReviewsBody,
  given: WriteOptions,
  { requests, logger }: SeveralParts,
): Promise<DecideReviewsResult> {
  const { decisions, note } = body;
  const { idempotencyKey, ...options } = given;
  const subjects = decisions.map(({ api, grant }) =>
    JSON.stringify([api.toLowerCase(), grant]),
  );
  if (new Set(subjects).size < decisions.length) {
    throw new InputError('decisions names a grant twice');
  }
  await claimList(requests, given, { action: 'decide-reviews', body });
  const results: ReviewResult[] = [];
  for (const [index, each] of decisions.entries()) {
    const { decision, ...review } = each;
    const asked = { ...review, ...(note !== undefined && { note }) };
    const by = {
      ...options,
      ...(idempotencyKey && {
        idempotencyKey: `${idempotencyKey}:${short(subjects[index])}`,
      }),
    };
    try {
      results.push(
        decision === 'keep'
          ? await service.keepGrant(asked, by)
          : await service.endReviewed(asked, by),
      );
    } catch (error) {
      const { api, grant } = each;
      results.push({ api, grant, error: toldOf(error, logger) });
    }
  }
  return { results };
}

/** References are longer than a key may be. */
function short(subject: string): string {
  return createHash('sha256').update(subject).digest('hex').slice(0, 32);
}
