import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import type { EntityLabel, Operation } from '@callgate/plugin-callgate-common';
import { useId } from 'react';
import { useText } from '../../translation';
import { BREAKS, nameOf } from '../marks';
import { ExplainCall } from './ExplainCall';

/** Why one caller can or cannot call an API, answered at once for the operation that it was opened for. */
export function ExplainDialog(props: {
  api: EntityLabel;
  caller: EntityLabel;
  operation?: Operation;
  onClose: () => void;
}) {
  const { api, caller, operation, onClose } = props;
  const t = useText();
  const titleId = useId();
  return (
    <Dialog
      open
      PaperProps={BREAKS}
      onClose={onClose}
      maxWidth="md"
      fullWidth
      aria-labelledby={titleId}
    >
      <DialogTitle id={titleId}>
        {t('explain.title', { caller: nameOf(t, caller), api: nameOf(t, api) })}
      </DialogTitle>
      <DialogContent>
        <ExplainCall
          api={api.ref}
          caller={caller.ref}
          operation={operation}
          atOnce
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t('policy.close')}</Button>
      </DialogActions>
    </Dialog>
  );
}
