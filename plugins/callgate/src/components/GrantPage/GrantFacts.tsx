import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  EntityLabel,
  GrantPage,
  GrantReviewTerm,
} from '@callgate/plugin-callgate-common';
import { Fragment, type ReactNode } from 'react';
import { useReviewsPath } from '../../routing';
import { useText } from '../../translation';
import { everyText } from '../ReviewsPage/reviewWords';
import {
  dayText,
  EntityName,
  LastDay,
  MONO,
  OperationList,
  quietText,
} from '../marks';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: theme.spacing(1, 2),
    margin: 0,
    '& dt': { color: quietText(theme) },
    '& dd': { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
    [theme.breakpoints.down('xs')]: {
      gridTemplateColumns: 'minmax(0, 1fr)',
      rowGap: theme.spacing(0.25),
      '& dd': { marginBottom: theme.spacing(1) },
    },
  },
  text: { whiteSpace: 'pre-line' },
  id: { fontFamily: MONO, fontSize: theme.typography.pxToRem(13) },
}));

/** What a grant says, field by field. */
export function GrantFacts({ grant }: { grant: GrantPage }) {
  const classes = useStyles();
  const t = useText();
  const { declared, operations, until, reason, acceptedGaps } = grant;
  const { requestedBy, approvedBy, id } = grant;
  const facts: [string, ReactNode][] = [
    [t('grant.operations'), <OperationList operations={operations} />],
    [
      t('grant.clusters'),
      grant.in.length > 0 ? grant.in.join(', ') : t('grant.everywhere'),
    ],
  ];
  // What has ended is in no declaration, so that a reason which is not there says nothing of whether one was given.
  if (reason || declared)
    facts.push([
      t('grant.reason'),
      <span className={classes.text}>{reason || t('grant.noReason')}</span>,
    ]);
  const whyEnded = declared ? undefined : reasonOfEnd(grant);
  if (whyEnded)
    facts.push([
      t('grant.whyEnded'),
      <span className={classes.text}>{whyEnded}</span>,
    ]);
  if (declared)
    facts.push([
      t('grant.lastDay'),
      until ? <LastDay day={until} /> : t('grant.noLastDay'),
    ]);
  if (grant.breakGlass) facts.push([t('glass.mark'), t('glass.markHelp')]);
  if (grant.review)
    facts.push([t('reviews.term'), <ReviewTerm term={grant.review} />]);
  if (acceptedGaps.length > 0)
    facts.push([t('grant.gaps'), acceptedGaps.join(', ')]);
  if (requestedBy)
    facts.push([t('grant.people'), <People people={[requestedBy]} />]);
  if (approvedBy.length > 0)
    facts.push([t('grant.approvedBy'), <People people={approvedBy} />]);
  facts.push([t('grant.id'), <span className={classes.id}>{id}</span>]);
  return (
    <Typography variant="body2" component="dl" className={classes.root}>
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </Typography>
  );
}

/** Why it was ended, where that was asked here and is merged. */
function reasonOfEnd({ history }: GrantPage): string | undefined {
  const ends = history.filter(
    ({ request }) => request.kind === 'end' && request.state === 'merged',
  );
  return ends.at(-1)?.reason;
}

/** How often it is reviewed, and until when it stands without that. */
function ReviewTerm({ term }: { term: GrantReviewTerm }) {
  const t = useText();
  const path = useReviewsPath();
  const every = everyText(t, term);
  if (!term.due)
    return (
      <>{t('reviews.termNext', { every, day: dayText(t, term.until ?? '') })}</>
    );
  return (
    <>
      {t('reviews.termDue', { every })}
      {path && (
        <>
          {' '}
          <Link to={path}>{t('reviews.title')}</Link>
        </>
      )}
    </>
  );
}

function People({ people }: { people: readonly EntityLabel[] }) {
  return (
    <>
      {people.map((person, index) => (
        <Fragment key={person.ref || index}>
          {index > 0 && ', '}
          <EntityName entity={person} plain />
        </Fragment>
      ))}
    </>
  );
}
