import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ClusterPlatform,
  PlatformField,
} from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Panel, quietText } from '../marks';
import { PlatformFieldItem } from './PlatformFieldItem';

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
  summary: { cursor: 'pointer', fontWeight: 600 },
  quiet: { color: quietText(theme) },
}));

/** Somebody has to say what is so, before verdicts that rest on it are sure. */
function isToSettle({ state, conditional }: PlatformField): boolean {
  return state === 'contradicts' || conditional;
}

/** What is known of one cluster: what has to be settled open, all else folded. */
export function ClusterPanel(props: {
  platform: ClusterPlatform;
  /** Not all of it was read, or not now: that nothing says something is then no fact. */
  isUnread: boolean;
}) {
  const { platform, isUnread } = props;
  const { cluster, hasProfile, fields, missingKinds } = platform;
  const classes = useStyles();
  const t = useText();
  const open = fields.filter(isToSettle);
  const rest = fields.filter(field => !isToSettle(field));
  return (
    <Panel title={cluster}>
      <div className={classes.root}>
        <Typography variant="body2">
          {isUnread && t('clusters.unread')}{' '}
          {open.length > 0 && t('clusters.settle', { count: open.length })}
          {open.length === 0 && !isUnread && t('clusters.nothingToSettle')}{' '}
          {!hasProfile && !isUnread && t('clusters.noProfile')}
        </Typography>
        {open.length > 0 && <Fields fields={open} />}
        {GROUPS.map(state => {
          const own = rest.filter(field => field.state === state);
          return own.length === 0 ? null : (
            <Typography key={state} variant="body2" component="details">
              <summary className={classes.summary}>
                {t(`clusters.group.${state}`, { count: own.length })}
              </summary>
              <Fields fields={own} />
            </Typography>
          );
        })}
        {missingKinds.length > 0 && (
          <Typography variant="body2" component="details">
            <summary className={classes.summary}>
              {t('clusters.missing', { count: missingKinds.length })}
            </summary>
            <span className={classes.quiet}>{t('clusters.missingHelp')}</span>
            <ul>
              {missingKinds.map(kind => (
                <li key={kind}>{kind.replace(/^\//, '')}</li>
              ))}
            </ul>
          </Typography>
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
