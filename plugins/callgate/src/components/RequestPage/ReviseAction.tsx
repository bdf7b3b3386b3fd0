import { LinkButton } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequest,
  GrantPage,
} from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { callgateApiRef } from '../../api';
import { type DraftStart, draftToSearch } from '../../draft';
import { useEntityPath } from '../../routing';
import { useText } from '../../translation';
import { operationInput, Problem, quietText } from '../marks';
import { RequestDialog } from '../RequestDialog';

const useStyles = makeStyles(theme => ({
  quiet: { color: quietText(theme), marginTop: theme.spacing(0.5) },
}));

const ENDED_UNMERGED = ['rejected', 'withdrawn', 'declined'];

/** Whether the requester can do something about their request besides withdrawing it. */
export function canAskOtherwise(request: AccessRequest): boolean {
  return request.revise.allowed || isToBeAskedAnew(request);
}

/** Changes a request that is not decided and sends it again, or begins a new one like it where it has ended. */
export function ReviseAction(props: {
  request: AccessRequest;
  onSent: (request: AccessRequest) => void;
}) {
  const { request, onSent } = props;
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const t = useText();
  const entityPath = useEntityPath();
  const [start, setStart] = useState<{
    start: DraftStart;
    grant?: GrantPage;
  }>();
  const [error, setError] = useState<Error>();
  const { api, change, revise, state } = request;

  if (isToBeAskedAnew(request)) {
    const path = entityPath(api.ref, 'access');
    return path ? (
      <div>
        <LinkButton
          variant="outlined"
          color="primary"
          to={`${path}?${draftToSearch('request', draftOf(request))}`}
        >
          {t('request.askAnew')}
        </LinkButton>
        <Typography variant="body2" className={classes.quiet}>
          {t('request.askAnewHelp')}
        </Typography>
      </div>
    ) : null;
  }
  if (!revise.allowed) return null;

  const open = async () => {
    setError(undefined);
    try {
      // What the grant has now is shown beside what is asked for.
      const grant = change?.grant
        ? await callgate.getGrant(change.grant, { api: api.ref })
        : undefined;
      setStart({ start: startOf(request, grant), ...(grant && { grant }) });
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    }
  };
  return (
    <div>
      <Button
        variant={state === 'returned' ? 'contained' : 'outlined'}
        color="primary"
        onClick={open}
      >
        {t(state === 'returned' ? 'request.changeAndSend' : 'request.change')}
      </Button>
      <Typography variant="body2" className={classes.quiet}>
        {t('request.changeHelp')}
      </Typography>
      {error && <Problem title={t('request.actionFailed')} error={error} />}
      {start && (
        <RequestDialog
          api={api}
          mode="request"
          start={start.start}
          grant={start.grant}
          revises={request}
          onClose={() => setStart(undefined)}
          onSent={([revised]) => {
            setStart(undefined);
            onSent(revised);
          }}
        />
      )}
    </div>
  );
}

function isToBeAskedAnew({ mine, kind, state }: AccessRequest): boolean {
  return mine && kind === 'new' && ENDED_UNMERGED.includes(state);
}

function draftOf({
  caller,
  operations,
  reason,
  ...rest
}: AccessRequest): DraftStart {
  return {
    caller: caller.ref,
    operations: operations.map(operationInput),
    reason,
    ...(rest.in.length > 0 && { in: rest.in }),
  };
}

/** The dialog filled in with what is asked for, beside what the grant has now. */
function startOf(request: AccessRequest, grant?: GrantPage): DraftStart {
  const { kind, acknowledges } = request;
  return {
    ...draftOf(request),
    ...(acknowledges.length > 0 && { acknowledges }),
    ...(grant && { kind, grant: grant.id }),
    ...(grant?.until !== undefined && { until: grant.until }),
  };
}
