import IconButton from '@material-ui/core/IconButton';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import CloseIcon from '@material-ui/icons/Close';
import type { ReactNode } from 'react';
import { useText } from '../../translation';
import { quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  head: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(2),
    padding: theme.spacing(3, 3, 2),
  },
  title: { fontSize: theme.typography.pxToRem(20), fontWeight: 600 },
  quiet: { color: quietText(theme) },
  close: {
    marginLeft: 'auto',
    '&:focus-visible': { outline: '2px solid currentColor' },
  },
}));

/** The top of a dialog in which much is written: what it is for, and the way out. */
export function DialogHead(props: {
  titleId: string;
  title: string;
  help: string;
  /** Something is on its way: there is no way out yet. */
  busy: boolean;
  /** What else stands below the title. */
  children?: ReactNode;
  onClose: () => void;
}) {
  const { titleId, title, help, busy, children, onClose } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <header className={classes.head}>
      <div>
        <Typography variant="h2" id={titleId} className={classes.title}>
          {title}
        </Typography>
        <Typography variant="body2" className={classes.quiet}>
          {help}
        </Typography>
        {children}
      </div>
      <IconButton
        className={classes.close}
        size="small"
        disabled={busy}
        // The ripple of a button that takes the focus while it is mounted is not there yet.
        disableFocusRipple
        aria-label={t('dialog.close')}
        onClick={onClose}
      >
        <CloseIcon />
      </IconButton>
    </header>
  );
}
