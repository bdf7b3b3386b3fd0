import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useText } from '../../translation';
import { accentText, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  root: { color: quietText(theme) },
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** The list that a page belongs to, and what the page is. */
export function Crumbs(props: { list: string; path?: string; here: string }) {
  const { list, path, here } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <Typography
      variant="caption"
      component="nav"
      className={classes.root}
      aria-label={t('pages.breadcrumb')}
    >
      {path ? (
        <Link to={path} className={classes.link}>
          {list}
        </Link>
      ) : (
        list
      )}{' '}
      / {here}
    </Typography>
  );
}
