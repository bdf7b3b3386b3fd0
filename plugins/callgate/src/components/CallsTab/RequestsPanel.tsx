import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRequestSummary } from '@callgate/plugin-callgate-common';
import { requestRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';
import {
  accentText,
  EntityName,
  isOfGrant,
  OperationList,
  Panel,
  quietText,
  StateChip,
  TimeAgo,
} from '../marks';

const useStyles = makeStyles(theme => ({
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    '& > li + li': { borderTop: `1px solid ${theme.palette.divider}` },
  },
  row: {
    display: 'grid',
    gridTemplateColumns:
      'minmax(0, 1fr) minmax(0, 1.6fr) minmax(0, 1.4fr) max-content',
    alignItems: 'start',
    gap: theme.spacing(1, 2),
    padding: theme.spacing(1.5, 0),
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  quiet: { color: quietText(theme) },
  link: { color: accentText(theme), fontWeight: 600 },
}));

/** What has been asked for on behalf of one caller, and where it stands. */
export function RequestsPanel(props: {
  requests: readonly AccessRequestSummary[];
}) {
  const { requests } = props;
  const classes = useStyles();
  const t = useText();
  return (
    <Panel title={t('calls.requests')} count={requests.length}>
      {requests.length === 0 ? (
        <Typography variant="body2" className={classes.quiet}>
          {t('calls.noRequests')}
        </Typography>
      ) : (
        <ul className={classes.list}>
          {requests.map(request => (
            <RequestLine key={request.id} request={request} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function RequestLine({ request }: { request: AccessRequestSummary }) {
  const {
    id,
    api,
    operations,
    state,
    waitsFor,
    requestedBy,
    createdAt,
    summary,
  } = request;
  const classes = useStyles();
  const t = useText();
  const requestRoute = useOptionalRouteRef(requestRouteRef);
  return (
    <Typography component="li" variant="body2" className={classes.row}>
      <EntityName entity={api} icon tab="access" />
      {request.kind === 'confirm' && (
        <span>{t('confirm.what', { what: summary })}</span>
      )}
      {isOfGrant(request.kind) && <span>{summary}</span>}
      {request.kind === 'new' && <OperationList operations={operations} />}
      <div>
        <StateChip state={state} waitsFor={waitsFor} />
        <Typography variant="caption" component="div" className={classes.quiet}>
          <EntityName entity={requestedBy} plain />, <TimeAgo at={createdAt} />
        </Typography>
      </div>
      {requestRoute && (
        <Link
          to={requestRoute({ id })}
          className={classes.link}
          aria-label={summary}
        >
          {t('access.view')}
        </Link>
      )}
    </Typography>
  );
}
