import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormHelperText from '@material-ui/core/FormHelperText';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import {
  CALLGATE_LIMITS,
  type DueReview,
  type ReviewDecision,
  type ReviewResult,
} from '@callgate/plugin-callgate-common';
import { useEffect, useId, useRef, useState } from 'react';
import { callgateApiRef } from '../../api';
import { randomKey } from '../../hooks';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { accentText, BREAKS, nameOf, Problem, quietText } from '../marks';
import { ReviewFacts } from './ReviewFacts';
import { reviewKey, whatOf } from './reviewWords';

type WhenLast = NonNullable<ReviewDecision['whenLast']>;

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
  link: { color: accentText(theme), fontWeight: 600 },
  note: { marginTop: theme.spacing(2) },
  actions: { padding: theme.spacing(2, 3) },
}));

/** Whether some grants stay, decided together. What becomes of each is said beside it. */
export function ReviewDialog(props: {
  reviews: readonly DueReview[];
  onDecided: () => void;
  onClose: (decided: boolean) => void;
}) {
  const { reviews, onDecided, onClose } = props;
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const t = useText();
  const theme = useTheme();
  const small = useMediaQuery(theme.breakpoints.down('xs'));
  const titleId = useId();
  const noteId = useId();
  const [note, setNote] = useState('');
  const [noteMissing, setNoteMissing] = useState(false);
  const [whenLast, setWhenLast] = useState<ReadonlyMap<string, WhenLast>>(
    new Map(),
  );
  const [lastMissing, setLastMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [results, setResults] = useState<readonly ReviewResult[]>();
  const attempt = useRef<{ body: string; key: string }>(undefined);
  const closeButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed is gone: whoever goes by keyboard goes on here.
    if (results) closeButton.current?.focus();
  }, [results]);

  const keepable = reviews.filter(({ keep }) => keep.allowed);
  const endable = reviews.filter(({ end }) => end.allowed);
  const decide = async (decisions: ReviewDecision[]) => {
    const body = {
      decisions,
      ...(note.trim() && { note: note.trim() }),
    };
    const text = JSON.stringify(body);
    if (attempt.current?.body !== text) {
      attempt.current = { body: text, key: randomKey() };
    }
    setBusy(true);
    setError(undefined);
    try {
      const answer = await callgate.decideReviews(body, attempt.current.key);
      setResults(answer.results);
      onDecided();
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      setBusy(false);
    }
  };
  const decisionOf = ({ api, grant, digest }: DueReview) => ({
    ...{ grant, digest },
    api: api.ref,
  });
  const keep = () =>
    decide(
      keepable.map(each => ({
        ...decisionOf(each),
        decision: 'keep' as const,
      })),
    );
  const end = () => {
    const unsaid = endable.some(
      each => each.last && !whenLast.has(reviewKey(each)),
    );
    setLastMissing(unsaid);
    setNoteMissing(note.trim() === '');
    if (note.trim() === '') {
      document.getElementById(noteId)?.focus();
      return;
    }
    if (unsaid) return;
    decide(
      endable.map(each => {
        const then = each.last ? whenLast.get(reviewKey(each)) : undefined;
        return {
          ...decisionOf(each),
          decision: 'end' as const,
          ...(then && { whenLast: then }),
        };
      }),
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
        {t('reviews.dialogTitle', { count: reviews.length })}
      </DialogTitle>
      <DialogContent>
        <ul className={classes.list}>
          {reviews.map(each => (
            <li key={reviewKey(each)} className={classes.item}>
              <Typography variant="body1" className={classes.title}>
                {whatOf(t, each)}
              </Typography>
              <div role="status">
                <Outcome
                  result={results?.find(
                    ({ api, grant }) =>
                      api === each.api.ref && grant === each.grant,
                  )}
                />
              </div>
              <ReviewFacts review={each} />
              {!results && (
                <>
                  <Limits review={each} />
                  {each.last && each.end.allowed && (
                    <WhenLastChoice
                      review={each}
                      value={whenLast.get(reviewKey(each))}
                      isMissing={lastMissing && !whenLast.has(reviewKey(each))}
                      onChange={then =>
                        setWhenLast(
                          new Map(whenLast).set(reviewKey(each), then),
                        )
                      }
                    />
                  )}
                </>
              )}
            </li>
          ))}
        </ul>
        {!results && (
          <TextField
            id={noteId}
            className={classes.note}
            label={t('reviews.note')}
            variant="outlined"
            size="small"
            fullWidth
            multiline
            minRows={2}
            inputProps={{ maxLength: CALLGATE_LIMITS.reason }}
            value={note}
            error={noteMissing}
            helperText={t(
              noteMissing ? 'reviews.needsNote' : 'reviews.noteHelp',
            )}
            onChange={event => {
              setNote(event.target.value);
              setNoteMissing(false);
            }}
          />
        )}
        {error && <Problem title={t('reviews.decideFailed')} error={error} />}
        {busy && (
          <Typography variant="body2" role="status">
            {t('reviews.deciding')}
          </Typography>
        )}
      </DialogContent>
      <DialogActions className={classes.actions}>
        {results ? (
          <Button
            ref={closeButton}
            variant="contained"
            color="primary"
            onClick={close}
          >
            {t('reviews.close')}
          </Button>
        ) : (
          <>
            <Button onClick={close} disabled={busy}>
              {t('reviews.cancel')}
            </Button>
            <Button
              variant="outlined"
              color="primary"
              disabled={busy || endable.length === 0}
              onClick={end}
            >
              {t('reviews.end', { number: String(endable.length) })}
            </Button>
            <Button
              variant="contained"
              color="primary"
              disabled={busy || keepable.length === 0}
              onClick={keep}
            >
              {t('reviews.keep', { number: String(keepable.length) })}
            </Button>
          </>
        )}
      </DialogActions>
    </Dialog>
  );
}

/** Why one of them is not kept or ended with the others. */
function Limits({ review: { keep, end } }: { review: DueReview }) {
  const classes = useStyles();
  const t = useText();
  return (
    <>
      {!keep.allowed && (
        <Typography variant="body2" className={classes.quiet}>
          {t('reviews.cannotKeep', { reason: keep.reason ?? '' })}
        </Typography>
      )}
      {!end.allowed && (
        <Typography variant="body2" className={classes.quiet}>
          {t('reviews.cannotEnd', { reason: end.reason ?? '' })}
        </Typography>
      )}
    </>
  );
}

function WhenLastChoice(props: {
  review: DueReview;
  value: WhenLast | undefined;
  isMissing: boolean;
  onChange: (value: WhenLast) => void;
}) {
  const { review, value, isMissing, onChange } = props;
  const t = useText();
  return (
    <FormControl component="fieldset" error={isMissing} margin="dense">
      <FormLabel component="legend">
        {t('reviews.whenLast', { api: nameOf(t, review.api) })}
      </FormLabel>
      <RadioGroup
        value={value ?? ''}
        onChange={event => onChange(event.target.value as WhenLast)}
      >
        <FormControlLabel
          value="keep-closed"
          control={<Radio size="small" color="primary" />}
          label={t('reviews.keepClosed')}
        />
        <FormControlLabel
          value="open"
          control={<Radio size="small" color="primary" />}
          label={t('reviews.open')}
        />
      </RadioGroup>
      {isMissing && (
        <FormHelperText role="alert">
          {t('reviews.needsWhenLast')}
        </FormHelperText>
      )}
    </FormControl>
  );
}

function Outcome({ result }: { result: ReviewResult | undefined }) {
  const classes = useStyles();
  const t = useText();
  const route = useOptionalRouteRef(requestRouteRef);
  if (!result) return null;
  const { request, error } = result;
  if (error || (!request && !result.review)) {
    return (
      <Typography variant="body2" paragraph>
        {t('reviews.refused', { reason: error?.message ?? '' })}
      </Typography>
    );
  }
  if (!request) {
    return (
      <Typography variant="body2" paragraph>
        {t('reviews.kept')}
      </Typography>
    );
  }
  const title = t('reviews.request', { number: String(request.number) });
  return (
    <Typography variant="body2" paragraph>
      {t('reviews.endAsked')}{' '}
      {route ? (
        <Link to={route({ id: request.id })} className={classes.link}>
          {title}
        </Link>
      ) : (
        title
      )}
    </Typography>
  );
}
