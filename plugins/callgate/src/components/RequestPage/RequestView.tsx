import Typography from '@material-ui/core/Typography';
import { makeStyles, Theme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type {
  AccessRequest,
  RequestState,
} from '@callgate/plugin-callgate-common';
import { useEffect, useRef } from 'react';
import type { Loaded } from '../../hooks';
import { useText } from '../../translation';
import {
  BuildProblemCard,
  isDecidedAfterwards,
  isOfGrant,
  MeaningCard,
  Panel,
  quietText,
  TimeAgo,
  toneColors,
  useHiddenText,
} from '../marks';
import { CommentBox } from './CommentBox';
import { ConfirmPanel } from './ConfirmPanel';
import { DecisionActions } from './DecisionActions';
import { DecisionBar } from './DecisionBar';
import { DecisionBox } from './DecisionBox';
import { FilesPanel } from './FilesPanel';
import { MeaningDifference } from './MeaningDifference';
import { RequestHead } from './RequestHead';
import { ReviseAction, canAskOtherwise } from './ReviseAction';
import { RequestTimeline } from './RequestTimeline';
import { useDecision } from './useDecision';
import { useSeen } from './useSeen';

const OPENS_TITLE = {
  submitted: 'request.opens',
  returned: 'request.wouldOpenNow',
  approved: 'request.opens',
  proposed: 'request.opens',
  merged: 'request.opened',
  rejected: 'request.wouldOpen',
  withdrawn: 'request.wouldOpen',
  declined: 'request.wouldOpen',
  superseded: 'request.wouldOpen',
} as const;

const CHANGES_TITLE = {
  submitted: 'request.changes',
  returned: 'request.wouldChangeNow',
  approved: 'request.changes',
  proposed: 'request.changes',
  merged: 'request.changedThen',
  rejected: 'request.wouldChange',
  withdrawn: 'request.wouldChange',
  declined: 'request.wouldChange',
  superseded: 'request.wouldChange',
} as const;

/** States in which there are files of it, or will be. */
const IS_BUILT: readonly RequestState[] = [
  'submitted',
  'approved',
  'proposed',
  'merged',
];

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
  text: { whiteSpace: 'pre-line', overflowWrap: 'anywhere' },
  conflict: {
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    ...pick(theme),
  },
}));

function pick(theme: Theme) {
  const { color, background } = toneColors(theme, 'warn');
  return { color, backgroundColor: background };
}

/** A request: what it opens and why on the left, the decision on the right; on a phone the decision stays in reach. */
export function RequestView(props: {
  request: AccessRequest;
  loaded: Loaded<AccessRequest>;
  /** Ref of who reads it; absent where that is not known. */
  reader: string | undefined;
}) {
  const { request, loaded, reader } = props;
  const classes = useStyles();
  const hidden = useHiddenText();
  const t = useText();
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'), {
    noSsr: true,
  });
  const noteRef = useRef<HTMLTextAreaElement>(null);
  const headRef = useRef<HTMLHeadingElement>(null);
  const decision = useDecision(request, loaded);
  const { done } = decision;
  useEffect(() => {
    // The button that was pressed is gone: whoever goes by keyboard goes on from the top of what is new.
    if (done) headRef.current?.focus();
  }, [done]);
  const { before, lookedAt } = useSeen(request, reader);
  const {
    api,
    meaning,
    previousMeaning,
    meaningChanged,
    findings,
    state,
    reason,
    acceptedGaps,
  } = request;
  const actions = (
    <DecisionActions
      request={request}
      decision={decision}
      wait={before && t('request.lookFirst')}
      onNoteMissing={() => noteRef.current?.focus()}
    />
  );
  const isBuilt = IS_BUILT.includes(state);
  const titles = isOfGrant(request.kind) ? CHANGES_TITLE : OPENS_TITLE;
  // Names as people know them, and what an approver must not overlook.
  const inOneLine = [
    request.summary,
    meaning.flips.length > 0 && t('inbox.risk.flips'),
  ]
    .filter(Boolean)
    .join(' · ');
  const hasActions =
    state === 'submitted' ||
    isDecidedAfterwards(request) ||
    request.withdraw.allowed;
  const box = (
    <DecisionBox
      request={request}
      decision={decision}
      noteRef={noteRef}
      actions={!narrow && hasActions && actions}
      ask={
        canAskOtherwise(request) && (
          <ReviseAction
            request={request}
            onSent={revised => {
              // The dialog has shown its sender what it means now.
              lookedAt(revised);
              loaded.replace(revised);
            }}
          />
        )
      }
    />
  );
  return (
    <div className={classes.root}>
      <RequestHead request={request} headRef={headRef} />
      <div role="status" className={hidden}>
        {decision.done}
      </div>
      {decision.conflict && (
        <Typography
          role="alert"
          variant="body2"
          component="div"
          className={classes.conflict}
        >
          {t('request.changedMeanwhile')} {decision.conflict}{' '}
          {state !== 'submitted' &&
            t('request.nowIn', { state: t(`requestState.${state}`) })}
        </Typography>
      )}
      {request.problem && (
        <BuildProblemCard
          title={t('request.problem')}
          text={request.problem.text}
          mender={request.problem.mender}
        />
      )}
      {before && (
        <MeaningDifference
          api={api}
          title={t('request.changedSeen')}
          beforeTitle={t('request.beforeSeen')}
          before={before.meaning}
          now={meaning}
          onSeen={() => lookedAt()}
        />
      )}
      {!before && meaningChanged && previousMeaning && (
        <MeaningDifference
          api={api}
          title={t('request.changedTitle')}
          beforeTitle={t('request.before')}
          before={previousMeaning}
          now={meaning}
        />
      )}
      <div className={classes.columns}>
        <div className={classes.column}>
          {request.confirms && <ConfirmPanel confirms={request.confirms} />}
          <Panel title={t(titles[state])}>
            <MeaningCard
              api={api}
              meaning={{
                ...meaning,
                findings: [...meaning.findings, ...findings],
              }}
            />
          </Panel>
          <Panel title={t('request.why')}>
            <Typography variant="body2" className={classes.text}>
              {request.textsBlankedAt !== undefined
                ? t('request.textsBlanked', {
                    when: <TimeAgo at={request.textsBlankedAt} />,
                  })
                : reason || t('request.noReason')}
            </Typography>
            {request.in.length > 0 && (
              <Typography
                variant="caption"
                component="p"
                className={classes.quiet}
              >
                {t('request.scope', { clusters: request.in.join(', ') })}
              </Typography>
            )}
            {acceptedGaps.length > 0 && (
              <Typography
                variant="caption"
                component="p"
                className={classes.quiet}
              >
                {t('request.acknowledged', {
                  list: acceptedGaps.join(', '),
                })}
              </Typography>
            )}
          </Panel>
          {narrow && box}
          {(request.files.length > 0 || isBuilt) && (
            <FilesPanel
              files={request.files}
              state={state}
              isBreakGlass={request.breakGlass !== undefined}
            />
          )}
          <Panel title={t('request.timeline')}>
            <RequestTimeline request={request} />
            <CommentBox
              request={request}
              onSaid={answer => loaded.replace(answer)}
            />
          </Panel>
        </div>
        {!narrow && box}
      </div>
      {narrow && hasActions && (
        <DecisionBar text={inOneLine}>{actions}</DecisionBar>
      )}
    </div>
  );
}
