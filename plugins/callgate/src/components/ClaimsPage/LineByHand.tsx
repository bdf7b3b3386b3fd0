import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useText } from '../../translation';
import { MONO, quietGround } from '../marks';

const useStyles = makeStyles(theme => ({
  summary: { cursor: 'pointer' },
  line: {
    margin: theme.spacing(0.5, 0, 0),
    padding: theme.spacing(1),
    overflow: 'auto',
    borderRadius: theme.shape.borderRadius,
    backgroundColor: quietGround(theme),
    fontFamily: MONO,
    fontSize: theme.typography.pxToRem(12),
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
}));

/** The entry of a platform profile that settles something, for whoever works with Git. */
export function LineByHand(props: { line: string; where: string }) {
  const { line, where } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <Typography variant="body2" component="div">
      <details>
        <summary className={classes.summary}>{t('claims.byHand')}</summary>
        {where}
        <pre className={classes.line}>{line}</pre>
      </details>
    </Typography>
  );
}
