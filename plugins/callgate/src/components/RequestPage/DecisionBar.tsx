import { sidebarConfig } from '@backstage/core-components';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { useText } from '../../translation';

const useStyles = makeStyles(theme => ({
  root: {
    position: 'sticky',
    bottom: 0,
    // On phones the portal's menu lies along the bottom.
    [theme.breakpoints.down('xs')]: {
      bottom: sidebarConfig.mobileSidebarHeight,
    },
    zIndex: theme.zIndex.appBar - 1,
    display: 'grid',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5, 2),
    // Beyond the padding of the page, so that nothing shows through at its sides.
    margin: theme.spacing(0, -1),
  },
  text: {
    fontWeight: 600,
    // The whole of it is the title of the page.
    display: '-webkit-box',
    WebkitLineClamp: 2,
    WebkitBoxOrient: 'vertical',
    overflow: 'hidden',
  },
}));

/** On narrow screens: the meaning in one line and the action, always in reach of the thumb. */
export function DecisionBar(props: { text: string; children: ReactNode }) {
  const classes = useStyles();
  const t = useText();
  return (
    <Paper
      elevation={8}
      component="section"
      className={classes.root}
      aria-label={t('request.bar')}
    >
      <Typography variant="body2" className={classes.text}>
        {props.text}
      </Typography>
      {props.children}
    </Paper>
  );
}
