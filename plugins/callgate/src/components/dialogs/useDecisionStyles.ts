import { makeStyles } from '@material-ui/core/styles';
import { accentText, quietText } from '../marks';

/** How things that are decided together stand one below the other. */
export const useDecisionStyles = makeStyles(theme => ({
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
}));
