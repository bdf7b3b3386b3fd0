import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormHelperText from '@material-ui/core/FormHelperText';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import Typography from '@material-ui/core/Typography';
import type {
  DueReview,
  ReviewDecision,
  ReviewResult,
} from '@callgate/plugin-callgate-common';
import { useId, useState } from 'react';
import { callgateApiRef } from '../../api';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  DecisionDialog,
  DecisionNote,
  useAttempt,
  useDecisionStyles,
} from '../dialogs';
import { nameOf } from '../marks';
import { ReviewFacts } from './ReviewFacts';
import { reviewKey, whatOf } from './reviewWords';

type WhenLast = NonNullable<ReviewDecision['whenLast']>;

/** Whether some grants stay, decided together. What becomes of each is said beside it. */
export function ReviewDialog(props: {
  reviews: readonly DueReview[];
  onDecided: () => void;
  onClose: (decided: boolean) => void;
}) {
  const { reviews, onDecided, onClose } = props;
  const callgate = useApi(callgateApiRef);
  const classes = useDecisionStyles();
  const t = useText();
  const noteId = useId();
  const [note, setNote] = useState('');
  const [noteMissing, setNoteMissing] = useState(false);
  const [whenLast, setWhenLast] = useState<ReadonlyMap<string, WhenLast>>(
    new Map(),
  );
  const [lastMissing, setLastMissing] = useState(false);
  const attempt = useAttempt<
    { decisions: ReviewDecision[]; note?: string },
    ReviewResult
  >((body, key) => callgate.decideReviews(body, key), onDecided);
  const { busy, results } = attempt;

  const keepable = reviews.filter(({ keep }) => keep.allowed);
  const endable = reviews.filter(({ end }) => end.allowed);
  const decide = (decisions: ReviewDecision[]) =>
    attempt.send({ decisions, ...(note.trim() && { note: note.trim() }) });
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
  return (
    <DecisionDialog
      title={t('reviews.dialogTitle', { count: reviews.length })}
      attempt={attempt}
      failed={t('reviews.decideFailed')}
      onClose={() => onClose(results !== undefined)}
      actions={
        <>
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
      }
    >
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
                      setWhenLast(new Map(whenLast).set(reviewKey(each), then))
                    }
                  />
                )}
              </>
            )}
          </li>
        ))}
      </ul>
      {!results && (
        <DecisionNote
          id={noteId}
          label={t('reviews.note')}
          value={note}
          help={t(noteMissing ? 'reviews.needsNote' : 'reviews.noteHelp')}
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

/** Why one of them is not kept or ended with the others. */
function Limits({ review: { keep, end } }: { review: DueReview }) {
  const classes = useDecisionStyles();
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
  const classes = useDecisionStyles();
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
