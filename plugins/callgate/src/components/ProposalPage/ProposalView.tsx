import { MarkdownContent } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles, Theme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type { Proposal } from '@callgate/plugin-callgate-common';
import type { Loaded } from '../../hooks';
import { useText } from '../../translation';
import {
  BuildProblemCard,
  FileList,
  FindingCard,
  MeaningCard,
  Panel,
  SourceLine,
  quietText,
  useHiddenText,
} from '../marks';
import { ChecksPanel } from './ChecksPanel';
import { CommitsPanel } from './CommitsPanel';
import { LastDays } from './LastDays';
import { ObjectionsPanel } from './ObjectionsPanel';
import { ProposalHead } from './ProposalHead';
import { RequestsPanel } from './RequestsPanel';
import { RevertPanel } from './RevertPanel';
import { ForgeBox, ReviewBox } from './ReviewBox';
import { ReviewsPanel } from './ReviewsPanel';
import { useReview } from './useReview';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(3), maxWidth: 1400 },
  columns: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) minmax(300px, 1fr)',
    gap: theme.spacing(3),
    alignItems: 'start',
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  column: { display: 'grid', gap: theme.spacing(3), minWidth: 0 },
  quiet: { color: quietText(theme) },
  scroll: { overflowX: 'auto' },
  // Headings of the description stand below those of the page.
  body: {
    overflowWrap: 'anywhere',
    fontSize: theme.typography.body2.fontSize,
    '& h1, & h2, & h3': {
      fontSize: theme.typography.pxToRem(15),
      fontWeight: 600,
      margin: theme.spacing(2, 0, 1),
    },
    '& p, & ul': { margin: theme.spacing(0, 0, 1) },
    lineHeight: 1.5,
    // Tables take the width there is: words stay whole, long names of objects break, what is wider still scrolls.
    '& table': { display: 'table', width: '100%' },
    '& th, & td': {
      minWidth: 76,
      padding: theme.spacing(0.5, 1),
      overflowWrap: 'break-word',
      wordBreak: 'normal',
      textAlign: 'left',
      verticalAlign: 'top',
    },
    '& td code': { overflowWrap: 'anywhere' },
  },
}));

const TITLES = {
  building: 'proposal.opens',
  failed: 'proposal.opens',
  open: 'proposal.opens',
  merged: 'proposal.changed',
  closed: 'proposal.wouldChange',
} as const;

/** A pull request: what it changes first, then its own words, the files, and what people and machines say of it. */
export function ProposalView(props: {
  proposal: Proposal;
  loaded: Loaded<Proposal>;
}) {
  const { proposal, loaded } = props;
  const classes = useStyles();
  const hidden = useHiddenText();
  const t = useText();
  const review = useReview(proposal, loaded);
  const {
    api,
    meaning,
    body,
    files,
    state,
    problem,
    conflicts,
    reviewsInPortal,
    drift,
    byItself,
    objections,
  } = proposal;
  const ended = state === 'merged' || state === 'closed';
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  // Below one another, what decides stands before what is long.
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'), {
    noSsr: true,
  });
  const decide = (
    <>
      <ObjectionsPanel objections={objections} review={review} />
      {!ended &&
        (reviewsInPortal ? (
          <ReviewBox proposal={proposal} review={review} />
        ) : (
          <ForgeBox proposal={proposal} />
        ))}
      <ChecksPanel checks={proposal.checks} />
    </>
  );
  return (
    <div className={classes.root}>
      <ProposalHead proposal={proposal} />
      <div role="status" className={hidden}>
        {review.done}
      </div>
      {problem && (
        <BuildProblemCard
          title={t('proposal.problem')}
          text={problem}
          mender={proposal.problemMender}
        />
      )}
      {!ended && review.changed && (
        <FindingCard
          finding={{
            code: 'newer',
            severity: 'warning',
            title: t('proposal.newer'),
            message: t('proposal.newerHelp'),
            objects: [],
          }}
        />
      )}
      {byItself && (
        <Typography variant="body2" role="note">
          {byItself}
        </Typography>
      )}
      {drift && (
        <FindingCard
          finding={{
            code: 'drift',
            severity: 'warning',
            title: t('proposal.drift'),
            message: t('proposal.driftHelp', {
              built: drift.built.slice(0, 7),
              found: drift.found.slice(0, 7),
            }),
            objects: [],
          }}
        />
      )}
      {!ended && conflicts.length > 0 && (
        <FindingCard
          finding={{
            code: 'conflicts',
            severity: 'warning',
            title: t('proposal.conflicts'),
            message: t('proposal.conflictsHelp'),
            fix: conflicts.join(', '),
            objects: [],
          }}
        />
      )}
      <div className={classes.columns}>
        <div className={classes.column}>
          <Panel title={t(TITLES[state])}>
            <MeaningCard api={api} meaning={meaning} />
            <LastDays requests={proposal.requests} />
          </Panel>
          {narrow && decide}
          <Panel
            title={t('proposal.files')}
            count={`${files.length} · +${additions} −${deletions}`}
          >
            <FileList files={files} split={!narrow} />
          </Panel>
          {body && (
            <Panel title={t('proposal.description')}>
              <div
                className={classes.scroll}
                role="group"
                tabIndex={0}
                aria-label={t('proposal.description')}
              >
                <MarkdownContent
                  content={body}
                  dialect="gfm"
                  className={classes.body}
                />
              </div>
            </Panel>
          )}
        </div>
        <div className={classes.column}>
          {!narrow && decide}
          <ReviewsPanel reviews={proposal.reviews} />
          <RequestsPanel requests={proposal.requests} />
          <RevertPanel proposal={proposal} />
          <CommitsPanel commits={proposal.commits} />
          <Typography variant="caption" className={classes.quiet}>
            <SourceLine source={proposal.source} />
          </Typography>
        </div>
      </div>
    </div>
  );
}
