import type { Meaning } from '@callgate/policy';
import type { StoredRequest } from '../database/AccessStore';
import { draftOf } from './draftOf';
import type { PolicyDesk } from './PolicyDesk';

/** A list waits no longer than this for what is not known yet. */
const PATIENCE_MS = 400;

/**
 * What requests of a list mean now. What was worked out once is known until the estate or the repository changes; of the rest as
 * much is worked out as fits into a moment, and the others are not known yet. The next look finds more of them.
 */
export async function presentMeanings(
  desk: Pick<PolicyDesk, 'preview'>,
  requests: readonly StoredRequest[],
  reader: string,
  now: () => number = Date.now,
): Promise<Map<string, Meaning>> {
  const known = new Map<string, Meaning>();
  const until = now() + PATIENCE_MS;
  for (const request of requests) {
    if (request.state !== 'submitted') continue;
    if (now() > until) break;
    try {
      const { meaning } = await desk.preview(draftOf(request), {
        kind: 'page',
        by: reader,
      });
      known.set(request.id, meaning);
    } catch {
      // Too busy, or it cannot be worked out: the request's own page says which.
    }
  }
  return known;
}
