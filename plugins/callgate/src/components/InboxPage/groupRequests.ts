import type {
  AccessRequestSummary,
  EntityLabel,
} from '@callgate/plugin-callgate-common';
import { operationKey } from '../marks';

/** One row of the inbox: a request, and others that mean the same. */
export interface RequestFold {
  request: AccessRequestSummary;
  /** Requests with the same caller, operations, clusters, state and marks, newest last. */
  same: AccessRequestSummary[];
}

/** Requests of one API. */
export interface RequestGroup {
  api: EntityLabel;
  count: number;
  folds: RequestFold[];
}

/** Groups requests by API in the order in which they come, and folds those that mean the same into one row. */
export function groupRequests(
  requests: readonly AccessRequestSummary[],
): RequestGroup[] {
  const groups = new Map<
    string,
    { api: EntityLabel; count: number; folds: Map<string, RequestFold> }
  >();
  for (const request of requests) {
    // An API that the reader may not see has no ref, and two of them need not be one.
    const apiKey = request.api.ref || `hidden ${request.id}`;
    const group = groups.get(apiKey) ?? {
      api: request.api,
      count: 0,
      folds: new Map<string, RequestFold>(),
    };
    groups.set(apiKey, group);
    group.count += 1;
    const key = meaningKey(request);
    const fold = group.folds.get(key);
    if (fold) {
      fold.same.push(request);
    } else {
      group.folds.set(key, { request, same: [] });
    }
  }
  return [...groups.values()].map(({ api, count, folds }) => ({
    api,
    count,
    folds: [...folds.values()],
  }));
}

function meaningKey(request: AccessRequestSummary): string {
  const { caller, operations, state, risk } = request;
  return JSON.stringify([
    // A caller that the reader may not see is equal to no other.
    caller.ref || request.id,
    operations.map(operationKey).sort(),
    [...request.in].sort(),
    state,
    risk.writes,
    risk.flips,
    risk.findings,
    risk.everything,
    request.meaningChanged,
    request.proposal?.changesRequested,
  ]);
}
