import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useReviewsPath } from '../../routing';
import { useText } from '../../translation';
import { accentText } from '../marks';

const useStyles = makeStyles(theme => ({
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** The way to the grants that wait for the reader's review; nothing where none does. */
export function ReviewsLink({ waiting = 0 }: { waiting?: number }) {
  const classes = useStyles();
  const t = useText();
  const path = useReviewsPath();
  if (waiting === 0 || !path) return null;
  return (
    <Typography variant="body2">
      <Link to={path} className={classes.link}>
        {t('reviews.linkCount', { count: waiting })}
      </Link>
    </Typography>
  );
}
