import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  PlatformProbes,
  PlatformProbeWay,
} from '@callgate/plugin-callgate-common';
import { type Text, useText } from '../../translation';
import { Badge, quietText } from '../marks';
import { ProbePorts } from './ProbePorts';

const TONES = {
  node: 'good',
  address: 'good',
  refused: 'bad',
  unknown: 'quiet',
} as const;

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(0.5), minWidth: 0 },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
  },
  name: { fontWeight: 600, overflowWrap: 'anywhere' },
  quiet: { color: quietText(theme) },
}));

/** Workloads whose probes come in one way: which, why they get through, and on which ports. */
export function ProbeWayItem(props: {
  way: PlatformProbeWay;
  probes: PlatformProbes;
}) {
  const { way, probes } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <li className={classes.root}>
      <div className={classes.head}>
        <Typography variant="body2" component="span" className={classes.name}>
          {whichText(way, t)}
        </Typography>
        <Badge
          tone={TONES[way.way]}
          icon={way.way === 'unknown' ? 'unknown' : undefined}
        >
          {t(`clusters.probes.state.${way.way}`)}
        </Badge>
      </div>
      <Typography variant="body2">{whyText(way, probes, t)}</Typography>
      <ProbePorts ports={way.ports} />
    </li>
  );
}

function whichText({ workloads, example }: PlatformProbeWay, t: Text): string {
  if (example === undefined)
    return t('clusters.probes.workloads', { count: workloads });
  return workloads === 1
    ? example
    : t('clusters.probes.andMore', {
        example,
        more: String(workloads - 1),
      });
}

function whyText(
  { way }: PlatformProbeWay,
  { addresses = [], closedBy }: PlatformProbes,
  t: Text,
): string {
  if (way === 'refused')
    return closedBy
      ? t('clusters.probes.why.closed', { object: closedBy.object ?? '' })
      : t('clusters.probes.noAddress');
  if (way === 'address' && addresses.length > 0)
    return t('clusters.probes.why.addresses', {
      addresses: addresses.join(', '),
    });
  return t(`clusters.probes.why.${way}`);
}
