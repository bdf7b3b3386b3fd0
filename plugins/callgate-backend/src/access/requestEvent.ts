import type { CallgateRequestEvent } from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../database/AccessStore';
import { grantOfDraft } from '../database/grantOfDraft';
import { kindOf } from '../database/rows';

/** What other backends hear of a request. */
export function requestEvent(request: StoredRequest): CallgateRequestEvent {
  const { id, number, state, apiRef, callerRef, draft } = request;
  const grant = grantOfDraft(request);
  return {
    subject: 'request',
    ...{ id, number, state },
    kind: kindOf(draft),
    api: apiRef,
    caller: callerRef,
    ...(grant !== null && { grant }),
  };
}
