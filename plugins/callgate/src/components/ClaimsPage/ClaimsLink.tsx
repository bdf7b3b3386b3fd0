import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useClaimsPath } from '../../routing';
import { useText } from '../../translation';
import { accentText, Badge } from '../marks';

const useStyles = makeStyles(theme => ({
  root: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** The way to the claims, for those who may settle them: for others there is no count, and no link. */
export function ClaimsLink({ contested }: { contested?: number }) {
  const classes = useStyles();
  const t = useText();
  const path = useClaimsPath();
  if (contested === undefined || !path) {
    return null;
  }
  return (
    <Typography variant="body2" component="div" className={classes.root}>
      {contested > 0 && (
        <Badge tone="warn">{t('claims.state.contested')}</Badge>
      )}
      <Link to={path} className={classes.link}>
        {contested > 0
          ? t('claims.linkCount', { count: contested })
          : t('claims.link')}
      </Link>
    </Typography>
  );
}
