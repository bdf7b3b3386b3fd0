import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { DueReview } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import {
  Badge,
  dayText,
  LastDay,
  nameOf,
  OperationList,
  quietText,
  TimeAgo,
} from '../marks';
import { everyText } from './reviewWords';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(0.5), minWidth: 0 },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0.5, 1),
  },
  quiet: {
    color: quietText(theme),
    overflowWrap: 'anywhere',
    '& > * + *::before': { content: '"·"', margin: theme.spacing(0, 0.5) },
  },
}));

/** What a grant stands for now, and what is known of it: in the list and in the dialog. */
export function ReviewFacts({ review }: { review: DueReview }) {
  const classes = useStyles();
  const t = useText();
  const { operations, writes, clusters, acceptedGaps, until, reason } = review;
  const { since, dueSince, lastReview, requestedBy, last } = review;
  return (
    <div className={classes.root}>
      <div className={classes.line}>
        <OperationList operations={operations} />
        {writes && <Badge tone="warn">{t('reviews.writes')}</Badge>}
        {clusters.length === 0 && (
          <Badge tone="quiet">{t('reviews.nowhere')}</Badge>
        )}
        {last && <Badge tone="quiet">{t('reviews.lastOfApi')}</Badge>}
        {until && <LastDay day={until} />}
      </div>
      {reason && (
        <Typography variant="body2" dir="auto">
          {reason}
        </Typography>
      )}
      {acceptedGaps.length > 0 && (
        <Typography variant="body2">
          {t('reviews.gaps', { gaps: acceptedGaps.join(', ') })}
        </Typography>
      )}
      <Typography variant="caption" component="div" className={classes.quiet}>
        {clusters.length > 0 && (
          <span>{t('reviews.in', { clusters: clusters.join(', ') })}</span>
        )}
        {requestedBy && (
          <span>{t('reviews.askedBy', { who: nameOf(t, requestedBy) })}</span>
        )}
        <span>
          {since
            ? t('reviews.since', { when: <TimeAgo at={since} /> })
            : t('reviews.byHand')}
        </span>
        {lastReview && (
          <span>
            {t('reviews.lastReview', {
              who: nameOf(t, lastReview.by),
              when: <TimeAgo at={lastReview.at} />,
            })}
          </span>
        )}
        <span>
          {dueSince
            ? t('reviews.dueSince', { day: dayText(t, dueSince) })
            : t('reviews.neverDue')}
        </span>
        <span>{everyText(t, review)}</span>
      </Typography>
    </div>
  );
}
