import type { AccessRequestDraft } from '@callgate/plugin-callgate-common';
import {
  type AccessPolicy,
  formatCallerRef,
  parseCallerRef,
} from '@callgate/policy';
import type { AskedEnd, ProposalDraft, Snapshot } from '../proposals/types';
import { checkText } from './checkText';
import { domainError } from './domainError';
import { parseRef } from './parseRef';

type Draft = ProposalDraft & { reason: string };

/** What is asked for where a grant is to be confirmed: the grant as it is declared, and what it stands for besides. */
export function grantDraft(
  snapshot: Snapshot,
  policy: AccessPolicy,
  grantId: string,
  asked: { requestedBy: string; reason?: string },
): Draft | undefined {
  const { api } = policy.spec;
  const grant = policy.spec.grants.find(({ id }) => id === grantId);
  if (!grant) return undefined;
  const caller = parseCallerRef(grant.caller, policy.metadata.namespace);
  return {
    confirm: {
      grant: grantId,
      ends: unconfirmedEnds(snapshot, api, grantId),
      ...(grant.ends && { approved: grant.ends }),
    },
    api,
    caller: caller ? formatCallerRef(caller) : grant.caller,
    operations: grant.operations,
    in: [...(grant.in ?? [])].sort(),
    acknowledges: [...(grant.acknowledges ?? [])].sort(),
    requestedBy: asked.requestedBy,
    reason: asked.reason ?? '',
  };
}

/** What a grant stands for now and was not approved for. */
export function unconfirmedEnds(
  { compilation }: Snapshot,
  api: string,
  grantId: string,
): AskedEnd[] {
  return compilation.plan.unconfirmed
    .filter(each => each.api === api && each.grantId === grantId)
    .map(({ side, entity, cluster, end }) => ({ side, entity, cluster, end }));
}

/**
 * Reads a confirm request that a client sent. What the caller and its operations are, the declaration says.
 *
 * @param policyOf - the declaration of an API that the client may see
 * @returns undefined where there is no such grant
 * @throws InputError that names the field
 */
export function parseConfirmDraft(
  input: AccessRequestDraft,
  requestedBy: string,
  snapshot: Snapshot,
  policyOf: (api: string) => AccessPolicy | undefined,
): Draft | undefined {
  const api = parseRef(input.api, 'api', ['api']);
  const reason = checkText(input.reason, 'reason');
  if ((input.grant === undefined) === (input.provider === undefined)) {
    throw domainError(
      'bad-operation',
      'A confirm request names either a grant or a provider.',
    );
  }
  if (input.provider !== undefined) {
    const provider = parseRef(input.provider, 'provider', ['component']);
    return {
      confirm: { provider },
      api,
      caller: provider,
      operations: [],
      in: [],
      acknowledges: [],
      requestedBy,
      reason,
    };
  }
  const policy = policyOf(api);
  return (
    policy &&
    grantDraft(snapshot, policy, input.grant ?? '', { requestedBy, reason })
  );
}
