import { makeStyles } from '@material-ui/core/styles';

/** One grant, or what no grant explains, in the row of a caller: what on the left, why on the right. */
export const useEdgePartStyles = makeStyles(theme => ({
  part: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr)',
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
  why: { minWidth: 0, overflowWrap: 'anywhere' },
}));
