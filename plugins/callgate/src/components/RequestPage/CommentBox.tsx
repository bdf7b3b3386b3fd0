import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import {
  type AccessRequest,
  CALLGATE_LIMITS,
  type RequestState,
} from '@callgate/plugin-callgate-common';
import { FormEvent, useId, useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { randomKey } from '../../hooks';
import { useText } from '../../translation';
import { Problem, quietText, useHiddenText } from '../marks';
import { type MentionOption, MentionField } from './MentionField';

/** While it waits for somebody those who decide hear of it as well. */
const UNDECIDED: readonly RequestState[] = ['submitted', 'returned'];

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1.5),
    marginTop: theme.spacing(2),
  },
  label: { display: 'block', marginBottom: theme.spacing(0.5) },
  quiet: { color: quietText(theme) },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    '& > :last-child': { marginLeft: 'auto' },
  },
}));

/** Says something about a request: to who asked and who decides, and to people who are named. */
export function CommentBox(props: {
  request: AccessRequest;
  onSaid: (request: AccessRequest) => void;
}) {
  const { request, onSaid } = props;
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const hidden = useHiddenText();
  const t = useText();
  const textId = useId();
  const [text, setText] = useState('');
  const [mentions, setMentions] = useState<MentionOption[]>([]);
  const [state, setState] = useState<'idle' | 'sending' | 'sent' | Error>(
    'idle',
  );
  const attempt = useRef<{ body: string; key: string }>(undefined);
  if (!request.comment.allowed) return null;

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '' || state === 'sending') return;
    const content = {
      text: text.trim(),
      ...(mentions.length > 0 && { mentions: mentions.map(({ ref }) => ref) }),
    };
    const body = JSON.stringify(content);
    if (attempt.current?.body !== body) {
      attempt.current = { body, key: randomKey() };
    }
    setState('sending');
    try {
      onSaid(
        await callgate.commentOnRequest(
          request.id,
          content,
          attempt.current.key,
        ),
      );
      // The same words once more are another comment.
      attempt.current = undefined;
      setText('');
      setMentions([]);
      setState('sent');
    } catch (failure) {
      setState(failure instanceof Error ? failure : new Error(String(failure)));
    }
  };
  return (
    <form className={classes.root} onSubmit={send}>
      <div role="status" className={hidden}>
        {state === 'sent' && t('request.comments.sent')}
      </div>
      <div>
        <Typography
          variant="caption"
          component="label"
          htmlFor={textId}
          className={`${classes.label} ${classes.quiet}`}
        >
          {t('request.comments.label')}
        </Typography>
        <TextField
          id={textId}
          variant="outlined"
          size="small"
          fullWidth
          multiline
          minRows={2}
          maxRows={8}
          inputProps={{ maxLength: CALLGATE_LIMITS.reason, dir: 'auto' }}
          placeholder={t('request.comments.placeholder')}
          value={text}
          onChange={event => {
            setText(event.target.value);
            setState('idle');
          }}
        />
      </div>
      {text.trim() !== '' && (
        <MentionField
          request={request}
          value={mentions}
          onChange={setMentions}
        />
      )}
      {state instanceof Error && (
        <Problem title={t('request.comments.failed')} error={state} />
      )}
      <div className={classes.line}>
        <Typography variant="caption" className={classes.quiet}>
          {t(
            UNDECIDED.includes(request.state)
              ? 'request.comments.help'
              : 'request.comments.helpDecided',
          )}
        </Typography>
        <Button
          type="submit"
          variant="outlined"
          color="primary"
          size="small"
          disabled={text.trim() === ''}
        >
          {t(
            state === 'sending'
              ? 'request.comments.sending'
              : 'request.comments.send',
          )}
        </Button>
      </div>
    </form>
  );
}
