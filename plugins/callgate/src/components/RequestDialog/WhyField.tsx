import TextField from '@material-ui/core/TextField';
import { useText } from '../../translation';
import { isOfGrant } from '../marks';
import { FieldLabel } from './FieldLabel';
import type { RequestForm } from './useRequestForm';

/** What the access is for, or why the grant has to become another one. */
export function WhyField({ form }: { form: RequestForm }) {
  const t = useText();
  return (
    <div>
      <FieldLabel htmlFor="callgate-reason">{t('dialog.reason')}</FieldLabel>
      <TextField
        id="callgate-reason"
        fullWidth
        multiline
        minRows={2}
        maxRows={6}
        variant="outlined"
        size="small"
        placeholder={t(
          isOfGrant(form.kind)
            ? `grants.why.${form.kind}`
            : 'dialog.reasonPlaceholder',
        )}
        value={form.reason}
        onChange={event => form.setReason(event.target.value)}
      />
    </div>
  );
}
