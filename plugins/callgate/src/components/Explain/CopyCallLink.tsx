import { useExplainPath } from '../../routing';
import { useText } from '../../translation';
import { CopyLinkButton } from '../marks';
import { callToSearch } from './callInUrl';
import type { CallParts } from './explainedCall';

/** A link that opens the answer to a call; nothing in portals that do not have its page. */
export function CopyCallLink(props: {
  from: string;
  to: string;
  call: CallParts;
}) {
  const { from, to, call } = props;
  const t = useText();
  const path = useExplainPath();
  return path ? (
    <CopyLinkButton
      to={`${path}?${callToSearch(from, to, call)}`}
      label={t('call.copyLink')}
      copied={t('call.copied')}
      failed={t('call.copyFailed')}
    />
  ) : null;
}
