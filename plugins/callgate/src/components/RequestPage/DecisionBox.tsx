import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import {
  type AccessRequest,
  CALLGATE_LIMITS,
  type Transition,
} from '@callgate/plugin-callgate-common';
import { ReactNode, RefObject, useId } from 'react';
import { useText } from '../../translation';
import {
  isDecidedAfterwards,
  momentText,
  MONO,
  nameOf,
  Panel,
  Problem,
  quietGround,
  quietText,
  TimeAgo,
} from '../marks';
import { Deciders } from './Deciders';
import { hasManyNeeds, Needs } from './Needs';
import { shortDigest } from './shortDigest';
import { stepText } from './stepText';
import type { Decision } from './useDecision';

/** From here on it waits for a decision anew. */
const ASKED = ['ask-again', 'revise'];
const ENDS = ['reject', 'refuse', 'lapse', 'ask-change', 'withdraw'];

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2) },
  quiet: { color: quietText(theme) },
  digest: {
    fontFamily: MONO,
    fontSize: '0.9em',
    padding: theme.spacing(0, 0.5),
    whiteSpace: 'nowrap',
    backgroundColor: quietGround(theme),
  },
  note: { display: 'block', overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' },
  label: {
    display: 'block',
    marginBottom: theme.spacing(0.5),
    color: quietText(theme),
  },
}));

/** The decision: what it binds to, the note, the buttons, and who can decide. */
export function DecisionBox(props: {
  request: AccessRequest;
  decision: Decision;
  noteRef: RefObject<HTMLTextAreaElement>;
  /** The buttons, where they stand in the box. */
  actions?: ReactNode;
  /** What the requester can do besides. */
  ask?: ReactNode;
}) {
  const { request, decision, noteRef, actions, ask } = props;
  const classes = useStyles();
  const t = useText();
  const noteId = useId();
  const {
    state,
    timeline,
    approve,
    reject,
    requestedBy,
    digest,
    currentDigest = digest,
  } = request;
  const afterwards = isDecidedAfterwards(request);
  const undecided = state === 'submitted' || afterwards;
  const decided = undecided ? [] : decisiveSteps(timeline);
  const mayDecide = undecided && (approve.allowed || reject.allowed);
  if (
    !undecided &&
    decided.length === 0 &&
    !actions &&
    !ask &&
    !decision.error
  ) {
    return <></>;
  }
  return (
    <Panel
      title={
        afterwards
          ? t('glass.decide.title')
          : t(undecided ? 'request.decision' : 'request.decisionClosed')
      }
    >
      <div className={classes.root}>
        {afterwards && request.breakGlass && (
          <Typography variant="body2">
            {t('glass.decide.help', {
              when: momentText(t, request.breakGlass.expiresAt),
            })}
          </Typography>
        )}
        {mayDecide && (
          <Typography variant="body2" className={classes.quiet}>
            {t(afterwards ? 'glass.decide.binds' : 'request.binds', {
              digest: (
                <code className={classes.digest} title={currentDigest}>
                  {shortDigest(currentDigest)}
                </code>
              ),
            })}
          </Typography>
        )}
        {decided.map(step => (
          <Typography key={`${step.actor?.ref} ${step.at}`} variant="body2">
            {stepText(t, step)}{' '}
            <span className={classes.quiet}>
              <TimeAgo at={step.at} />
            </span>
            {step.reason && <span className={classes.note}>{step.reason}</span>}
          </Typography>
        ))}
        {decision.error && (
          <Problem title={t('request.actionFailed')} error={decision.error} />
        )}
        {mayDecide && (
          <div>
            <Typography
              variant="caption"
              component="label"
              htmlFor={noteId}
              className={classes.label}
            >
              {t(afterwards ? 'glass.decide.note' : 'request.note')}
            </Typography>
            <TextField
              id={noteId}
              variant="outlined"
              size="small"
              fullWidth
              multiline
              minRows={3}
              inputRef={noteRef}
              inputProps={{ maxLength: CALLGATE_LIMITS.reason }}
              placeholder={
                request.byCallgate
                  ? t('request.notePlaceholderOwners', {
                      who: nameOf(t, request.caller),
                    })
                  : t('request.notePlaceholder', {
                      who: nameOf(t, requestedBy),
                    })
              }
              value={decision.note}
              error={decision.noteMissing !== undefined}
              helperText={
                decision.noteMissing &&
                t(`request.needsNote.${decision.noteMissing}`)
              }
              onChange={event => decision.setNote(event.target.value)}
            />
          </div>
        )}
        {actions}
        {ask}
        {undecided && hasManyNeeds(request) && <Needs request={request} />}
        {undecided && <Deciders request={request} />}
      </div>
    </Panel>
  );
}

/** What decided: every approval since it was last asked, or the rejection or withdrawal that came after. */
function decisiveSteps(timeline: readonly Transition[]): Transition[] {
  const end = [...timeline]
    .reverse()
    .find(({ event }) => [...ENDS, ...ASKED].includes(event));
  if (end && ENDS.includes(end.event)) {
    return [end];
  }
  const asked = Math.max(
    ...ASKED.map(asks => timeline.map(({ event }) => event).lastIndexOf(asks)),
  );
  return timeline
    .slice(asked + 1)
    .filter(({ event }) =>
      ['approve', 'confirm', 'break-glass'].includes(event),
    );
}
