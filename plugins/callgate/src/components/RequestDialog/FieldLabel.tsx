import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    marginBottom: theme.spacing(0.5),
    fontSize: theme.typography.pxToRem(12),
    color: quietText(theme),
  },
}));

/** A quiet label above a field, and what is said of its value at the end of the line. */
export function FieldLabel(props: {
  htmlFor?: string;
  id?: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const { htmlFor, id, aside, children } = props;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      {htmlFor ? (
        <label htmlFor={htmlFor} id={id}>
          {children}
        </label>
      ) : (
        <span id={id}>{children}</span>
      )}
      {aside}
    </div>
  );
}
