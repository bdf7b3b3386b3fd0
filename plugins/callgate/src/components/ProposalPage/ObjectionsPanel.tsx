import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import {
  CALLGATE_LIMITS,
  type ProposalObjection,
} from '@callgate/plugin-callgate-common';
import { useId, useRef, useState } from 'react';
import { useText } from '../../translation';
import {
  CapabilityButton,
  EntityName,
  Panel,
  quietText,
  TimeAgo,
} from '../marks';
import { useListStyles } from './useListStyles';
import type { Review } from './useReview';

const SHORT = 7;

const useStyles = makeStyles(theme => ({
  quiet: { color: quietText(theme) },
  comment: { whiteSpace: 'pre-line', overflowWrap: 'anywhere' },
  label: {
    display: 'block',
    marginTop: theme.spacing(1),
    color: quietText(theme),
  },
  button: { marginTop: theme.spacing(1) },
}));

/** What stops a merge, who said it of which version, and the way to take it back for whoever may. */
export function ObjectionsPanel(props: {
  objections: readonly ProposalObjection[];
  review: Review;
}) {
  const { objections, review } = props;
  const list = useListStyles();
  const t = useText();
  if (objections.length === 0) {
    return <></>;
  }
  return (
    <Panel title={t('proposal.objections')} count={objections.length}>
      <Typography variant="body2" paragraph>
        {t('proposal.objectionHelp')}
      </Typography>
      <ul className={list.list}>
        {objections.map(objection => (
          <ObjectionRow
            key={objection.id}
            objection={objection}
            review={review}
          />
        ))}
      </ul>
    </Panel>
  );
}

function ObjectionRow(props: { objection: ProposalObjection; review: Review }) {
  const { objection, review } = props;
  const { by, at, head, comment, own, takeBack } = objection;
  const classes = useStyles();
  const t = useText();
  const reasonId = useId();
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const needsReason = takeBack.allowed && !own;
  const who = <EntityName entity={by} plain />;
  const back = () => {
    const text = reason.trim();
    if (needsReason && text === '') {
      setMissing(true);
      reasonRef.current?.focus();
    } else {
      review.takeBack(objection, text);
    }
  };
  return (
    <li>
      <Typography variant="body2" component="div">
        {head
          ? t('proposal.objected', {
              who,
              head: <code title={head}>{head.slice(0, SHORT)}</code>,
            })
          : t('proposal.objectedAnywhere', { who })}{' '}
        <span className={classes.quiet}>
          <TimeAgo at={at} />
        </span>
      </Typography>
      {comment && (
        <Typography variant="body2" className={classes.comment}>
          {comment}
        </Typography>
      )}
      {needsReason && (
        <>
          <Typography
            variant="caption"
            component="label"
            htmlFor={reasonId}
            className={classes.label}
          >
            {t('proposal.takeBackReason')}
          </Typography>
          <TextField
            id={reasonId}
            variant="outlined"
            size="small"
            fullWidth
            multiline
            inputRef={reasonRef}
            inputProps={{ maxLength: CALLGATE_LIMITS.reason }}
            value={reason}
            error={missing}
            helperText={missing && t('proposal.needsReason')}
            onChange={event => {
              setReason(event.target.value);
              setMissing(false);
            }}
          />
        </>
      )}
      <div className={classes.button}>
        <CapabilityButton
          size="small"
          variant="outlined"
          color="primary"
          capability={takeBack}
          disabled={review.busy}
          onClick={back}
        >
          {t('proposal.takeBack')}
        </CapabilityButton>
      </div>
    </li>
  );
}
