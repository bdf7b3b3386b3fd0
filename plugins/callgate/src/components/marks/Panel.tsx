import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { ReactNode, useId } from 'react';
import { quietText } from './tones';

const useStyles = makeStyles(theme => ({
  root: {
    padding: theme.spacing(3),
    minWidth: 0,
    // A name may have no place to break.
    overflowWrap: 'anywhere',
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2) },
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    marginBottom: theme.spacing(1.5),
  },
  title: { fontSize: theme.typography.pxToRem(16), fontWeight: 600 },
  count: {
    marginLeft: theme.spacing(1),
    color: quietText(theme),
    fontSize: theme.typography.pxToRem(12),
    fontWeight: 400,
    fontVariantNumeric: 'tabular-nums',
  },
  actions: { marginLeft: 'auto' },
}));

/** What a dialog is given, because names in it may have no place to break. */
export const BREAKS = { style: { overflowWrap: 'anywhere' } } as const;

/** A quiet card with a heading; never within another. */
export function Panel(props: {
  title?: string;
  /** Stands small after the title. */
  count?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const { title, count, actions, className, children } = props;
  const classes = useStyles();
  const titleId = useId();
  return (
    <Paper
      variant="outlined"
      component="section"
      className={`${classes.root} ${className ?? ''}`}
      aria-labelledby={title ? titleId : undefined}
    >
      {(title || actions) && (
        <div className={classes.head}>
          {title && (
            <Typography variant="h3" id={titleId} className={classes.title}>
              {title}
              {count !== undefined && (
                <span className={classes.count}>{count}</span>
              )}
            </Typography>
          )}
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
      )}
      {children}
    </Paper>
  );
}
