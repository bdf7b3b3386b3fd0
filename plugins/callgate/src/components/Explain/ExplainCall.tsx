import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequestDraft,
  Explanation,
  Operation,
} from '@callgate/plugin-callgate-common';
import { FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { useText } from '../../translation';
import { Problem } from '../marks';
import { CallParts, callOf, requestOf, toExplainedCall } from './explainedCall';
import { ExplanationView } from './ExplanationView';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2) },
  form: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1.5),
  },
  method: { flex: '0 0 160px' },
  path: { flex: '1 1 200px' },
}));

interface Answer {
  call: CallParts;
  explanations?: Explanation[];
  error?: Error;
}

/** Pick method and path, see the call hop by hop. */
export function ExplainCall(props: {
  api: string;
  caller: string;
  operation?: Operation;
  /** What the API offers: a request is then made of its operations. */
  offered?: readonly Operation[];
  /** Answers without being asked. */
  atOnce?: boolean;
  onRequest?: (draft: AccessRequestDraft) => void;
}) {
  const { api, caller, operation, offered = [], atOnce, onRequest } = props;
  const classes = useStyles();
  const t = useText();
  const callgate = useApi(callgateApiRef);
  const [call, setCall] = useState(() => callOf(operation));
  const [running, setRunning] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
  const asked = useRef<AbortController>(undefined);

  const run = useCallback(
    (question: CallParts) => {
      asked.current?.abort();
      const abort = new AbortController();
      asked.current = abort;
      setRunning(true);
      callgate
        .explain(toExplainedCall(api, caller, question), {
          signal: abort.signal,
        })
        .then(
          explanations => ({ call: question, explanations }),
          (error: Error) => ({ call: question, error }),
        )
        .then(next => {
          if (!abort.signal.aborted) {
            setAnswer(next);
            setRunning(false);
          }
        });
    },
    [api, caller, callgate],
  );
  useEffect(() => () => asked.current?.abort(), []);
  const first = useRef(atOnce ? call : undefined);
  useEffect(() => {
    if (first.current) {
      run(first.current);
      first.current = undefined;
    }
  }, [run]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    run(call);
  };
  return (
    <div className={classes.root}>
      <form className={classes.form} onSubmit={submit}>
        <TextField
          select
          className={classes.method}
          variant="outlined"
          size="small"
          label={t('explain.method')}
          id="callgate-explain-method"
          value={call.method}
          onChange={event => setCall({ ...call, method: event.target.value })}
          InputLabelProps={{ shrink: true }}
          SelectProps={{ displayEmpty: true }}
        >
          <MenuItem value="">{t('explain.anyMethod')}</MenuItem>
          {METHODS.map(method => (
            <MenuItem key={method} value={method}>
              {method}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          className={classes.path}
          variant="outlined"
          size="small"
          label={t('explain.path')}
          id="callgate-explain-path"
          placeholder="/orders/17"
          InputLabelProps={{ shrink: true }}
          value={call.path}
          disabled={!call.method}
          onChange={event => setCall({ ...call, path: event.target.value })}
        />
        <Button
          type="submit"
          variant="outlined"
          color="primary"
          disabled={running}
        >
          {t(running ? 'explain.running' : 'explain.run')}
        </Button>
      </form>
      {answer?.error && (
        <Problem title={t('explain.failed')} error={answer.error} />
      )}
      <div aria-live="polite">
        {answer?.explanations?.map((explanation, index) => (
          <ExplanationView
            key={`${explanation.cluster} ${index}`}
            explanation={explanation}
            onRequest={
              onRequest &&
              (() =>
                onRequest(
                  explanation.request ??
                    requestOf(api, caller, answer.call, offered),
                ))
            }
          />
        ))}
      </div>
    </div>
  );
}
