import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  summary: { cursor: 'pointer', fontWeight: 600 },
});

/** What is there for whoever asks for it. */
export function Fold(props: { summary: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <Typography variant="body2" component="details">
      <summary className={classes.summary}>{props.summary}</summary>
      {props.children}
    </Typography>
  );
}
