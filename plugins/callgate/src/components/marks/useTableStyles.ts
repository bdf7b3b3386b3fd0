import { makeStyles } from '@material-ui/core/styles';
import { quietText } from './tones';

/** The quiet table of every list: lines between rows, small heads, numbers of one width. */
export const useTableStyles = makeStyles(theme => ({
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    fontSize: theme.typography.body2.fontSize,
    lineHeight: theme.typography.body2.lineHeight,
    fontVariantNumeric: 'tabular-nums',
    '& th': {
      padding: theme.spacing(1, 2, 1, 0),
      textAlign: 'left',
      fontSize: theme.typography.pxToRem(12),
      fontWeight: 600,
      color: quietText(theme),
      whiteSpace: 'nowrap',
    },
    '& td': {
      padding: theme.spacing(1.5, 2, 1.5, 0),
      borderTop: `1px solid ${theme.palette.divider}`,
      verticalAlign: 'top',
    },
    '& th:last-child, & td:last-child': { paddingRight: 0 },
  },
  caption: {
    display: 'block',
    marginTop: theme.spacing(0.5),
    fontSize: theme.typography.pxToRem(12),
    color: quietText(theme),
    overflowWrap: 'anywhere',
  },
}));
