import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import Typography from '@material-ui/core/Typography';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { useId } from 'react';
import { useText } from '../../translation';
import { BREAKS, nameOf } from '../marks';

/** Asks before a request is withdrawn, and says whose it is. Escape leaves it. */
export function WithdrawDialog(props: {
  request: AccessRequest;
  onStay: () => void;
  onWithdraw: () => void;
}) {
  const { request, onStay, onWithdraw } = props;
  const { mine, requestedBy, summary, number } = request;
  const t = useText();
  const titleId = useId();
  return (
    <Dialog open onClose={onStay} aria-labelledby={titleId} PaperProps={BREAKS}>
      <DialogTitle id={titleId}>
        {t('request.withdrawTitle', { number: String(number) })}
      </DialogTitle>
      <DialogContent>
        <Typography variant="body2" paragraph>
          {summary}.
        </Typography>
        <Typography variant="body2">
          {mine
            ? t('request.withdrawMine')
            : t('request.withdrawTheirs', { who: nameOf(t, requestedBy) })}
        </Typography>
      </DialogContent>
      <DialogActions>
        <Button onClick={onWithdraw}>{t('request.withdrawIt')}</Button>
        <Button variant="contained" color="primary" onClick={onStay}>
          {t('request.keepIt')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
