import type { GrantPage } from '@callgate/plugin-callgate-common';
import type { DraftStart, GrantKind } from '../../draft';
import { operationInput } from '../marks';

/** A request about a grant, filled in with what the grant is now, or with the operations that are prepared for it. */
export function grantStart(
  kind: GrantKind,
  grant: GrantPage,
  prepared?: DraftStart['operations'],
): DraftStart {
  return {
    kind,
    grant: grant.id,
    caller: grant.caller.ref,
    operations: prepared ?? grant.operations.map(operationInput),
    ...(grant.in.length > 0 && { in: grant.in }),
    ...(grant.acknowledges.length > 0 && { acknowledges: grant.acknowledges }),
    ...(grant.until !== undefined && { until: grant.until }),
  };
}
