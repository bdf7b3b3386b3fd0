import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useImportPath } from '../../routing';
import { useText } from '../../translation';
import { accentText } from '../marks';

const useStyles = makeStyles(theme => ({
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** The way to what can be imported, for members of the platform team. */
export function ImportLink({ isMember }: { isMember: boolean }) {
  const classes = useStyles();
  const t = useText();
  const path = useImportPath();
  return isMember && path ? (
    <Typography variant="body2" component="div">
      <Link to={path} className={classes.link}>
        {t('imports.link')}
      </Link>
    </Typography>
  ) : null;
}
