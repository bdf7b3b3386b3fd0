import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import Typography from '@material-ui/core/Typography';
import { useId } from 'react';
import { useText } from '../../translation';

/** Asks before what somebody has written goes. Escape goes on writing. */
export function DiscardDialog(props: {
  /** So many of what was written together are sent; they stay. */
  sent?: number;
  onStay: () => void;
  onDiscard: () => void;
}) {
  const { sent = 0, onStay, onDiscard } = props;
  const t = useText();
  const titleId = useId();
  return (
    <Dialog open onClose={onStay} aria-labelledby={titleId}>
      <DialogTitle id={titleId}>{t('dialog.discardTitle')}</DialogTitle>
      <DialogContent>
        <Typography variant="body2">
          {sent > 0
            ? t('dialog.discardRest', { count: sent })
            : t('dialog.discardHelp')}
        </Typography>
      </DialogContent>
      <DialogActions>
        <Button onClick={onDiscard}>{t('dialog.discard')}</Button>
        <Button variant="contained" color="primary" onClick={onStay}>
          {t('dialog.keepWriting')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
