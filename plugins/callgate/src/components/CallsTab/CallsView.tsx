import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  CallerAccess,
  Edge,
  EntityLabel,
} from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import type { DraftStart } from '../../draft';
import { useText } from '../../translation';
import { ExplainDialog } from '../Explain';
import {
  EdgeTable,
  EstateNotice,
  FindingList,
  nameOf,
  Panel,
  quietText,
  SourceLine,
} from '../marks';
import { ProviderAskAction } from '../ProviderAsk';
import { RequestDialog } from '../RequestDialog';
import { NoCalls } from './NoCalls';
import { RequestsPanel } from './RequestsPanel';
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

/** Access outward, requests with their state, and the way of a refused call. */
export function CallsView(props: { access: CallerAccess; onSent: () => void }) {
  const { access, onSent } = props;
  const { caller, calls, requests, targets, findings, source } = access;
  const classes = useStyles();
  const t = useText();
  const [explained, setExplained] = useState<Edge>();
  const [asked, setAsked] = useState<{ api: EntityLabel; start: DraftStart }>();
  return (
    <div className={classes.root}>
      <EstateNotice source={source} reload={onSent} />
      <Panel title={t('calls.title')} count={calls.length}>
        {calls.length === 0 ? (
          <NoCalls caller={caller} targets={targets} />
        ) : (
          <EdgeTable
            edges={calls}
            end="api"
            label={t('calls.title')}
            actions={edge =>
              edge.api.state === 'visible' && (
                <Button
                  size="small"
                  color="primary"
                  aria-label={t('calls.explainApi', {
                    api: nameOf(t, edge.api),
                  })}
                  onClick={() => setExplained(edge)}
                >
                  {t('access.explain')}
                </Button>
              )
            }
          />
        )}
        <Typography variant="caption" className={classes.quiet}>
          <SourceLine source={source} />
        </Typography>
      </Panel>
      <RequestsPanel requests={requests} />
      <WhyPanel
        caller={caller}
        targets={targets}
        onRequest={(api, start) => setAsked({ api, start })}
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
          operation={explained.operations[0]}
          onClose={() => setExplained(undefined)}
        />
      )}
      {asked && (
        <RequestDialog
          api={asked.api}
          owners={[]}
          mode="request"
          start={asked.start}
          onClose={() => setAsked(undefined)}
          onSent={() => {
            setAsked(undefined);
            onSent();
          }}
        />
      )}
    </div>
  );
}
