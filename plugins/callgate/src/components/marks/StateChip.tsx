import type {
  ProposalState,
  RequestState,
} from '@callgate/plugin-callgate-common';
import { useText } from '../../translation';
import { Badge } from './Badge';
import type { Tone } from './tones';

const REQUEST_TONES: { [state in RequestState]: Tone } = {
  submitted: 'info',
  returned: 'warn',
  approved: 'info',
  proposed: 'info',
  merged: 'good',
  rejected: 'bad',
  withdrawn: 'quiet',
  declined: 'bad',
  superseded: 'quiet',
};
const PROPOSAL_TONES: { [state in ProposalState]: Tone } = {
  building: 'info',
  open: 'info',
  merged: 'good',
  closed: 'quiet',
  failed: 'bad',
};

/** Where a request stands; while it waits, for whom. */
export function StateChip(props: { state: RequestState; waitsFor?: string }) {
  const { state, waitsFor } = props;
  const t = useText();
  return (
    <Badge tone={REQUEST_TONES[state]}>
      {waitsFor || t(`requestState.${state}`)}
    </Badge>
  );
}

/** Where a proposal stands. */
export function ProposalStateChip(props: { state: ProposalState }) {
  const { state } = props;
  const t = useText();
  return (
    <Badge tone={PROPOSAL_TONES[state]}>{t(`proposalState.${state}`)}</Badge>
  );
}
