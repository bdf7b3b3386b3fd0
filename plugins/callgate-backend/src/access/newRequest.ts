import type { Contract } from '@callgate/policy';
import type { OperationInput } from '@callgate/plugin-callgate-common';
import type { NewStoredRequest } from '../database/AccessStore';
import type { Ownership } from '../ownership';
import type { ProposalDraft, ProposalPreview } from '../proposals/types';
import { grantedOperations, operationText } from './views/operations';
import { riskNumber } from './views/requests';

/** A request to store, with the owners of both sides; who asks is not among its parties yet. */
export async function newRequest(
  ownership: Pick<Ownership, 'ownersOf'>,
  draft: ProposalDraft & { reason: string },
  preview: ProposalPreview,
  contract: Contract,
): Promise<Omit<NewStoredRequest, 'requestedBy'>> {
  const { api, caller, confirm, change, until, reason, breakGlass } = draft;
  const { automatic } = preview;
  const operations = [...draft.operations] as OperationInput[];
  const granted = grantedOperations(operations, contract);
  const [apiOwners, callerOwners] = await Promise.all([
    ownership.ownersOf(api),
    // Addresses, gateways and the API itself are nobody's.
    /^[a-z]+:[^/]+\/[^/]+$/.test(caller) && !/^(gateway|cidr):/.test(caller)
      ? ownership.ownersOf(caller)
      : [],
  ]);
  return {
    apiRef: api,
    callerRef: caller,
    draft: {
      ...(confirm && { confirm }),
      ...(change && { change }),
      ...(until !== undefined && { until }),
      operations,
      in: [...draft.in],
      reason,
      acknowledges: [...draft.acknowledges],
    },
    shown: preview.meaning,
    needs: preview.needs,
    ...(breakGlass && { breakGlass }),
    ...(automatic &&
      'rule' in automatic &&
      !breakGlass && { approvedByRule: automatic }),
    risk: riskNumber(granted, preview.meaning),
    words: [
      reason,
      ...granted.flatMap(each => [each.id ?? '', operationText(each)]),
    ].join(' '),
    parties: [
      ...apiOwners.map(ref => ({ role: 'api-owner' as const, ref })),
      ...callerOwners.map(ref => ({ role: 'caller-owner' as const, ref })),
    ],
  };
}
