import type { AccessRequestDraft } from '@callgate/plugin-callgate-common';
import {
  type AccessPolicy,
  formatCallerRef,
  type Grant,
  parseCallerRef,
} from '@callgate/policy';
import type { ChangeSide, ProposalDraft } from '../proposals/types';
import { checkText } from './checkText';
import { domainError } from './domainError';
import { type LifecycleConfig, readLastDay } from './lastDay';
import { parseTerms } from './parseDraft';
import { parseRef } from './parseRef';

type Draft = ProposalDraft & { reason: string };

/** Kinds of requests about a grant that is there. */
export const GRANT_KINDS = ['change', 'renew', 'end'] as const;

/** Whether a client asks for something of a grant that is there. */
export function isOfGrant(
  kind: AccessRequestDraft['kind'],
): kind is (typeof GRANT_KINDS)[number] {
  return GRANT_KINDS.some(each => each === kind);
}

/**
 * Reads a request of a client to change, renew or end a grant. Who calls, and all that is not to be changed, the declaration says.
 *
 * @param policyOf - the declaration of an API that the client may see
 * @returns undefined where there is no such grant
 * @throws InputError that names the field
 */
export function parseChangeDraft(
  input: AccessRequestDraft,
  requestedBy: string,
  how: {
    policyOf: (api: string) => AccessPolicy | undefined;
    lifecycle: LifecycleConfig;
    now: number;
  },
): Draft | undefined {
  const api = parseRef(input.api, 'api', ['api']);
  const reason = checkText(input.reason, 'reason');
  const policy = how.policyOf(api);
  const grant = policy?.spec.grants.find(({ id }) => id === input.grant);
  if (!policy || !grant || !isOfGrant(input.kind)) return undefined;
  const { kind } = input;
  const caller = parseCallerRef(grant.caller, policy.metadata.namespace);
  const until = untilOf(input, grant, how);
  return {
    change: {
      kind,
      grant: grant.id,
      ...(grant.request !== undefined && { request: grant.request }),
      // Who asks says for whom.
      side: 'caller',
      // Where that would close what everyone can call, it has to be said: requireWhenLast.
      ...(kind === 'end' && { whenLast: input.whenLast ?? 'keep-closed' }),
      ...(kind === 'end' && input.urgent && { urgent: true as const }),
    },
    api,
    caller: caller ? formatCallerRef(caller) : grant.caller,
    ...termsOf(input, grant),
    ...(until !== undefined && { until }),
    requestedBy,
    reason,
  };
}

/** A draft asked for by one side. */
export function onSide<T extends ProposalDraft>(draft: T, side: ChangeSide): T {
  const { change } = draft;
  return change ? { ...draft, change: { ...change, side } } : draft;
}

/** What is not sent stays as it is. */
function termsOf(
  input: AccessRequestDraft,
  grant: Grant,
): Pick<ProposalDraft, 'operations' | 'in' | 'acknowledges'> {
  const terms = {
    operations: grant.operations,
    in: [...(grant.in ?? [])].sort(),
    acknowledges: [...(grant.acknowledges ?? [])].sort(),
  };
  if (input.kind !== 'change') return terms;
  const sent = parseTerms({
    operations: input.operations,
    in: input.in,
    acknowledges: input.acknowledges,
  });
  return {
    operations: sent.operations,
    in: input.in ? sent.in : terms.in,
    acknowledges: input.acknowledges ? sent.acknowledges : terms.acknowledges,
  };
}

function untilOf(
  { kind, until }: AccessRequestDraft,
  grant: Grant,
  { lifecycle, now }: { lifecycle: LifecycleConfig; now: number },
): string | undefined {
  if (kind === 'end') return undefined;
  if (kind === 'renew') {
    const day = readLastDay(until, lifecycle, now);
    if (!day)
      throw domainError(
        'bad-until',
        'until is missing: say the last day, such as 2027-03-01.',
      );
    return day;
  }
  // Of a change the day that is there stays, also where it would be too late for a new one.
  return until === undefined || until === (grant.until ?? '')
    ? undefined
    : readLastDay(until, lifecycle, now);
}
