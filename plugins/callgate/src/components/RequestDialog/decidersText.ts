import type { Preview } from '@callgate/plugin-callgate-common';
import type { Text } from '../../translation';
import { isOfGrant, nameOf } from '../marks';
import type { AskedFields } from './useRequestForm';

/** Whose approvals it takes, as the rules have it for this very draft. */
export function decidersText(
  t: Text,
  form: Pick<AskedFields, 'kind' | 'breakGlass'>,
  { needs, deciders, send, automatic }: Preview,
): string {
  if (automatic?.approves && send.allowed) return automatic.text;
  if (needs.length === 0 && send.allowed && isOfGrant(form.kind)) {
    return t('grants.nobodyDecides');
  }
  // Why it cannot be sent stands beside it.
  if (needs.length === 0 && deciders.text === '') return '';
  const several = needs.length > 1 || needs.some(({ count }) => count > 1);
  const who = several
    ? needs
        .map(({ count, of, because }) =>
          t(because.length > 0 ? 'dialog.needByRule' : 'dialog.need', {
            number: String(count),
            of: of.map(label => nameOf(t, label)).join(t('dialog.or')),
            rules: because.join(', '),
          }),
        )
        .join(t('dialog.and'))
    : deciders.text;
  if (form.breakGlass) {
    return t('glass.ask.decides', { who });
  }
  return t(several ? 'dialog.needs' : 'dialog.decides', { who });
}
