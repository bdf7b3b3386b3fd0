import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type {
  AccessRequest,
  AccessRequestSummary,
  DecisionInput,
  DecisionResult,
} from '@callgate/plugin-callgate-common';
import { useId, useState } from 'react';
import { callgateApiRef } from '../../api';
import { useLoaded } from '../../hooks';
import { type Text, useText } from '../../translation';
import {
  DecisionDialog,
  DecisionNote,
  useAttempt,
  useDecisionStyles,
} from '../dialogs';
import { MeaningCard, Status } from '../marks';

/** A picked request as it stands now, or why it cannot be read. */
type Picked =
  | { summary: AccessRequestSummary; request: AccessRequest }
  | { summary: AccessRequestSummary; error: Error };

/** Several requests with what each means, decided together. What becomes of each is said beside it. */
export function BulkDialog(props: {
  requests: readonly AccessRequestSummary[];
  onDecided: () => void;
  onClose: (decided: boolean) => void;
}) {
  const { requests, onDecided, onClose } = props;
  const callgate = useApi(callgateApiRef);
  const classes = useDecisionStyles();
  const t = useText();
  const noteId = useId();
  const loaded = useLoaded(
    requests.map(({ id }) => id).join(' '),
    (signal): Promise<Picked[]> =>
      Promise.all(
        requests.map(summary =>
          callgate.getRequest(summary.id, { signal }).then(
            request => ({ summary, request }),
            error => ({ summary, error }),
          ),
        ),
      ),
  );
  const [note, setNote] = useState('');
  const [noteMissing, setNoteMissing] = useState(false);
  const attempt = useAttempt<DecisionInput[], DecisionResult>(
    (decisions, key) => callgate.decideRequests({ decisions }, key),
    onDecided,
  );
  const { send, busy, results } = attempt;

  const readable = (loaded.value ?? []).flatMap(each =>
    'request' in each ? [each.request] : [],
  );
  const approvable = readable.filter(({ approve }) => approve.allowed);
  const rejectable = readable.filter(({ reject }) => reject.allowed);

  const approve = () =>
    send(
      approvable.map(({ id, version, digest, currentDigest = digest }) => ({
        id,
        decision: 'approve',
        digest: currentDigest,
        version,
        ...(note.trim() && { note: note.trim() }),
      })),
    );
  const reject = () => {
    if (note.trim() === '') {
      setNoteMissing(true);
      document.getElementById(noteId)?.focus();
      return;
    }
    send(
      rejectable.map(({ id, version }) => ({
        id,
        decision: 'reject',
        version,
        note: note.trim(),
      })),
    );
  };
  return (
    <DecisionDialog
      title={t('inbox.bulk.title', { count: requests.length })}
      attempt={attempt}
      failed={t('inbox.bulk.failed')}
      onClose={() => onClose(results !== undefined)}
      actions={
        <>
          <Button
            variant="outlined"
            color="primary"
            disabled={busy || rejectable.length === 0}
            onClick={reject}
          >
            {t('inbox.bulk.reject', { count: rejectable.length })}
          </Button>
          <Button
            variant="contained"
            color="primary"
            disabled={busy || approvable.length === 0}
            onClick={approve}
          >
            {t('inbox.bulk.approve', { count: approvable.length })}
          </Button>
        </>
      }
    >
      <Typography variant="body2" paragraph className={classes.quiet}>
        {t('inbox.bulk.help')}
      </Typography>
      <Status loaded={loaded} failed={t('inbox.failed')}>
        {picked => (
          <ul className={classes.list}>
            {picked.map(each => (
              <li key={each.summary.id} className={classes.item}>
                <Typography variant="body1" className={classes.title}>
                  {each.summary.summary}
                </Typography>
                <div role="status">
                  <Outcome
                    result={results?.find(({ id }) => id === each.summary.id)}
                  />
                </div>
                {'request' in each ? (
                  <>
                    {each.request.reason && (
                      <Typography
                        variant="body2"
                        dir="auto"
                        className={classes.quiet}
                        paragraph
                      >
                        {each.request.reason}
                      </Typography>
                    )}
                    {!results && leftOut(t, each.request)}
                    <MeaningCard
                      api={each.request.api}
                      meaning={{
                        ...each.request.meaning,
                        findings: [
                          ...each.request.meaning.findings,
                          ...each.request.findings,
                        ],
                      }}
                    />
                  </>
                ) : (
                  <Typography variant="body2" role="alert">
                    {t('inbox.bulk.unread', { error: each.error.message })}
                  </Typography>
                )}
              </li>
            ))}
          </ul>
        )}
      </Status>
      {!results && (
        <DecisionNote
          id={noteId}
          label={t('inbox.bulk.note')}
          value={note}
          help={noteMissing ? t('inbox.bulk.needsNote') : undefined}
          isMissing={noteMissing}
          onChange={value => {
            setNote(value);
            setNoteMissing(false);
          }}
        />
      )}
    </DecisionDialog>
  );
}

/** Why one of them is not approved with the others. */
function leftOut(t: Text, { approve }: AccessRequest) {
  return (
    !approve.allowed && (
      <Typography variant="body2" paragraph>
        {t('inbox.bulk.cannot', { reason: approve.reason ?? '' })}
      </Typography>
    )
  );
}

function Outcome({ result }: { result: DecisionResult | undefined }) {
  const t = useText();
  if (!result) return null;
  return (
    <Typography variant="body2" paragraph>
      {result.state
        ? t('inbox.bulk.done', { state: t(`requestState.${result.state}`) })
        : t('inbox.bulk.refused', { reason: result.error?.message ?? '' })}
    </Typography>
  );
}
