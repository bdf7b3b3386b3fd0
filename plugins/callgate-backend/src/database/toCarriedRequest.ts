import { dayAt, type Gap, type GrantOperation } from '@callgate/policy';
import type { CarriedRequest } from '../proposals/types';
import type { StoredApproval, StoredRequest } from './AccessStore';

/** An approved request, as the worker that builds proposals reads it. */
export function toCarriedRequest(
  request: StoredRequest,
  approvals: readonly StoredApproval[],
): CarriedRequest {
  return {
    id: request.id,
    number: request.number,
    version: request.version,
    state: request.state as CarriedRequest['state'],
    ...(request.draft.confirm && { confirm: request.draft.confirm }),
    ...(request.draft.change && { change: request.draft.change }),
    ...(request.draft.until !== undefined && { until: request.draft.until }),
    api: request.apiRef,
    caller: request.callerRef,
    operations: request.draft.operations as GrantOperation[],
    in: request.draft.in,
    reason: request.draft.reason,
    acknowledges: request.draft.acknowledges as Gap[],
    requestedBy: request.requestedBy,
    createdAt: new Date(request.createdAt).toISOString(),
    askedOn: dayAt(request.createdAt),
    ...(request.breakGlass && {
      breakGlass: { expiresAt: request.breakGlass.expiresAt },
    }),
    // Who approves afterwards decides about what is there already: what was proposed stays as it is.
    approvals: (request.breakGlass ? [] : approvals)
      .filter(
        ({ requestId, digest, ended }) =>
          requestId === request.id && digest === request.shown.digest && !ended,
      )
      .map(({ by, at, need, note }) => ({
        by,
        need,
        at: new Date(at).toISOString(),
        ...(note && { note }),
      })),
    approvedBy: approvals
      .filter(({ requestId }) => requestId === request.id)
      .map(({ by }) => by),
    approved: { digest: request.shown.digest, content: request.shown.content },
  };
}
