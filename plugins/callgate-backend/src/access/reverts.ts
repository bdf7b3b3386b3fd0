import type { AccessRequestDraft } from '@callgate/plugin-callgate-common';
import {
  type AccessPolicy,
  dayAt,
  daysUntil,
  formatCallerRef,
  type Grant,
  parseCallerRef,
} from '@callgate/policy';
import type { StoredRequest } from '../database/AccessStore';
import { grantOfDraft } from '../database/grantOfDraft';
import type { ProposalRecord } from '../proposals/types';
import { readPolicy } from '../proposals/readPolicies';

/** What would undo one request, or why nothing does. */
export type Revert = { draft: AccessRequestDraft } | { reason: string };

/** What is known when a merged request is to be undone. */
export interface RevertInput {
  proposal: ProposalRecord;
  request: StoredRequest;
  /** The declaration of the API as it is now. */
  policy: AccessPolicy | undefined;
  /** Every request about the same grant. */
  others: readonly StoredRequest[];
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * The request that undoes a merged one: what was granted ends, what was changed or renewed gets the terms of before, what was
 * ended is asked for again. Only where the grant is still as that pull request left it: what rests on it is not taken away with it.
 */
export function revertOf(input: RevertInput): Revert {
  const { proposal, request, policy, others } = input;
  const { apiRef: api, draft } = request;
  if (draft.confirm) {
    return {
      reason:
        'What was confirmed cannot be unconfirmed. End the grant, if it should not stand.',
    };
  }
  const id = grantOfDraft(request) ?? '';
  const newer = others.find(
    each =>
      each.state === 'merged' &&
      each.proposalId !== proposal.id &&
      each.updatedAt > request.updatedAt,
  );
  if (newer) {
    return {
      reason: `Request ${newer.number} has changed the grant since. Undo that first.`,
    };
  }
  const written = declared(proposal, 'after')?.spec.grants.find(
    grant => grant.id === id,
  );
  const before = declared(proposal, 'before')?.spec.grants.find(
    grant => grant.id === id,
  );
  const present = policy?.spec.grants.find(grant => grant.id === id);
  const kind = draft.change?.kind ?? 'new';
  const known =
    (kind === 'end' || written !== undefined) &&
    (kind === 'new' || before !== undefined);
  if (!known) {
    return {
      reason: 'What the pull request wrote of this grant cannot be read.',
    };
  }
  if (kind !== 'end' && !present) {
    return { reason: 'The grant has ended already.' };
  }
  if (kind === 'end' && present) {
    return { reason: 'The grant is there again.' };
  }
  if (present && written && !isSame(present, written)) {
    return {
      reason:
        'Somebody has changed the grant in the policy repository since. Change it or end it as it is now.',
    };
  }
  const about = {
    api,
    reason: `Undoes pull request ${proposal.number ?? proposal.branch}`,
  };
  const ofGrant = { ...about, grant: id, caller: '', operations: [] };
  if (kind === 'new') {
    const opened = isAdded(proposal);
    return {
      draft: {
        ...ofGrant,
        kind: 'end',
        // Before its first grant the API had no declaration, and was open.
        ...(opened && { whenLast: 'open' as const }),
      },
    };
  }
  return kind === 'end'
    ? grantedAgain(input, before!, about)
    : {
        draft: {
          ...ofGrant,
          ...termsOf(before!),
          kind: 'change',
          until: before!.until ?? '',
        },
      };
}

function grantedAgain(
  { proposal, now }: RevertInput,
  before: Grant,
  about: { api: string; reason: string },
): Revert {
  const { until } = before;
  if (until !== undefined && daysUntil(dayAt(now), until) < 0) {
    return {
      reason: `The grant was until ${until}, which is over. Ask for it anew.`,
    };
  }
  const namespace = declared(proposal, 'before')!.metadata.namespace;
  const caller = parseCallerRef(before.caller, namespace);
  return {
    draft: {
      ...about,
      caller: caller ? formatCallerRef(caller) : before.caller,
      ...termsOf(before),
      ...(until !== undefined && { until }),
    },
  };
}

function termsOf(
  grant: Grant,
): Pick<AccessRequestDraft, 'operations' | 'in' | 'acknowledges'> {
  return {
    operations: [...grant.operations],
    in: [...(grant.in ?? [])],
    acknowledges: [...(grant.acknowledges ?? [])],
  };
}

/** Whether a grant still asks for the same: whom it was confirmed for besides has requests of its own. */
function isSame(a: Grant, b: Grant): boolean {
  const asked = ({ ends: _ends, approvedBy: _by, ...rest }: Grant) =>
    JSON.stringify(Object.entries(rest).sort(([x], [y]) => (x < y ? -1 : 1)));
  return asked(a) === asked(b);
}

function isAdded({ files }: ProposalRecord): boolean {
  return files.some(
    ({ kind, status }) => kind === 'declaration' && status === 'added',
  );
}

/** The declaration as the pull request found it, or left it. */
function declared(
  { files, api }: ProposalRecord,
  which: 'before' | 'after',
): AccessPolicy | undefined {
  return files
    .filter(({ kind }) => kind === 'declaration')
    .map(file => readPolicy(file.path, file[which] ?? '').policy)
    .find(policy => policy?.spec.api === api);
}
