import type { AccessRow, GrantAccess } from '@callgate/policy';
import type { EntityLabel, GrantInfo } from '@callgate/plugin-callgate-common';
import type { RowContext } from './accessRow';
import { standingOf } from './standings';

/** A grant in the row of its caller. */
export function toGrantInfo(
  context: RowContext,
  row: AccessRow,
  access: GrantAccess,
): GrantInfo {
  const { grant, operations, unconfirmed } = access;
  const { labelOf } = context;
  const through = throughOf(context, row, access);
  return {
    id: grant.id,
    api: row.api,
    operations: [...operations],
    ...standingOf(context, access),
    ...(grant.reason && { reason: grant.reason }),
    ...(grant.requestedBy && { requestedBy: labelOf(grant.requestedBy) }),
    approvedBy: (grant.approvedBy ?? []).map(labelOf),
    ...(grant.request && { request: grant.request }),
    acknowledges: grant.acknowledges ?? [],
    ...(through && { through }),
    ...(grant.in && { in: grant.in }),
    ...(grant.until !== undefined && { until: grant.until }),
    ...(grant.breakGlass && { breakGlass: true }),
    ...(unconfirmed > 0 && { unconfirmed: { count: unconfirmed } }),
  };
}

/** To what a grant is whose caller is not the one of the row alone, such as its system, as far as the reader may know. */
function throughOf(
  { labelOf }: RowContext,
  { caller }: AccessRow,
  access: GrantAccess,
): EntityLabel | undefined {
  if (caller.class !== 'entity' || access.caller === caller.ref)
    return undefined;
  const label = labelOf(access.caller);
  return access.caller === 'self' || label.state === 'hidden'
    ? undefined
    : label;
}
