import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  GrantDecision,
  GrantPage,
  GrantReview,
  GrantStep,
} from '@callgate/plugin-callgate-common';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { type Text, useText } from '../../translation';
import {
  accentText,
  MONO,
  nameOf,
  quietText,
  StateChip,
  TimeAgo,
} from '../marks';
import { useProposalLink } from '../RequestPage';

const useStyles = makeStyles(theme => ({
  root: { margin: 0, padding: 0, listStyle: 'none' },
  step: {
    padding: theme.spacing(2, 0),
    borderTop: `1px solid ${theme.palette.divider}`,
    overflowWrap: 'anywhere',
    '&:first-child': { borderTop: 0, paddingTop: 0 },
    '&:last-child': { paddingBottom: 0 },
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
  },
  kind: { fontWeight: 600 },
  said: { margin: theme.spacing(0.5, 0), padding: 0, listStyle: 'none' },
  links: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    color: quietText(theme),
  },
  link: { color: accentText(theme), fontWeight: 600 },
  quiet: { color: quietText(theme) },
  reason: { color: quietText(theme), whiteSpace: 'pre-line' },
  commit: { fontFamily: MONO },
}));

/** Every request about a grant and every review of it, from the first one to now: who asked, what it meant, who decided, what came of it. */
export function GrantHistory({ grant }: { grant: GrantPage }) {
  const classes = useStyles();
  const t = useText();
  const { history, reviews } = grant;
  const steps = [
    ...history.map(step => ({
      at: step.request.createdAt,
      id: step.request.id,
      item: <Step step={step} />,
    })),
    ...reviews.map(review => ({
      at: review.at,
      id: review.id,
      item: <Review review={review} />,
    })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <>
      {history.length === 0 && (
        <Typography
          variant="body2"
          className={classes.quiet}
          paragraph={steps.length > 0}
        >
          {t(grant.declared ? 'grant.noHistory' : 'grant.noHistoryEnded')}
        </Typography>
      )}
      {steps.length > 0 && (
        <ol className={classes.root}>
          {steps.map(({ id, item }) => (
            <li key={id} className={classes.step}>
              {item}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** Somebody looked at it again, and it stayed as it was. */
function Review({ review }: { review: GrantReview }) {
  const { by, at, role, of, note, digest } = review;
  const classes = useStyles();
  const t = useText();
  return (
    <>
      <Typography variant="body2" component="div" className={classes.head}>
        <span className={classes.kind}>{t('reviews.history')}</span>
        <Typography variant="caption" className={classes.quiet}>
          <TimeAgo at={at} />
        </Typography>
      </Typography>
      <Typography variant="body2" title={digest}>
        {t('reviews.historyKept', {
          who: nameOf(t, by),
          role: roleText(t, role, of),
        })}
      </Typography>
      {note && (
        <Typography variant="body2" dir="auto" className={classes.quiet}>
          {note}
        </Typography>
      )}
    </>
  );
}

function Step({ step }: { step: GrantStep }) {
  const { request, meaning, reason, decisions, commit, mergedBy, mergedAt } =
    step;
  const { id, number, kind, state, waitsFor, requestedBy, createdAt } = request;
  const classes = useStyles();
  const t = useText();
  const route = useOptionalRouteRef(requestRouteRef);
  const proposal = useProposalLink(request.proposal);
  const title = t('grant.request', { number: String(number) });
  return (
    <>
      <Typography variant="body2" component="div" className={classes.head}>
        <span className={classes.kind}>{t(`grant.step.${kind}`)}</span>
        <StateChip state={state} waitsFor={waitsFor} />
        <Typography variant="caption" className={classes.quiet}>
          {t('grant.asked', {
            who: nameOf(t, requestedBy),
            when: <TimeAgo at={createdAt} />,
          })}
        </Typography>
      </Typography>
      <Typography variant="body2">{meaning}</Typography>
      {reason && (
        <Typography variant="body2" className={classes.reason}>
          {t('grant.because', { reason })}
        </Typography>
      )}
      <ul className={classes.said}>
        {decisions.map((decision, index) => (
          <Typography component="li" variant="body2" key={index}>
            {decisionText(t, decision)}{' '}
            <Typography variant="caption" className={classes.quiet}>
              <TimeAgo at={decision.at} />
            </Typography>
          </Typography>
        ))}
        {mergedAt && (
          <Typography component="li" variant="body2">
            {t('grant.merged', {
              who: mergedBy ? nameOf(t, mergedBy) : t('grant.somebody'),
            })}{' '}
            <Typography variant="caption" className={classes.quiet}>
              <TimeAgo at={mergedAt} />
            </Typography>
          </Typography>
        )}
      </ul>
      <Typography variant="body2" component="div" className={classes.links}>
        {route ? (
          <Link to={route({ id })} className={classes.link}>
            {title}
          </Link>
        ) : (
          <span>{title}</span>
        )}
        {proposal && (
          <Link to={proposal.path} className={classes.link}>
            {proposal.name}
          </Link>
        )}
        {commit && (
          <span title={commit}>
            {t('grant.commit', {
              commit: (
                <span className={classes.commit}>{commit.slice(0, 7)}</span>
              ),
            })}
          </span>
        )}
      </Typography>
    </>
  );
}

function decisionText(t: Text, { event, by, role, of }: GrantDecision): string {
  const who = by ? nameOf(t, by) : t('grant.somebody');
  switch (event) {
    case 'approved':
      return role === undefined
        ? t('grant.decision.approved', { who })
        : t('grant.decision.approvedAs', { who, role: roleText(t, role, of) });
    case 'not-needed':
      return t('grant.decision.notNeeded');
    case 'superseded':
      return t('grant.decision.superseded');
    case 'break-glass':
      return t('glass.decision.went');
    case 'undecided':
      return t('glass.decision.undecided');
    case 'confirmed':
      return role === undefined
        ? t('glass.decision.confirmed', { who })
        : t('glass.decision.confirmedAs', { who, role: roleText(t, role, of) });
    default:
      return t(`grant.decision.${event}`, { who });
  }
}

function roleText(
  t: Text,
  role: NonNullable<GrantDecision['role']>,
  of: GrantDecision['of'],
): string {
  const name = of ? nameOf(t, of) : '';
  switch (role) {
    case 'api-owner':
      return t('grant.role.apiOwner', { of: name });
    case 'caller-owner':
      return t('grant.role.callerOwner', { of: name });
    case 'group':
      return t('grant.role.group', { of: name });
    default:
      return t('grant.role.platform');
  }
}
