import { useApi } from '@backstage/core-plugin-api';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import Autocomplete from '@material-ui/lab/Autocomplete';
import type {
  AccessRequestDraft,
  EntityLabel,
} from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { callgateApiRef } from '../../api';
import { useLoaded } from '../../hooks';
import { useText } from '../../translation';
import { ExplainCall } from '../Explain';
import { nameOf, Panel, quietText } from '../marks';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2) },
  target: { maxWidth: 480 },
  quiet: { color: quietText(theme) },
}));

/** Why is my call refused? Pick the target, the method and the path; the answer is the way of the call. */
export function WhyPanel(props: {
  caller: EntityLabel;
  /** The APIs that the reader may ask about. */
  targets: readonly EntityLabel[];
  onRequest: (api: EntityLabel, draft: AccessRequestDraft) => void;
}) {
  const { caller, targets, onRequest } = props;
  const classes = useStyles();
  const t = useText();
  const [target, setTarget] = useState<EntityLabel>();
  return (
    <Panel title={t('calls.why')}>
      <div className={classes.root}>
        <Typography variant="body2" className={classes.quiet}>
          {t(targets.length === 0 ? 'calls.noTargets' : 'calls.whyHelp')}
        </Typography>
        {targets.length > 0 && (
          <Autocomplete
            id="callgate-why-target"
            className={classes.target}
            options={[...targets]}
            value={target ?? null}
            getOptionLabel={option => nameOf(t, option)}
            getOptionSelected={(option, picked) => option.ref === picked.ref}
            onChange={(_, picked) => setTarget(picked ?? undefined)}
            renderInput={params => (
              <TextField
                {...params}
                variant="outlined"
                size="small"
                label={t('calls.target')}
                InputLabelProps={{ shrink: true }}
              />
            )}
          />
        )}
        {target && (
          <TargetCall
            key={target.ref}
            caller={caller}
            target={target}
            onRequest={draft => onRequest(target, draft)}
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
      onRequest={onRequest}
    />
  );
}
