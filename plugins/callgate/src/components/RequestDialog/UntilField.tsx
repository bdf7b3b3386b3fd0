import TextField from '@material-ui/core/TextField';
import type { LastDayTerms } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { dayText } from '../marks';
import { FieldLabel } from './FieldLabel';
import type { RequestForm } from './useRequestForm';

/** The last day of the access, within what the company allows. */
export function UntilField(props: {
  form: RequestForm;
  terms: LastDayTerms;
  /** What is wrong with the day, as the backend says it. */
  error?: string;
}) {
  const { form, terms, error } = props;
  const t = useText();
  const { latest, today, rule } = terms;
  const { now } = form.until;
  const limit = latest
    ? t(rule ? 'grants.lastDayLatestByRule' : 'grants.lastDayLatest', {
        day: dayText(t, latest),
        rule: rule ?? '',
      })
    : form.kind !== 'renew' && t('grants.lastDayNone');
  return (
    <div>
      <FieldLabel htmlFor="callgate-until">{t('grants.lastDay')}</FieldLabel>
      <TextField
        id="callgate-until"
        type="date"
        variant="outlined"
        size="small"
        value={form.until.day}
        onChange={event => form.setUntil(event.target.value)}
        inputProps={{ min: today, ...(latest && { max: latest }) }}
        error={error !== undefined}
        helperText={
          error ??
          [
            now && t('grants.lastDayNow', { day: dayText(t, now) }),
            // To renew what has no end gives it one.
            !now && form.kind === 'renew' && t('grants.lastDayNever'),
            limit,
            t('grants.lastDayUtc'),
          ]
            .filter(Boolean)
            .join(' ')
        }
      />
    </div>
  );
}
