import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  PlatformPlace,
  PlatformProbeWay,
} from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Badge } from '../marks';
import { placeText } from './placeText';
import { ProbePorts } from './ProbePorts';
import { useItemStyles } from './useItemStyles';

const useStyles = makeStyles(theme => ({
  name: { fontSize: theme.typography.pxToRem(13), fontWeight: 600 },
}));

/** Nothing lets these probes through: whoever closes the workloads cuts them off. What it is, and what to do. */
export function RefusedProbesItem(props: {
  way: PlatformProbeWay;
  /** What keeps them out; the profile does where it is absent. */
  closedBy?: PlatformPlace;
}) {
  const { way, closedBy } = props;
  const { workloads: count, example } = way;
  const item = useItemStyles();
  const classes = useStyles();
  const t = useText();
  return (
    <li className={item.root}>
      <div className={item.head}>
        <Typography variant="h4" className={classes.name}>
          {t('clusters.probes.title')}
        </Typography>
        <Badge tone="bad">{t('clusters.probes.state.refused')}</Badge>
      </div>
      <Typography variant="body2">
        {closedBy
          ? t('clusters.probes.keepsOut', {
              object: closedBy.object ?? '',
              place: placeText(closedBy),
            })
          : t('clusters.probes.noAddress')}{' '}
        {example === undefined
          ? t('clusters.probes.fail', { count })
          : t('clusters.probes.failSuchAs', { count, example })}
      </Typography>
      <Typography variant="body2">
        {t(closedBy ? 'clusters.probes.doOpen' : 'clusters.probes.doState')}
      </Typography>
      <ProbePorts ports={way.ports} />
    </li>
  );
}
