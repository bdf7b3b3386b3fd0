import { makeStyles } from '@material-ui/core/styles';

/** One grant, or what no grant explains, in the row of a caller: what on the left, why on the right. */
export const useEdgePartStyles = makeStyles(theme => ({
  part: {
    display: 'grid',
    // The second column stands below its head: 30 to 23 of the table, as EdgeTable has them.
    gridTemplateColumns: `minmax(0, calc((100% + ${theme.spacing(
      2,
    )}px) * 30 / 53 - ${theme.spacing(2)}px)) minmax(0, 1fr)`,
    columnGap: theme.spacing(2),
    rowGap: theme.spacing(0.5),
    [theme.breakpoints.down('sm')]: {
      gridTemplateColumns: 'minmax(0, 1fr)',
    },
  },
  what: {
    display: 'grid',
    justifyItems: 'start',
    alignContent: 'start',
    gap: theme.spacing(0.5),
    minWidth: 0,
  },
  line: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(0.5),
    maxWidth: '100%',
    '& > :first-child': { minWidth: 0 },
  },
  why: { minWidth: 0, overflowWrap: 'anywhere' },
}));
