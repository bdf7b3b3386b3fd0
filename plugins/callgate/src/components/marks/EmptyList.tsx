import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { Panel } from './Panel';
import { quietText } from './tones';

const useStyles = makeStyles(theme => ({
  root: { padding: theme.spacing(3, 0), textAlign: 'center' },
  title: { fontSize: theme.typography.pxToRem(16), fontWeight: 600 },
  help: { color: quietText(theme), marginTop: theme.spacing(0.5) },
}));

/** A list without rows: that it is so, and how something gets there. */
export function EmptyList(props: { title: string; help: string }) {
  const classes = useStyles();
  return (
    <Panel>
      <div className={classes.root}>
        <Typography variant="body2" className={classes.title}>
          {props.title}
        </Typography>
        <Typography variant="body2" className={classes.help}>
          {props.help}
        </Typography>
      </div>
    </Panel>
  );
}
