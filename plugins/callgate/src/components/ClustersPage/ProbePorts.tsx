import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useText } from '../../translation';
import { quietText } from '../marks';
import { Fold } from './Fold';

/** So many are there at once; all others fold. */
const FEW = 12;

const useStyles = makeStyles(theme => ({
  quiet: { color: quietText(theme), overflowWrap: 'anywhere' },
}));

/** On which ports of the pods they are probed; nothing where that is not known. */
export function ProbePorts({ ports }: { ports: readonly number[] }) {
  const classes = useStyles();
  const t = useText();
  const folded = ports.slice(FEW);
  return ports.length === 0 ? null : (
    <>
      <Typography variant="caption" className={classes.quiet}>
        {t('clusters.probes.ports', {
          count: ports.length,
          ports: ports.slice(0, FEW).join(', '),
        })}
      </Typography>
      {folded.length > 0 && (
        <Fold
          summary={t('clusters.probes.morePorts', { count: folded.length })}
        >
          <span className={classes.quiet}>{folded.join(', ')}</span>
        </Fold>
      )}
    </>
  );
}
