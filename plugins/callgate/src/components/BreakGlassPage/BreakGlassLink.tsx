import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useBreakGlassPath } from '../../routing';
import { useText } from '../../translation';
import { accentText } from '../marks';

const useStyles = makeStyles(theme => ({
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** The way to what went on before anybody approved it; for others than those who may see it there is no count, and no link. */
export function BreakGlassLink({ open }: { open?: number }) {
  const classes = useStyles();
  const t = useText();
  const path = useBreakGlassPath();
  if (open === undefined || !path) return null;
  return (
    <Typography variant="body2" component="div">
      <Link to={path} className={classes.link}>
        {open > 0
          ? t('glass.page.linkCount', { count: open })
          : t('glass.mark')}
      </Link>
    </Typography>
  );
}
