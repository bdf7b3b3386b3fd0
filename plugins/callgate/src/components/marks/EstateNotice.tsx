import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import SyncIcon from '@material-ui/icons/Sync';
import WarningIcon from '@material-ui/icons/Warning';
import type { EstateState, Source } from '@callgate/plugin-callgate-common';
import { usePollWhile } from '../../hooks';
import { Text, useText } from '../../translation';
import { TimeAgo } from './TimeAgo';
import { toneColors } from './tones';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr) max-content',
    gap: theme.spacing(0.5, 1.5),
    alignItems: 'start',
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    color: toneColors(theme, 'warn').color,
    backgroundColor: toneColors(theme, 'warn').background,
    overflowWrap: 'anywhere',
    [theme.breakpoints.down('xs')]: {
      gridTemplateColumns: 'max-content minmax(0, 1fr)',
      '& > button': { gridColumn: 2, justifySelf: 'start' },
    },
  },
  calm: {
    color: toneColors(theme, 'info').color,
    backgroundColor: toneColors(theme, 'info').background,
  },
  icon: { fontSize: 20 },
}));

/** Whether nothing at all is known of what runs. */
export function nothingRead(estate: EstateState | undefined): boolean {
  return estate !== undefined && !['stale', 'partly'].includes(estate.state);
}

/** That what runs is not known, or not all of it: why, and what comes next. Nothing where all clusters were read. */
export function EstateNotice(props: { source: Source; reload: () => void }) {
  const { source, reload } = props;
  const { estate, problem } = source;
  const classes = useStyles();
  const t = useText();
  const isFirst = estate?.state === 'first-read';
  usePollWhile(isFirst, reload);
  if (!estate) return null;
  const Icon = isFirst ? SyncIcon : WarningIcon;
  const { what, next } = wordsOf(t, estate);
  return (
    <div
      role="status"
      aria-label={t('estate.label')}
      className={`${classes.root} ${isFirst ? classes.calm : ''}`}
    >
      <Icon className={classes.icon} aria-hidden />
      <div>
        <Typography variant="body2">
          <strong>{what}</strong>
        </Typography>
        {problem && !isFirst && (
          <Typography variant="body2">{problem}</Typography>
        )}
        {estate.state === 'partly' &&
          estate.clusters.map(
            ({ name, shownOf }) =>
              shownOf && (
                <Typography variant="body2" key={name}>
                  {t('estate.state.shownOf', {
                    cluster: name,
                    when: <TimeAgo at={shownOf} />,
                  })}
                </Typography>
              ),
          )}
        <Typography variant="body2">{next}</Typography>
      </div>
      {estate.state !== 'none-configured' && (
        <Button
          size="small"
          color="inherit"
          variant="outlined"
          onClick={reload}
        >
          {t('estate.again')}
        </Button>
      )}
    </div>
  );
}

function wordsOf(t: Text, { state, since, readAt, clusters }: EstateState) {
  switch (state) {
    case 'none-configured':
      return { what: t('estate.state.none'), next: t('estate.state.noneNext') };
    case 'first-read':
      return {
        what: t('estate.state.first', {
          when: since ? <TimeAgo at={since} /> : t('marks.justNow'),
        }),
        next: t('estate.state.firstNext'),
      };
    case 'never-read':
      return {
        what: t('estate.state.never'),
        next: t('estate.state.neverNext'),
      };
    case 'stale':
      return {
        what: readAt
          ? t('estate.state.stale', { when: <TimeAgo at={readAt} /> })
          : t('estate.state.staleNever'),
        next: t('estate.state.staleNext'),
      };
    default:
      return {
        what: t('estate.state.partly', {
          count: clusters.length,
          clusters: clusters.map(({ name }) => name).join(', '),
        }),
        next: t('estate.state.partlyNext'),
      };
  }
}
