import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequestSummary,
  ApiAccess,
  ProposalSummary,
} from '@callgate/plugin-callgate-common';
import type { ReactNode } from 'react';
import { proposalRouteRef, requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  accentText,
  EntityName,
  isOfGrant,
  OperationList,
  Panel,
  quietText,
  TimeAgo,
} from '../marks';

const useStyles = makeStyles(theme => ({
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    '& > li + li': {
      marginTop: theme.spacing(1.5),
      paddingTop: theme.spacing(1.5),
      borderTop: `1px solid ${theme.palette.divider}`,
    },
  },
  row: { display: 'flex', gap: theme.spacing(2), alignItems: 'flex-start' },
  what: { flex: 1, minWidth: 0 },
  asks: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0.5),
  },
  quiet: { color: quietText(theme) },
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** What is under way: requests that wait, and the pull request that carries the approved ones. */
export function OpenNowPanel(props: { access: ApiAccess }) {
  const { openRequests, proposal } = props.access;
  const classes = useStyles();
  const t = useText();
  const waiting = openRequests.filter(({ state }) => state === 'submitted');
  return (
    <Panel title={t('access.openNow')}>
      {waiting.length === 0 && !proposal ? (
        <Typography variant="body2" className={classes.quiet}>
          {t('access.openNowEmpty')}
        </Typography>
      ) : (
        <ul className={classes.list}>
          {waiting.map(request => (
            <li key={request.id}>
              <RequestLine request={request} />
            </li>
          ))}
          {proposal && (
            <li>
              <ProposalLine proposal={proposal} />
            </li>
          )}
        </ul>
      )}
    </Panel>
  );
}

function RequestLine({ request }: { request: AccessRequestSummary }) {
  const classes = useStyles();
  const t = useText();
  const requestRoute = useOptionalRouteRef(requestRouteRef);
  const { operations, waitsForMe, waitsFor, createdAt } = request;
  const word = t(waitsForMe ? 'access.decide' : 'access.view');
  const ports = operations.every(({ kind }) => kind === 'port');
  return (
    <Line
      link={
        requestRoute && (
          <Link
            to={requestRoute({ id: request.id })}
            className={classes.link}
            aria-label={t('access.linkTo', { word, what: request.summary })}
          >
            {word}
          </Link>
        )
      }
      detail={
        <>
          <TimeAgo at={createdAt} /> ·{' '}
          {waitsForMe ? t('access.waitsForYou') : waitsFor}
        </>
      }
    >
      <span className={classes.asks}>
        {request.kind === 'confirm' &&
          t('confirm.what', { what: request.summary })}
        {isOfGrant(request.kind) && request.summary}
        {request.kind === 'new' && (
          <>
            {t(ports ? 'access.asksFor' : 'access.asksTo', {
              caller: <EntityName entity={request.caller} />,
            })}
            <OperationList operations={operations} />
          </>
        )}
      </span>
    </Line>
  );
}

function ProposalLine({ proposal }: { proposal: ProposalSummary }) {
  const classes = useStyles();
  const t = useText();
  const proposalRoute = useOptionalRouteRef(proposalRouteRef);
  const name =
    proposal.number === undefined
      ? t('access.pullRequestUnnumbered')
      : t('access.pullRequest', { number: `#${proposal.number}` });
  return (
    <Line
      link={
        proposalRoute && (
          <Link
            to={proposalRoute({ id: proposal.id })}
            className={classes.link}
            aria-label={t('access.linkTo', {
              word: t('access.view'),
              what: proposal.title,
            })}
          >
            {t('access.view')}
          </Link>
        )
      }
      detail={
        <>
          <TimeAgo at={proposal.updatedAt} />
          {proposal.waitsFor && ` · ${proposal.waitsFor}`}
        </>
      }
    >
      {t('access.adds', { link: name, count: proposal.requests.length })}
    </Line>
  );
}

function Line(props: {
  link: ReactNode;
  detail: ReactNode;
  children: ReactNode;
}) {
  const classes = useStyles();
  return (
    <div className={classes.row}>
      <div className={classes.what}>
        <Typography variant="body2" component="div">
          {props.children}
        </Typography>
        <Typography variant="caption" component="div" className={classes.quiet}>
          {props.detail}
        </Typography>
      </div>
      <Typography variant="body2" component="div">
        {props.link}
      </Typography>
    </div>
  );
}
