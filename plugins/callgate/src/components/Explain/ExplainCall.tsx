import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequestDraft,
  Explanation,
  Operation,
} from '@callgate/plugin-callgate-common';
import { FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { useText } from '../../translation';
import { Problem, quietText, SourceLine } from '../marks';
import { CallFields } from './CallFields';
import { CopyCallLink } from './CopyCallLink';
import {
  CallParts,
  callOf,
  requestOf,
  sameCall,
  toExplainedCall,
} from './explainedCall';
import { ExplanationView } from './ExplanationView';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2) },
  form: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1.5),
  },
  source: { marginTop: theme.spacing(1), color: quietText(theme) },
}));

interface Answer {
  call: CallParts;
  explanations?: Explanation[];
  error?: Error;
}

/** Pick an operation, or write method and path, and see the call hop by hop. */
export function ExplainCall(props: {
  api: string;
  caller: string;
  operation?: Operation;
  /** What the API offers: a request is then made of its operations. */
  offered?: readonly Operation[];
  /** Where the API runs: with several, one of them can be asked about. */
  clusters?: readonly string[];
  /** The call that it begins with, in place of one for the operation. */
  start?: CallParts;
  /** Answers without being asked. */
  atOnce?: boolean;
  /** Told of what is asked next; where it is given, the answer is for whoever gave it to show. */
  onAsk?: (call: CallParts) => void;
  onRequest?: (draft: AccessRequestDraft) => void;
}) {
  const {
    api,
    caller,
    operation,
    offered = [],
    clusters = [],
    start,
    atOnce,
    onAsk,
    onRequest,
  } = props;
  const classes = useStyles();
  const t = useText();
  const callgate = useApi(callgateApiRef);
  const [call, setCall] = useState(() => start ?? callOf(operation));
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
    if (onAsk && !isSame(call, answer?.call)) onAsk(call);
    else run(call);
  };
  return (
    <div className={classes.root}>
      <form className={classes.form} onSubmit={submit}>
        <CallFields
          call={call}
          offered={offered}
          clusters={clusters}
          onChange={setCall}
        />
        <Button
          type="submit"
          variant="outlined"
          color="primary"
          disabled={running}
        >
          {t(running ? 'explain.running' : 'explain.run')}
        </Button>
        {answer && <CopyCallLink from={caller} to={api} call={answer.call} />}
      </form>
      {answer?.error && (
        <Problem title={t('explain.failed')} error={answer.error} />
      )}
      <div aria-live="polite" aria-busy={running}>
        {answer?.explanations?.map((explanation, index) => (
          <ExplanationView
            key={`${explanation.cluster} ${index}`}
            explanation={explanation}
            onRequest={
              onRequest &&
              (() =>
                onRequest({
                  ...requestOf(api, caller, answer.call, offered),
                  // Where it is refused, and nowhere else: that closes nothing where it is open.
                  ...(clusters.length > 1 && { in: [explanation.cluster] }),
                }))
            }
          />
        ))}
        {answer?.explanations?.[0] && (
          <Typography variant="body2" className={classes.source}>
            <SourceLine source={answer.explanations[0].source} />
          </Typography>
        )}
      </div>
    </div>
  );
}

function isSame(call: CallParts, other: CallParts | undefined): boolean {
  return (
    other !== undefined &&
    sameCall(call, other) &&
    call.host === other.host &&
    call.cluster === other.cluster
  );
}
