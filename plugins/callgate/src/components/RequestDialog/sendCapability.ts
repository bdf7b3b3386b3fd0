import {
  CALLGATE_LIMITS,
  type Capability,
} from '@callgate/plugin-callgate-common';
import { hasErrorCode } from '../../api';
import type { Text } from '../../translation';
import { isOfGrant } from '../marks';
import { blockersOf, isOpenQuestion } from './Blocked';
import type { LivePreview } from './usePreview';
import type { RequestForm } from './useRequestForm';

/** Whether the request can be sent; if not, the first thing that is missing. */
export function sendCapability(
  t: Text,
  form: RequestForm,
  live: LivePreview,
): Capability {
  const { caller, operations, reason } = form;
  // What is asked about a grant changes it, and its preview is called so.
  const words = isOfGrant(form.kind) ? 'grants' : 'dialog';
  const refuse = (why: string): Capability => ({ allowed: false, reason: why });
  if (!caller) {
    return refuse(t('dialog.needsCaller'));
  }
  if (operations.length === 0) {
    return refuse(t('dialog.needsOperation'));
  }
  if (form.kind === 'renew' && !form.until.day) {
    return refuse(t('grants.needsDay'));
  }
  if (hasErrorCode(live.error, 'when-last-missing')) {
    return refuse(t('grants.needsWhenLast'));
  }
  if (live.error) {
    return refuse(t(`${words}.needsAnswer`));
  }
  if (live.fresh && live.preview && !live.preview.send.allowed) {
    const [blocker] = blockersOf(live.preview);
    // Why stands where it is shown what it would open, once.
    return blocker
      ? refuse(
          t(
            isOpenQuestion(blocker)
              ? 'dialog.needsWhere'
              : `${words}.seeBlocked`,
          ),
        )
      : live.preview.send;
  }
  if (reason.trim() === '') {
    return refuse(
      t(form.kind === 'new' ? 'dialog.needsReason' : 'grants.needsReason'),
    );
  }
  if (reason.length > CALLGATE_LIMITS.reason) {
    return refuse(
      t('dialog.tooLong', { limit: String(CALLGATE_LIMITS.reason) }),
    );
  }
  return live.fresh && live.preview
    ? live.preview.send
    : refuse(t(`${words}.needsPreview`));
}
