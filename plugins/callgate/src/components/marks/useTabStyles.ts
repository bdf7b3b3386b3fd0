import { makeStyles } from '@material-ui/core/styles';
import { quietText } from './tones';

/** Tabs of a list, quieter than those of the page. */
export const useTabStyles = makeStyles(theme => ({
  tabs: { borderBottom: `1px solid ${theme.palette.divider}` },
  tab: {
    minWidth: 0,
    padding: theme.spacing(1, 2),
    textTransform: 'none',
    letterSpacing: 'normal',
    opacity: 1,
    fontSize: theme.typography.body2.fontSize,
    fontVariantNumeric: 'tabular-nums',
    '&:not(.Mui-selected)': { color: quietText(theme) },
    '&.Mui-selected': { fontWeight: 600 },
  },
}));
