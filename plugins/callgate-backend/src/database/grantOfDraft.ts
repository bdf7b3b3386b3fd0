import { grantIdOf } from '../proposals/toGrant';
import type { NewStoredRequest } from './AccessStore';

/** The grant that a request makes, confirms, changes or ends; none where it is about a provider. */
export function grantOfDraft({
  id,
  callerRef: caller,
  draft: { confirm, change },
}: Pick<NewStoredRequest, 'callerRef' | 'draft'> & {
  id: string;
}): string | null {
  if (change) return change.grant;
  if (confirm) return 'grant' in confirm ? confirm.grant : null;
  return grantIdOf({ caller, id });
}
