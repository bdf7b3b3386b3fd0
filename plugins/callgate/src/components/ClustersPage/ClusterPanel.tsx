import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ClusterPlatform,
  PlatformField,
  PlatformProbes,
} from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Panel, quietText } from '../marks';
import { Fold } from './Fold';
import { PlatformFieldItem } from './PlatformFieldItem';
import { ProbeWayItem } from './ProbeWayItem';
import { RefusedProbesItem } from './RefusedProbesItem';

const GROUPS = ['found', 'stated', 'guessed'] as const;

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), minWidth: 0 },
  list: {
    display: 'grid',
    gap: theme.spacing(2),
    margin: theme.spacing(1, 0, 0),
    padding: 0,
    listStyle: 'none',
    minWidth: 0,
  },
  quiet: { color: quietText(theme) },
}));

/** Somebody has to say what is so, before verdicts that rest on it are sure. */
function isToSettle({ state, conditional }: PlatformField): boolean {
  return state === 'contradicts' || conditional;
}

function hasGateways({ found }: PlatformField): boolean {
  return found.some(({ takesFrom }) => takesFrom !== undefined);
}

/** What is known of one cluster: what has to be settled open, all else folded. */
export function ClusterPanel(props: {
  platform: ClusterPlatform;
  /** Not all of it was read, or not now: that nothing says something is then no fact. */
  isUnread: boolean;
}) {
  const { platform, isUnread } = props;
  const { cluster, hasProfile, fields, probes, missingKinds } = platform;
  const classes = useStyles();
  const t = useText();
  const open = fields.filter(isToSettle);
  const refused = probes?.ways.filter(({ way }) => way === 'refused') ?? [];
  const toSettle = refused.length + open.length;
  const settled = fields.filter(field => !isToSettle(field));
  const gateways = settled.filter(hasGateways);
  const rest = settled.filter(field => !hasGateways(field));
  return (
    <Panel title={cluster}>
      <div className={classes.root}>
        <Typography variant="body2">
          {isUnread && t('clusters.unread')}{' '}
          {toSettle > 0 && t('clusters.settle', { count: toSettle })}
          {toSettle === 0 && !isUnread && t('clusters.nothingToSettle')}{' '}
          {!hasProfile && !isUnread && t('clusters.noProfile')}
        </Typography>
        {toSettle > 0 && (
          <ul className={classes.list}>
            {refused.map(way => (
              <RefusedProbesItem
                key={way.way}
                way={way}
                closedBy={probes?.closedBy}
              />
            ))}
            {open.map(field => (
              <PlatformFieldItem key={field.field} field={field} />
            ))}
          </ul>
        )}
        {gateways.map(field => (
          <Fold
            key={field.field}
            summary={t('clusters.gateways', {
              count: field.found.length + (field.foundLeftOut ?? 0),
            })}
          >
            <Fields fields={[field]} />
          </Fold>
        ))}
        {probes && <Probes probes={probes} />}
        {GROUPS.map(state => {
          const own = rest.filter(field => field.state === state);
          return own.length === 0 ? null : (
            <Fold
              key={state}
              summary={t(`clusters.group.${state}`, { count: own.length })}
            >
              <Fields fields={own} />
            </Fold>
          );
        })}
        {missingKinds.length > 0 && (
          <Fold summary={t('clusters.missing', { count: missingKinds.length })}>
            <span className={classes.quiet}>{t('clusters.missingHelp')}</span>
            <ul>
              {missingKinds.map(kind => (
                <li key={kind}>{kind.replace(/^\//, '')}</li>
              ))}
            </ul>
          </Fold>
        )}
      </div>
    </Panel>
  );
}

function Fields({ fields }: { fields: readonly PlatformField[] }) {
  const classes = useStyles();
  return (
    <ul className={classes.list}>
      {fields.map(field => (
        <PlatformFieldItem key={field.field} field={field} />
      ))}
    </ul>
  );
}

function Probes({ probes }: { probes: PlatformProbes }) {
  const { workloads, ways, withheld } = probes;
  const classes = useStyles();
  const t = useText();
  return (
    <Fold summary={t('clusters.probes.summary', { count: workloads })}>
      <span className={classes.quiet}>{t('clusters.probes.help')}</span>
      <ul className={classes.list} aria-label={t('clusters.probes.title')}>
        {ways.map(way => (
          <ProbeWayItem key={way.way} way={way} probes={probes} />
        ))}
      </ul>
      {withheld && (
        <p className={classes.quiet}>{t('clusters.probes.withheld')}</p>
      )}
    </Fold>
  );
}
