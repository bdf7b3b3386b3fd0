import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Source } from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import { inboxRouteRef, proposalsRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import { quietText, SourceLine } from '../marks';
import { Crumbs } from '../RequestPage';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2),
    maxWidth: 1000,
  },
  wide: { maxWidth: 1400 },
  title: {
    margin: theme.spacing(0.5, 0, 1),
    fontSize: theme.typography.pxToRem(22),
    fontWeight: 600,
    lineHeight: 1.35,
  },
  quiet: { color: quietText(theme) },
}));

/** A page below one of the lists: the way back to it, what the page is, and by which state of Git and the clusters it speaks. */
export function SubPage(props: {
  /** The list that it belongs to. */
  under: 'requests' | 'proposals';
  /** The page in the way back. */
  crumb: string;
  title: string;
  help: string;
  /** Whether it holds a table. */
  wide?: boolean;
  /** Absent where it speaks of no state of Git and the clusters. */
  source?: Source;
  children: ReactNode;
}) {
  const { under, crumb, title, help, wide, source, children } = props;
  const classes = useStyles();
  const t = useText();
  const routes = {
    requests: useOptionalRouteRef(inboxRouteRef),
    proposals: useOptionalRouteRef(proposalsRouteRef),
  };
  return (
    <div className={`${classes.root} ${wide ? classes.wide : ''}`}>
      <header>
        <Crumbs
          list={t(`pages.${under}`)}
          path={routes[under]?.()}
          here={crumb}
        />
        <Typography variant="h2" className={classes.title}>
          {title}
        </Typography>
        <Typography variant="body2" className={classes.quiet}>
          {help}
        </Typography>
      </header>
      {children}
      {source && (
        <Typography variant="caption" className={classes.quiet}>
          <SourceLine source={source} />
        </Typography>
      )}
    </div>
  );
}
