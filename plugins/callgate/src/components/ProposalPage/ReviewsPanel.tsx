import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ProposalReview } from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { EntityName, Panel, quietText, TimeAgo } from '../marks';
import { useListStyles } from './useListStyles';

const useStyles = makeStyles(theme => ({
  quiet: { color: quietText(theme) },
  comment: { whiteSpace: 'pre-line', overflowWrap: 'anywhere' },
}));

/** What people have said of the pull request. */
export function ReviewsPanel({
  reviews,
}: {
  reviews: readonly ProposalReview[];
}) {
  const classes = useStyles();
  const list = useListStyles();
  const t = useText();
  return (
    <Panel title={t('proposal.reviews')} count={reviews.length || undefined}>
      {reviews.length === 0 ? (
        <Typography variant="body2">{t('proposal.noReviews')}</Typography>
      ) : (
        <ul className={list.list}>
          {reviews.map(({ by, of, decision, comment, at, head, outdated }) => (
            <li key={`${at} ${by.ref}`}>
              <Typography variant="body2" component="div">
                {of && of.ref !== by.ref
                  ? t('proposal.tookBack', {
                      who: <EntityName entity={by} plain />,
                      of: <EntityName entity={of} plain />,
                    })
                  : t('proposal.reviewedBy', {
                      who: <EntityName entity={by} plain />,
                      decision: t(`proposal.decision.${decision}`),
                    })}{' '}
                <span className={classes.quiet}>
                  <TimeAgo at={at} />
                </span>
              </Typography>
              {outdated && head && (
                <Typography
                  variant="caption"
                  component="div"
                  className={classes.quiet}
                >
                  {t(
                    decision === 'approved'
                      ? 'proposal.outdatedApproval'
                      : 'proposal.outdated',
                    { head: head.slice(0, 7) },
                  )}
                </Typography>
              )}
              {comment && (
                <Typography variant="body2" className={classes.comment}>
                  {comment}
                </Typography>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
