import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useText } from '../../translation';
import { quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0, 1),
    color: quietText(theme),
  },
}));

/** Says that what stands in the fields was written before, and offers to begin anew. */
export function RestoredLine(props: { busy: boolean; onDrop: () => void }) {
  const { busy, onDrop } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <Typography
      variant="body2"
      component="div"
      role="status"
      className={classes.root}
    >
      {t('dialog.restored')}
      <Button size="small" color="primary" disabled={busy} onClick={onDrop}>
        {t('dialog.startAnew')}
      </Button>
    </Typography>
  );
}
