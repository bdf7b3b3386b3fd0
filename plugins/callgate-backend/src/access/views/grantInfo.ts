import type { GrantAccess } from '@callgate/policy';
import type { GrantInfo } from '@callgate/plugin-callgate-common';
import type { RowContext } from './accessRow';
import { standingOf } from './standings';

/** A grant in the row of its caller. */
export function toGrantInfo(
  context: RowContext,
  api: string,
  access: GrantAccess,
): GrantInfo {
  const { grant, operations, unconfirmed } = access;
  const { labelOf } = context;
  return {
    id: grant.id,
    api,
    operations: [...operations],
    ...standingOf(context, access),
    ...(grant.reason && { reason: grant.reason }),
    ...(grant.requestedBy && { requestedBy: labelOf(grant.requestedBy) }),
    approvedBy: (grant.approvedBy ?? []).map(labelOf),
    ...(grant.request && { request: grant.request }),
    acknowledges: grant.acknowledges ?? [],
    ...(grant.in && { in: grant.in }),
    ...(grant.until !== undefined && { until: grant.until }),
    ...(unconfirmed > 0 && { unconfirmed: { count: unconfirmed } }),
  };
}
