import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequest,
  GrantPage,
  Proposal,
  RevertStep,
} from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { callgateApiRef } from '../../api';
import { useText } from '../../translation';
import { operationInput, Panel, Problem, quietText } from '../marks';
import { RequestDialog, SentMessage } from '../RequestDialog';
import { useListStyles } from './useListStyles';

const useStyles = makeStyles(theme => ({
  quiet: { color: quietText(theme) },
  what: { overflowWrap: 'anywhere' },
}));

type Draft = NonNullable<RevertStep['draft']>;

/** What would undo a merged pull request: a request for each that it carried, with its meaning before it is sent. */
export function RevertPanel({ proposal }: { proposal: Proposal }) {
  const { revert = [], api } = proposal;
  const callgate = useApi(callgateApiRef);
  const classes = useStyles();
  const list = useListStyles();
  const t = useText();
  const [asked, setAsked] = useState<{ draft: Draft; grant?: GrantPage }>();
  const [sent, setSent] = useState<AccessRequest>();
  const [error, setError] = useState<Error>();
  if (revert.length === 0) return null;

  const open = async (draft: Draft) => {
    setError(undefined);
    try {
      // What the grant has now is shown beside what it had.
      const grant = draft.grant
        ? await callgate.getGrant(draft.grant, { api: api.ref })
        : undefined;
      setAsked({ draft, ...(grant && { grant }) });
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    }
  };
  return (
    <Panel title={t('proposal.revert.title')}>
      <Typography variant="body2" className={classes.quiet} paragraph>
        {t('proposal.revert.help')}
      </Typography>
      <ul className={list.list}>
        {revert.map(({ request, draft, reason }) => (
          <li key={request.id}>
            <Typography
              variant="body2"
              component="div"
              className={classes.what}
            >
              {request.summary}
              {reason && <div className={classes.quiet}>{reason}</div>}
            </Typography>
            {draft && (
              <Button
                size="small"
                variant="outlined"
                color="primary"
                aria-label={t(`proposal.revert.of.${kindOf(draft)}`, {
                  what: request.summary,
                })}
                onClick={() => open(draft)}
              >
                {t(`proposal.revert.${kindOf(draft)}`)}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {error && <Problem title={t('grants.failed')} error={error} />}
      {asked && (
        <RequestDialog
          api={api}
          mode="request"
          start={{
            ...asked.draft,
            ...(asked.grant && {
              caller: asked.grant.caller.ref,
              until: asked.grant.until,
              // An end is of what the grant has now.
              ...(asked.draft.kind === 'end' && {
                operations: asked.grant.operations.map(operationInput),
              }),
            }),
          }}
          grant={asked.grant}
          picked={asked.draft}
          onClose={() => setAsked(undefined)}
          onSent={([request]) => {
            setAsked(undefined);
            setSent(request);
          }}
        />
      )}
      {sent && (
        <SentMessage requests={[sent]} onClose={() => setSent(undefined)} />
      )}
    </Panel>
  );
}

function kindOf({ kind = 'new' }: Draft): 'new' | 'change' | 'end' {
  return kind === 'end' || kind === 'change' ? kind : 'new';
}
