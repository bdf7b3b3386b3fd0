import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useText } from '../../translation';
import { BREAKS, Problem } from '../marks';
import type { Attempt } from './useAttempt';

const useStyles = makeStyles(theme => ({
  actions: { flexWrap: 'wrap', padding: theme.spacing(2, 3) },
}));

/** Several things decided at once: what it is about, the buttons that decide, and, once the answer is there, what became of each. */
export function DecisionDialog(props: {
  title: string;
  /** What is being sent, or came back. */
  attempt: Omit<Attempt<never, unknown>, 'send'>;
  /** Title of the error where nothing came back. */
  failed: string;
  maxWidth?: 'sm' | 'md';
  children: ReactNode;
  /** The buttons that decide; they are gone once it is decided. */
  actions: ReactNode;
  /** Closed by hand; never while something is on its way. */
  onClose: () => void;
}) {
  const { title, attempt, failed, maxWidth = 'md', children, actions } = props;
  const { busy, error, results } = attempt;
  const classes = useStyles();
  const t = useText();
  const theme = useTheme();
  const small = useMediaQuery(theme.breakpoints.down('xs'));
  const titleId = useId();
  const closeButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed is gone: whoever goes by keyboard goes on here.
    if (results) closeButton.current?.focus();
  }, [results]);
  const close = () => !busy && props.onClose();
  return (
    <Dialog
      open
      onClose={close}
      fullScreen={small}
      fullWidth
      maxWidth={maxWidth}
      aria-labelledby={titleId}
      PaperProps={BREAKS}
    >
      <DialogTitle id={titleId}>{title}</DialogTitle>
      <DialogContent>
        {children}
        {error && <Problem title={failed} error={error} />}
        {busy && (
          <Typography variant="body2" role="status">
            {t('dialog.sending')}
          </Typography>
        )}
      </DialogContent>
      <DialogActions className={classes.actions}>
        {results ? (
          <Button
            ref={closeButton}
            variant="contained"
            color="primary"
            onClick={close}
          >
            {t('dialog.close')}
          </Button>
        ) : (
          <>
            <Button onClick={close} disabled={busy}>
              {t('dialog.cancel')}
            </Button>
            {actions}
          </>
        )}
      </DialogActions>
    </Dialog>
  );
}
