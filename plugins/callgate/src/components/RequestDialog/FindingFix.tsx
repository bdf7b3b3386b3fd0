import Button from '@material-ui/core/Button';
import { useText } from '../../translation';
import { missingHeads } from './resolveOperations';
import type { AskedFields } from './useRequestForm';

/** The button that does what a note says, where the form can do it. */
export function FindingFix(props: { code: string; form: AskedFields }) {
  const { code, form } = props;
  const t = useText();
  const heads = missingHeads(form.operations);
  if (code !== 'head-not-included' || heads.length === 0) {
    return null;
  }
  return (
    <Button
      size="small"
      color="primary"
      onClick={() => form.setOperations([...form.operations, ...heads])}
    >
      {t('dialog.addHead')}
    </Button>
  );
}
