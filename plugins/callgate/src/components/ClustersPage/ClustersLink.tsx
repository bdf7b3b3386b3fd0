import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useClustersPath } from '../../routing';
import { useText } from '../../translation';
import { accentText } from '../marks';

const useStyles = makeStyles(theme => ({
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** The way to what is known of the clusters, for members of the platform team. */
export function ClustersLink({ isMember }: { isMember: boolean }) {
  const classes = useStyles();
  const t = useText();
  const path = useClustersPath();
  return isMember && path ? (
    <Typography variant="body2" component="div">
      <Link to={path} className={classes.link}>
        {t('clusters.link')}
      </Link>
    </Typography>
  ) : null;
}
