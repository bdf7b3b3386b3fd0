import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequestSummary,
  ProposalSummary,
} from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import { proposalRouteRef, requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  accentText,
  nameOf,
  ProposalStateChip,
  quietText,
  StateChip,
  TimeAgo,
} from '../marks';

const useStyles = makeStyles(theme => ({
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0.5, 2),
    padding: theme.spacing(1.25, 0),
  },
  what: { flex: '1 1 280px', minWidth: 0, overflowWrap: 'anywhere' },
  link: { color: accentText(theme), fontWeight: 600 },
  quiet: { color: quietText(theme), fontVariantNumeric: 'tabular-nums' },
}));

function Line(props: {
  what: string;
  path?: string;
  state: ReactNode;
  aside: ReactNode;
}) {
  const { what, path, state, aside } = props;
  const classes = useStyles();
  return (
    <Typography component="li" variant="body2" className={classes.line}>
      <span className={classes.what}>
        {path ? (
          <Link to={path} className={classes.link}>
            {what}
          </Link>
        ) : (
          <strong>{what}</strong>
        )}
      </span>
      <span>{state}</span>
      <Typography variant="caption" component="span" className={classes.quiet}>
        {aside}
      </Typography>
    </Typography>
  );
}

/** A request as one line: what is asked, where it stands, who asked when. */
export function RequestLine({ request }: { request: AccessRequestSummary }) {
  const t = useText();
  const route = useOptionalRouteRef(requestRouteRef);
  const { id, summary, state, waitsFor, requestedBy, createdAt } = request;
  return (
    <Line
      what={summary}
      path={route?.({ id })}
      state={<StateChip state={state} waitsFor={waitsFor} />}
      aside={t('home.by', {
        who: nameOf(t, requestedBy),
        when: <TimeAgo at={createdAt} />,
      })}
    />
  );
}

/** A pull request as one line: what it is about, where it stands, since when. */
export function ProposalLine({ proposal }: { proposal: ProposalSummary }) {
  const route = useOptionalRouteRef(proposalRouteRef);
  const { id, title, state, createdAt } = proposal;
  return (
    <Line
      what={title}
      path={route?.({ id })}
      state={<ProposalStateChip state={state} />}
      aside={<TimeAgo at={createdAt} />}
    />
  );
}
