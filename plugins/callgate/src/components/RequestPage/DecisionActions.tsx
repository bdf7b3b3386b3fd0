import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequest,
  Capability,
} from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { CapabilityButton, isDecidedAfterwards } from '../marks';
import type { Decision } from './useDecision';
import { WithdrawDialog } from './WithdrawDialog';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
  },
  approve: { flex: '1 1 140px' },
  busy: { flexBasis: '100%' },
}));

/** Approve, ask for a change and reject while there is something to decide; withdraw for who may. */
export function DecisionActions(props: {
  request: AccessRequest;
  decision: Decision;
  /** Why approving has to wait although the backend would allow it. */
  wait?: string;
  onNoteMissing: () => void;
}) {
  const { request, decision, wait, onNoteMissing } = props;
  const classes = useStyles();
  const t = useText();
  const { approve, reject, askChange, withdraw, mine, state } = request;
  const [withdrawing, setWithdrawing] = useState(false);
  const afterwards = isDecidedAfterwards(request);
  const undecided = state === 'submitted' || afterwards;
  const mayApprove: Capability =
    wait && approve.allowed ? { allowed: false, reason: wait } : approve;
  // One reason for both buttons is said once.
  const mayReject: Capability =
    !reject.allowed && reject.reason === mayApprove.reason
      ? { allowed: false }
      : reject;
  return (
    <div className={classes.root}>
      {undecided && (
        <>
          <span className={classes.approve}>
            <CapabilityButton
              variant="contained"
              color="primary"
              fullWidth
              capability={mayApprove}
              disabled={decision.busy}
              onClick={() => decision.decide('approve')}
            >
              {t(afterwards ? 'glass.decide.confirm' : 'request.approve')}
            </CapabilityButton>
          </span>
          {(askChange.allowed ||
            (!afterwards && (approve.allowed || reject.allowed))) && (
            <CapabilityButton
              variant="outlined"
              color="primary"
              capability={askChange}
              disabled={decision.busy}
              onClick={() => {
                if (!decision.decide('askChange')) {
                  onNoteMissing();
                }
              }}
            >
              {t('request.askChange')}
            </CapabilityButton>
          )}
          <CapabilityButton
            variant="outlined"
            color="primary"
            capability={mayReject}
            disabled={decision.busy}
            onClick={() => {
              if (!decision.decide('reject')) {
                onNoteMissing();
              }
            }}
          >
            {t(afterwards ? 'glass.decide.reject' : 'request.reject')}
          </CapabilityButton>
        </>
      )}
      {decision.busy && (
        <Typography variant="body2" className={classes.busy}>
          {t('request.busy')}
        </Typography>
      )}
      {(withdraw.allowed || (mine && state === 'submitted')) && (
        <CapabilityButton
          variant={undecided ? 'text' : 'outlined'}
          color="primary"
          capability={withdraw}
          disabled={decision.busy}
          onClick={() => setWithdrawing(true)}
        >
          {t('request.withdraw')}
        </CapabilityButton>
      )}
      {withdrawing && (
        <WithdrawDialog
          request={request}
          onStay={() => setWithdrawing(false)}
          onWithdraw={() => {
            setWithdrawing(false);
            decision.decide('withdraw');
          }}
        />
      )}
    </div>
  );
}
