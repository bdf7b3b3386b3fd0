import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useApprovalRulesPath } from '../../routing';
import { useText } from '../../translation';
import { accentText } from '../marks';

const useStyles = makeStyles(theme => ({
  link: { color: accentText(theme) },
}));

/** The way to the rules of who approves; nothing in portals without the page. */
export function ApprovalRulesLink() {
  const classes = useStyles();
  const t = useText();
  const path = useApprovalRulesPath();
  return path ? (
    <Typography variant="caption">
      <Link to={path} className={classes.link}>
        {t('rules.link')}
      </Link>
    </Typography>
  ) : null;
}
