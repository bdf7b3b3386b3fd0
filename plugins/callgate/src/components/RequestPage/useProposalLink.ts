import type { ProposalLink } from '@callgate/plugin-callgate-common';
import { proposalRouteRef } from '../../routes';
import { useOptionalRouteRef } from '../../routing';
import { useText } from '../../translation';

/** The way to a pull request: its page here, or on its forge where the portal has no such page. */
export function useProposalLink(
  proposal: ProposalLink | undefined,
): { path: string; name: string } | undefined {
  const route = useOptionalRouteRef(proposalRouteRef);
  const t = useText();
  const path = proposal && (route ? route({ id: proposal.id }) : proposal.url);
  if (!path) {
    return undefined;
  }
  return {
    path,
    name:
      proposal.number === undefined
        ? t('proposal.numberless')
        : t('proposal.number', { number: `#${proposal.number}` }),
  };
}
