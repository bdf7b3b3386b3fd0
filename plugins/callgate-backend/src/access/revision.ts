import type {
  AccessRequestDraft,
  ReviseBody,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../database/AccessStore';
import { kindOf } from '../database/rows';
import type { ProposalDraft, RevisedFrom } from '../proposals/types';
import { domainError } from './domainError';

/** What a client would send for a revised request: what the revision does not say stays as it is. */
export function revisedInput(
  { apiRef, callerRef, draft }: StoredRequest,
  body: ReviseBody,
): AccessRequestDraft {
  const { change } = draft;
  const until = body.until ?? draft.until;
  const whenLast = body.whenLast ?? change?.whenLast;
  return {
    kind: kindOf(draft),
    ...(change && { grant: change.grant }),
    api: apiRef,
    caller: callerRef,
    operations: body.operations ?? draft.operations,
    in: body.in ?? draft.in,
    acknowledges: body.acknowledges ?? draft.acknowledges,
    ...(until !== undefined && { until }),
    ...(whenLast && { whenLast }),
    reason: body.reason ?? draft.reason,
  };
}

/**
 * A request stays about the same: its people, its number and what was said about it are of that.
 *
 * @throws NotFoundError with code `no-such-grant` where the grant went, or another one has its id by now
 */
export function requireSameEnds(
  request: StoredRequest,
  draft: ProposalDraft,
): void {
  const { apiRef, callerRef } = request;
  const before = request.draft.change;
  if (
    draft.api !== apiRef ||
    draft.caller !== callerRef ||
    draft.change?.grant !== before?.grant ||
    draft.change?.request !== before?.request
  ) {
    throw domainError(
      'no-such-grant',
      'The grant is not there any more, or another one has its id by now. Withdraw this request.',
    );
  }
}

/** What a request asked for, for its timeline. */
export function askedBefore({ shown, draft }: StoredRequest): RevisedFrom {
  const { operations, acknowledges, until, reason, change } = draft;
  return {
    digest: shown.digest,
    operations,
    in: draft.in,
    acknowledges,
    ...(until !== undefined && { until }),
    ...(change?.whenLast && { whenLast: change.whenLast }),
    reason,
  };
}
