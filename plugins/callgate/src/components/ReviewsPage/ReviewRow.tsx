import { Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import { makeStyles } from '@material-ui/core/styles';
import type { DueReview } from '@callgate/plugin-callgate-common';
import { useGrantPath } from '../../routing';
import { useText } from '../../translation';
import { accentText, nameOf, quietGround } from '../marks';
import type { Picks } from '../InboxPage/usePicking';
import { ReviewFacts } from './ReviewFacts';
import { reviewKey, whatOf } from './reviewWords';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr) auto',
    gap: theme.spacing(0.5, 1.5),
    alignItems: 'start',
    padding: theme.spacing(1.5, 1),
    margin: theme.spacing(0, -1),
    borderRadius: theme.shape.borderRadius,
    '&:hover, &:focus-within': { backgroundColor: quietGround(theme) },
    [theme.breakpoints.down('xs')]: {
      gridTemplateColumns: 'auto minmax(0, 1fr)',
    },
  },
  pick: { padding: 0 },
  link: { color: accentText(theme), fontWeight: 600 },
  button: {
    [theme.breakpoints.down('xs')]: { gridColumn: '2', justifySelf: 'start' },
  },
}));

/** One grant that is due, and the way to keep or end it. */
export function ReviewRow(props: {
  review: DueReview;
  picks: Picks;
  onDecide: (review: DueReview) => void;
}) {
  const { review, picks, onDecide } = props;
  const { caller, grant, api, keep, end } = review;
  const classes = useStyles();
  const t = useText();
  const path = useGrantPath()(grant, api.ref);
  const what = whatOf(t, review);
  const key = reviewKey(review);
  const name = nameOf(t, caller);
  return (
    <div className={classes.root}>
      <Checkbox
        size="small"
        color="primary"
        className={classes.pick}
        checked={picks.isPicked(key)}
        disabled={!keep.allowed && !end.allowed}
        onChange={() => picks.toggle(key)}
        inputProps={{ 'aria-label': t('reviews.pick', { what }) }}
      />
      <div>
        {path ? (
          <Link to={path} className={classes.link} aria-label={what} data-row>
            {name}
          </Link>
        ) : (
          <strong>{name}</strong>
        )}
        <ReviewFacts review={review} />
      </div>
      <Button
        size="small"
        variant="outlined"
        color="primary"
        className={classes.button}
        aria-label={t('reviews.decideWhat', { what })}
        onClick={() => onDecide(review)}
      >
        {t('reviews.decide')}
      </Button>
    </div>
  );
}
