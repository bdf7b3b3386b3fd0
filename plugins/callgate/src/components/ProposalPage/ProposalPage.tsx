import { useApi } from '@backstage/core-plugin-api';
import type { ProposalState } from '@callgate/plugin-callgate-common';
import { callgateApiRef } from '../../api';
import { useLoaded, usePollWhile, useReloadOnChange } from '../../hooks';
import { useParams } from '../../routing';
import { useText } from '../../translation';
import { Status } from '../marks';
import { ProposalView } from './ProposalView';

const UNDER_WAY: readonly ProposalState[] = ['building', 'open', 'failed'];

/** One pull request: is it right? */
export function ProposalPage() {
  const { id = '' } = useParams();
  const callgate = useApi(callgateApiRef);
  const t = useText();
  const loaded = useLoaded(id, signal => callgate.getProposal(id, { signal }));
  useReloadOnChange(loaded.reload, { withEstate: true });
  usePollWhile(
    loaded.value !== undefined && UNDER_WAY.includes(loaded.value.state),
    loaded.reload,
  );
  return (
    <Status loaded={loaded} failed={t('proposal.failed')} page>
      {proposal => (
        <ProposalView key={proposal.id} proposal={proposal} loaded={loaded} />
      )}
    </Status>
  );
}
