import { sidebarConfig } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  root: {
    position: 'sticky',
    bottom: theme.spacing(2),
    // On phones the portal's menu lies along the bottom.
    [theme.breakpoints.down('xs')]: {
      bottom: sidebarConfig.mobileSidebarHeight,
    },
    zIndex: 2,
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    padding: theme.spacing(1, 2),
  },
  text: { marginRight: 'auto' },
}));

/** Says how much is picked in a list, and leads on to what is done with it together. */
export function PickedBar(props: {
  /** Of the bar, for screen readers. */
  label: string;
  text: string;
  clear: string;
  open: string;
  onClear: () => void;
  onOpen: () => void;
}) {
  const { label, text, clear, open, onClear, onOpen } = props;
  const classes = useStyles();
  return (
    <Paper
      elevation={4}
      role="region"
      aria-label={label}
      className={classes.root}
    >
      <Typography variant="body2" aria-live="polite" className={classes.text}>
        {text}
      </Typography>
      <Button onClick={onClear}>{clear}</Button>
      <Button variant="contained" color="primary" onClick={onOpen}>
        {open}
      </Button>
    </Paper>
  );
}
