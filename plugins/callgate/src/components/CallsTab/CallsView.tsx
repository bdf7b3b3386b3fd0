import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useEntity, useEntityOwnership } from '@backstage/plugin-catalog-react';
import type {
  AccessRequest,
  AccessRow,
  CallerAccess,
  EntityLabel,
} from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { useDraftInUrl, useSittingInUrl } from '../../draft';
import { useText } from '../../translation';
import { ExplainDialog } from '../Explain';
import {
  CapabilityButton,
  EdgeTable,
  EstateNotice,
  FindingList,
  nameOf,
  operationInput,
  OthersList,
  Panel,
  quietText,
  SourceLine,
  uniqueOperations,
} from '../marks';
import { useGrantAsks } from '../Grants';
import { ProviderAskAction } from '../ProviderAsk';
import { CALLER_KINDS, RequestDialog, SentMessage } from '../RequestDialog';
import { SittingDialog } from '../Sitting';
import { CallActions } from './CallActions';
import { NoCalls } from './NoCalls';
import { OpenToEveryone } from './OpenToEveryone';
import { RequestsPanel } from './RequestsPanel';
import { unreadLabel } from './unreadLabel';
import { WhyPanel } from './WhyPanel';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(3),
    maxWidth: 1400,
  },
  quiet: { color: quietText(theme) },
}));

/** What asks for access by itself. */
const ASKING = CALLER_KINDS.request;

/** Access outward, requests with their state, and the way of a refused call. */
export function CallsView(props: { access: CallerAccess; onSent: () => void }) {
  const { access, onSent } = props;
  const { caller, calls, openToEveryone, others, requests } = access;
  const { targets, findings, source } = access;
  const classes = useStyles();
  const t = useText();
  const [explained, setExplained] = useState<AccessRow>();
  const { asked, open, close } = useDraftInUrl();
  const several = useSittingInUrl();
  const { entity } = useEntity();
  const { loading, isOwnedEntity } = useEntityOwnership();
  const grants = useGrantAsks({ onSent });
  const [sent, setSent] = useState<readonly AccessRequest[]>();
  const actionsOf = (row: AccessRow) => (
    <CallActions
      row={row}
      onExplain={() => setExplained(row)}
      onRequest={() =>
        open('request', {
          api: row.api.ref,
          caller: caller.ref,
          operations: uniqueOperations(row.beyond).map(operationInput),
        })
      }
    />
  );
  return (
    <div className={classes.root}>
      <EstateNotice source={source} reload={onSent} />
      {ASKING.includes(caller.kind) && !loading && (
        <div>
          <CapabilityButton
            variant="contained"
            color="primary"
            capability={
              isOwnedEntity(entity)
                ? { allowed: true }
                : {
                    allowed: false,
                    reason: t('sitting.onlyOwners', {
                      caller: nameOf(t, caller),
                    }),
                  }
            }
            onClick={() => several.open(caller.ref)}
          >
            {t('sitting.open')}
          </CapabilityButton>
        </div>
      )}
      <Panel title={t('calls.title')} count={calls.length}>
        {calls.length === 0 && (
          <NoCalls
            caller={caller}
            // What everyone can call it does not consume: then it would be among the calls.
            consumed={targets.filter(
              ({ ref }) => !openToEveryone.some(({ api }) => api.ref === ref),
            )}
            open={openToEveryone.length}
          />
        )}
        {calls.length > 0 && (
          <EdgeTable
            edges={calls}
            end="api"
            label={t('calls.title')}
            actions={actionsOf}
            grantActions={grants.menuOf}
          />
        )}
        {openToEveryone.length > 0 && (
          <OpenToEveryone
            caller={caller}
            rows={openToEveryone}
            actions={actionsOf}
          />
        )}
        <OthersList others={others} />
        <Typography variant="caption" className={classes.quiet}>
          <SourceLine source={access.source} />
        </Typography>
      </Panel>
      <RequestsPanel requests={requests} />
      <WhyPanel
        caller={caller}
        targets={targets}
        onRequest={draft => open('request', draft)}
      />
      {findings.length > 0 && (
        <Panel title={t('calls.findings')} count={findings.length}>
          <FindingList
            findings={findings}
            action={({ ask }) =>
              ask && <ProviderAskAction ask={ask} onSent={onSent} />
            }
          />
        </Panel>
      )}
      {explained && (
        <ExplainDialog
          api={explained.api}
          caller={caller}
          operation={
            uniqueOperations([...explained.grants, ...explained.beyond])[0]
          }
          onClose={() => setExplained(undefined)}
        />
      )}
      {asked?.draft.api !== undefined && (
        <RequestDialog
          api={apiIn(access, asked.draft.api)}
          mode="request"
          start={asked.draft}
          onClose={close}
          onSeveral={several.open}
          onSent={all => {
            close();
            setSent(all);
            onSent();
          }}
        />
      )}
      {several.caller !== undefined && (
        <SittingDialog
          key={several.caller}
          caller={several.caller}
          targets={targets}
          onClose={several.close}
          onSent={() => {
            several.close();
            onSent();
          }}
        />
      )}
      {grants.dialog}
      {sent && (
        <SentMessage requests={sent} onClose={() => setSent(undefined)} />
      )}
    </div>
  );
}

/** An API by the name that the page has for it; the URL has its ref alone. */
function apiIn(access: CallerAccess, ref: string): EntityLabel {
  const { calls, openToEveryone, targets } = access;
  const known = [
    ...[...calls, ...openToEveryone].map(({ api }) => api),
    ...targets,
  ].find(api => api.ref === ref);
  return known ?? unreadLabel(ref);
}
