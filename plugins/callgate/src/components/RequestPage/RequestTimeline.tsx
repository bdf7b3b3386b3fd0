import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequest,
  ForgeComment,
  RequestComment,
  RequestState,
  Transition,
} from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import { Text, useText } from '../../translation';
import { accentText, nameOf, quietText, TimeAgo, toneText } from '../marks';
import { stepText } from './stepText';
import { useProposalLink } from './useProposalLink';

const useStyles = makeStyles(theme => ({
  root: { margin: 0, padding: 0, listStyle: 'none' },
  step: {
    position: 'relative',
    display: 'grid',
    gridTemplateColumns: `${theme.spacing(2)}px minmax(0, 1fr)`,
    columnGap: theme.spacing(1.5),
    paddingBottom: theme.spacing(2),
    '&:last-child': { paddingBottom: 0 },
    // The line from one step to the next.
    '&:not(:last-child)::before': {
      content: '""',
      position: 'absolute',
      left: theme.spacing(1) - 1,
      top: theme.spacing(2),
      bottom: theme.spacing(-0.5),
      width: 2,
      backgroundColor: theme.palette.divider,
    },
  },
  dot: {
    width: 12,
    height: 12,
    marginTop: 4,
    marginLeft: 2,
    borderRadius: '50%',
    border: '2px solid currentColor',
    color: quietText(theme),
    backgroundColor: theme.palette.background.paper,
    zIndex: 1,
  },
  done: { color: toneText(theme, 'good'), backgroundColor: 'currentColor' },
  ended: { color: toneText(theme, 'bad'), backgroundColor: 'currentColor' },
  current: { color: accentText(theme), backgroundColor: 'currentColor' },
  currentText: { fontWeight: 600 },
  quiet: { color: quietText(theme) },
  reason: { overflowWrap: 'anywhere', whiteSpace: 'pre-line' },
  link: { color: accentText(theme), fontWeight: 600 },
}));

const ENDS_BADLY: readonly RequestState[] = ['rejected', 'declined'];

/** What has happened to a request and was said about it, then what is still to come. */
export function RequestTimeline({ request }: { request: AccessRequest }) {
  const classes = useStyles();
  const t = useText();
  const proposal = useProposalLink(request.proposal);
  const next = nextSteps(t, request);
  return (
    <ol className={classes.root}>
      {inOrder(request).map(entry => {
        if ('forge' in entry)
          return <SaidOnForge key={entry.id} comment={entry} />;
        return 'event' in entry ? (
          <Step
            key={`${entry.event} ${entry.at}`}
            mark={ENDS_BADLY.includes(entry.to) ? classes.ended : classes.done}
          >
            <Typography variant="body2">
              {stepText(t, entry)}{' '}
              <Typography variant="caption" className={classes.quiet}>
                <TimeAgo at={entry.at} />
              </Typography>{' '}
              {proposal && isOfProposal(entry) && (
                <Link to={proposal.path} className={classes.link}>
                  {proposal.name}
                </Link>
              )}
            </Typography>
            {entry.reason && (
              <Typography
                variant="body2"
                dir="auto"
                className={`${classes.quiet} ${classes.reason}`}
              >
                {entry.reason}
              </Typography>
            )}
          </Step>
        ) : (
          <Step key={entry.id}>
            <Typography variant="body2">
              {t('request.comments.said', { who: nameOf(t, entry.by) })}{' '}
              <Typography variant="caption" className={classes.quiet}>
                <TimeAgo at={entry.at} />
              </Typography>
            </Typography>
            <Typography
              variant="body2"
              dir="auto"
              className={entry.text ? classes.reason : classes.quiet}
            >
              {entry.text ?? t('request.comments.hidden')}
            </Typography>
            {entry.mentions.length > 0 && (
              <Typography variant="caption" className={classes.quiet}>
                {t('request.comments.told', {
                  who: entry.mentions.map(each => nameOf(t, each)).join(', '),
                })}
              </Typography>
            )}
          </Step>
        );
      })}
      {next.map((text, index) => (
        <Step
          key={text}
          mark={index === 0 ? classes.current : undefined}
          current={index === 0}
        >
          <Typography
            variant="body2"
            className={index === 0 ? classes.currentText : classes.quiet}
          >
            {text}
          </Typography>
        </Step>
      ))}
    </ol>
  );
}

/** What somebody said on the pull request: plain text, and where it stands. */
function SaidOnForge({ comment }: { comment: ForgeComment }) {
  const classes = useStyles();
  const t = useText();
  const { at, by, person, number, decision, text, file, link } = comment;
  const who = person ? nameOf(t, person) : by;
  const done = decision ?? 'commented';
  return (
    <Step>
      <Typography variant="body2">
        {t(`request.said.${done}`, { who, number: `${number}` })}{' '}
        <Typography variant="caption" className={classes.quiet}>
          <TimeAgo at={at} />
        </Typography>{' '}
        {link && (
          <Link to={link} className={classes.link}>
            {t('request.said.there')}
          </Link>
        )}
      </Typography>
      {file && (
        <Typography
          variant="caption"
          component="div"
          className={`${classes.quiet} ${classes.reason}`}
        >
          {t('request.said.about', { file })}
        </Typography>
      )}
      {text !== '' && (
        <Typography
          variant="body2"
          dir="auto"
          className={text === undefined ? classes.quiet : classes.reason}
        >
          {text ?? t('request.said.hidden')}
        </Typography>
      )}
      {[
        comment.cut && t('request.said.longer'),
        comment.more && t('request.said.more'),
      ].map(
        note =>
          note && (
            <Typography
              key={note}
              variant="caption"
              component="div"
              className={classes.quiet}
            >
              {note}
            </Typography>
          ),
      )}
    </Step>
  );
}

function Step(props: {
  mark?: string;
  current?: boolean;
  children: ReactNode;
}) {
  const { mark, current, children } = props;
  const classes = useStyles();
  return (
    <li className={classes.step} aria-current={current ? 'step' : undefined}>
      <span className={`${classes.dot} ${mark ?? ''}`} aria-hidden />
      <div>{children}</div>
    </li>
  );
}

function inOrder({
  timeline,
  comments,
  said = [],
}: AccessRequest): (Transition | RequestComment | ForgeComment)[] {
  // Steps keep their order where several are of one moment.
  return [...timeline, ...comments, ...said].sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
}

function isOfProposal({ event }: Transition): boolean {
  return event === 'propose' || event === 'merge' || event === 'decline';
}

/** The steps that are still to come, the current one first. */
function nextSteps(
  t: Text,
  { state, needs, requestedBy }: AccessRequest,
): string[] {
  const who = [
    ...new Set(
      needs
        .filter(({ open }) => open > 0)
        .flatMap(({ of }) => of.map(label => nameOf(t, label))),
    ),
  ];
  const steps = [
    who.length > 0
      ? t('request.next.decide', { count: who.length, who: who.join(', ') })
      : t('request.next.nobody'),
    t('request.next.propose'),
    t('request.next.merge'),
  ];
  switch (state) {
    case 'submitted':
      return steps;
    case 'returned':
      return [
        t('request.next.revise', { who: nameOf(t, requestedBy) }),
        ...steps,
      ];
    case 'approved':
      return steps.slice(1);
    case 'proposed':
      return steps.slice(2);
    default:
      return [];
  }
}
