import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import {
  type AccessRequest,
  type AccessRequestSummary,
  CALLGATE_LIMITS,
  type DecisionInput,
  type DecisionResult,
} from '@callgate/plugin-callgate-common';
import { useEffect, useId, useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { randomKey, useLoaded } from '../../hooks';
import { type Text, useText } from '../../translation';
import { BREAKS, MeaningCard, Problem, quietText, Status } from '../marks';

const useStyles = makeStyles(theme => ({
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    display: 'grid',
    gap: theme.spacing(2),
  },
  item: {
    padding: theme.spacing(2),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    minWidth: 0,
  },
  title: { fontWeight: 600, overflowWrap: 'anywhere' },
  quiet: { color: quietText(theme), overflowWrap: 'anywhere' },
  note: { marginTop: theme.spacing(2) },
}));

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
  const classes = useStyles();
  const t = useText();
  const theme = useTheme();
  const small = useMediaQuery(theme.breakpoints.down('xs'));
  const titleId = useId();
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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [results, setResults] = useState<readonly DecisionResult[]>();
  const attempt = useRef<{ body: string; key: string }>(undefined);
  const closeButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed is gone: whoever goes by keyboard goes on here.
    if (results) closeButton.current?.focus();
  }, [results]);

  const readable = (loaded.value ?? []).flatMap(each =>
    'request' in each ? [each.request] : [],
  );
  const approvable = readable.filter(({ approve }) => approve.allowed);
  const rejectable = readable.filter(({ reject }) => reject.allowed);

  const decide = async (decisions: DecisionInput[]) => {
    const body = JSON.stringify(decisions);
    if (attempt.current?.body !== body) {
      attempt.current = { body, key: randomKey() };
    }
    setBusy(true);
    setError(undefined);
    try {
      const answer = await callgate.decideRequests(
        { decisions },
        attempt.current.key,
      );
      setResults(answer.results);
      onDecided();
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      setBusy(false);
    }
  };
  const approve = () =>
    decide(
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
    decide(
      rejectable.map(({ id, version }) => ({
        id,
        decision: 'reject',
        version,
        note: note.trim(),
      })),
    );
  };
  const close = () => !busy && onClose(results !== undefined);
  return (
    <Dialog
      open
      onClose={close}
      fullScreen={small}
      fullWidth
      maxWidth="md"
      aria-labelledby={titleId}
      PaperProps={BREAKS}
    >
      <DialogTitle id={titleId}>
        {t('inbox.bulk.title', { count: requests.length })}
      </DialogTitle>
      <DialogContent>
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
          <TextField
            id={noteId}
            className={classes.note}
            label={t('inbox.bulk.note')}
            variant="outlined"
            size="small"
            fullWidth
            multiline
            minRows={2}
            inputProps={{ maxLength: CALLGATE_LIMITS.reason }}
            value={note}
            error={noteMissing}
            helperText={noteMissing && t('inbox.bulk.needsNote')}
            onChange={event => {
              setNote(event.target.value);
              setNoteMissing(false);
            }}
          />
        )}
        {error && <Problem title={t('inbox.bulk.failed')} error={error} />}
        {busy && (
          <Typography variant="body2" role="status">
            {t('inbox.bulk.deciding')}
          </Typography>
        )}
      </DialogContent>
      <DialogActions>
        {results ? (
          <Button
            ref={closeButton}
            variant="contained"
            color="primary"
            onClick={close}
          >
            {t('inbox.bulk.close')}
          </Button>
        ) : (
          <>
            <Button onClick={close} disabled={busy}>
              {t('inbox.bulk.cancel')}
            </Button>
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
        )}
      </DialogActions>
    </Dialog>
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
