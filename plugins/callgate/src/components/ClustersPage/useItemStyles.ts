import { makeStyles } from '@material-ui/core/styles';

/** How something stands in the lists of a cluster: a line of what it is called, and below it what is said of it. */
export const useItemStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(0.5),
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
  },
}));
