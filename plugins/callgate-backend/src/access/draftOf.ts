import { dayAt } from '@callgate/policy';
import type { StoredRequest } from '../database/AccessStore';
import type { ProposalDraft } from '../proposals/types';

/** What a stored request asks for. */
export function draftOf(request: StoredRequest): ProposalDraft {
  return {
    ...(request.draft.confirm && { confirm: request.draft.confirm }),
    ...(request.draft.change && { change: request.draft.change }),
    ...(request.draft.until !== undefined && { until: request.draft.until }),
    api: request.apiRef,
    caller: request.callerRef,
    operations: request.draft.operations as ProposalDraft['operations'],
    in: request.draft.in,
    reason: request.draft.reason,
    acknowledges: request.draft.acknowledges as ProposalDraft['acknowledges'],
    requestedBy: request.requestedBy,
    askedOn: dayAt(request.createdAt),
    ...(request.breakGlass && {
      breakGlass: { expiresAt: request.breakGlass.expiresAt },
    }),
  };
}
