import type { Grant } from '@callgate/policy';
import type { GrantInfo } from '@callgate/plugin-callgate-common';
import type { LabelOf } from './Labels';

/** A grant beside the row that it gives. */
export function toGrantInfo(
  grant: Grant,
  labelOf: LabelOf,
  unconfirmed: number,
): GrantInfo {
  return {
    id: grant.id,
    ...(grant.reason && { reason: grant.reason }),
    ...(grant.requestedBy && { requestedBy: labelOf(grant.requestedBy) }),
    approvedBy: (grant.approvedBy ?? []).map(labelOf),
    ...(grant.request && { request: grant.request }),
    acknowledges: grant.acknowledges ?? [],
    ...(grant.in && { in: grant.in }),
    ...(unconfirmed > 0 && { unconfirmed: { count: unconfirmed } }),
  };
}
