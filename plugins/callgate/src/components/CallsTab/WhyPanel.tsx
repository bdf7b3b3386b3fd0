import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequestDraft,
  EntityLabel,
} from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { callgateApiRef } from '../../api';
import { useLoaded } from '../../hooks';
import { useText } from '../../translation';
import { ExplainCall } from '../Explain';
import { Panel, quietText } from '../marks';
import { TargetField } from './TargetField';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2) },
  quiet: { color: quietText(theme) },
}));

/** Why is my call refused? Pick the target, the method and the path; the answer is the way of the call. */
export function WhyPanel(props: {
  caller: EntityLabel;
  /** The APIs that concern the caller. */
  targets: readonly EntityLabel[];
  onRequest: (draft: AccessRequestDraft) => void;
}) {
  const { caller, targets, onRequest } = props;
  const classes = useStyles();
  const t = useText();
  const [target, setTarget] = useState<EntityLabel>();
  return (
    <Panel title={t('calls.why')}>
      <div className={classes.root}>
        <Typography variant="body2" className={classes.quiet}>
          {t('calls.whyHelp')}
        </Typography>
        <TargetField targets={targets} value={target} onChange={setTarget} />
        {target && (
          <TargetCall
            key={target.ref}
            caller={caller}
            target={target}
            onRequest={onRequest}
          />
        )}
      </div>
    </Panel>
  );
}

function TargetCall(props: {
  caller: EntityLabel;
  target: EntityLabel;
  onRequest: (draft: AccessRequestDraft) => void;
}) {
  const { caller, target, onRequest } = props;
  const callgate = useApi(callgateApiRef);
  // A call can be explained without the definition; with it, a request names the operation and not the path called.
  const offered = useLoaded(target.ref, signal =>
    callgate.getApiOperations(target.ref, { signal }),
  );
  return (
    <ExplainCall
      api={target.ref}
      caller={caller.ref}
      offered={offered.value?.operations}
      clusters={offered.value?.clusters}
      onRequest={onRequest}
    />
  );
}
