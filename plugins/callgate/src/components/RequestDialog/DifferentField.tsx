import TextField from '@material-ui/core/TextField';
import { CALLGATE_LIMITS } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { FieldLabel } from './FieldLabel';
import type { RequestForm } from './useRequestForm';

/** What is different from what was asked before, for who decides. */
export function DifferentField({ form }: { form: RequestForm }) {
  const t = useText();
  return (
    <div>
      <FieldLabel htmlFor="callgate-different">
        {t('dialog.different')}
      </FieldLabel>
      <TextField
        id="callgate-different"
        fullWidth
        multiline
        minRows={1}
        maxRows={4}
        variant="outlined"
        size="small"
        inputProps={{ maxLength: CALLGATE_LIMITS.reason }}
        placeholder={t('dialog.differentPlaceholder')}
        value={form.note}
        onChange={event => form.setNote(event.target.value)}
      />
    </div>
  );
}
