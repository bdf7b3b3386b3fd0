import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Proposal } from '@callgate/plugin-callgate-common';
import { useId } from 'react';
import { useText } from '../../translation';
import { BREAKS, MeaningCard } from '../marks';
import { LastDays } from './LastDays';

const useStyles = makeStyles(theme => ({
  where: { marginTop: theme.spacing(2) },
}));

/** Asks once more before a merge, with what it changes. */
export function MergeDialog(props: {
  proposal: Proposal;
  onClose: () => void;
  onMerge: () => void;
}) {
  const { proposal, onClose, onMerge } = props;
  const t = useText();
  const classes = useStyles();
  const titleId = useId();
  return (
    <Dialog
      open
      PaperProps={BREAKS}
      onClose={onClose}
      aria-labelledby={titleId}
      maxWidth="sm"
      fullWidth
    >
      <DialogTitle id={titleId}>{t('proposal.mergeTitle')}</DialogTitle>
      <DialogContent>
        <MeaningCard api={proposal.api} meaning={proposal.meaning} dense />
        <LastDays requests={proposal.requests} />
        <Typography variant="body2" className={classes.where}>
          {t('proposal.mergeHelp', { branch: proposal.source.branch })}
        </Typography>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t('proposal.cancel')}</Button>
        <Button variant="contained" color="primary" onClick={onMerge}>
          {t('proposal.mergeNow')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
