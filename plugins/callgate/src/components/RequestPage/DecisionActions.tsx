import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  AccessRequest,
  Capability,
} from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { CapabilityButton } from '../marks';
import type { Decision } from './useDecision';

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

/** Approve and reject while there is something to decide; withdraw for who may. */
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
  const { approve, reject, withdraw, mine, state } = request;
  const undecided = state === 'submitted';
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
              {t('request.approve')}
            </CapabilityButton>
          </span>
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
            {t('request.reject')}
          </CapabilityButton>
        </>
      )}
      {decision.busy && (
        <Typography variant="body2" className={classes.busy}>
          {t('request.busy')}
        </Typography>
      )}
      {(withdraw.allowed || (mine && undecided)) && (
        <CapabilityButton
          variant={undecided ? 'text' : 'outlined'}
          color="primary"
          capability={withdraw}
          disabled={decision.busy}
          onClick={() => decision.decide('withdraw')}
        >
          {t('request.withdraw')}
        </CapabilityButton>
      )}
    </div>
  );
}
