import type { Gap, GrantOperation } from '@callgate/policy';
import {
  CALLGATE_LIMITS,
  type AccessRequestDraft,
  type OperationInput,
} from '@callgate/plugin-callgate-common';
import type { ProposalDraft } from '../proposals/types';
import { checkText } from './checkText';
import { domainError } from './domainError';
import { type LifecycleConfig, readLastDay } from './lastDay';
import { parseRef } from './parseRef';

const GAPS: readonly string[] = [
  'method-not-enforced',
  'identity-not-enforced',
  'shared-service-account',
];
const SCOPE = /^[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?$/;

/**
 * Reads a draft that a client sent: refs in full, every field within its limits.
 *
 * @throws InputError that names the field
 */
export function parseDraft(
  draft: AccessRequestDraft,
  requestedBy: string,
  how: { lifecycle: LifecycleConfig; now: number },
): ProposalDraft & { reason: string } {
  const terms = parseTerms(draft);
  const until = readLastDay(draft.until, how.lifecycle, how.now);
  return {
    api: parseRef(draft.api, 'api', ['api']),
    caller: parseRef(draft.caller, 'caller', [
      'component',
      'resource',
      'system',
      'domain',
      'group',
    ]),
    ...terms,
    // Nothing new has a day to take away.
    ...(until && { until }),
    reason: checkText(draft.reason, 'reason'),
    requestedBy,
  };
}

/**
 * What a grant is to say, of what a client sent.
 *
 * @throws InputError that names the field
 */
export function parseTerms(
  draft: Pick<AccessRequestDraft, 'operations' | 'in' | 'acknowledges'>,
): Pick<ProposalDraft, 'operations' | 'in' | 'acknowledges'> {
  if (
    draft.operations.length === 0 ||
    draft.operations.length > CALLGATE_LIMITS.operations
  ) {
    throw domainError(
      'bad-operation',
      `operations must have 1 to ${CALLGATE_LIMITS.operations} entries.`,
    );
  }
  const unknown = draft.acknowledges?.find(gap => !GAPS.includes(gap));
  if (unknown !== undefined) {
    throw domainError(
      'bad-operation',
      `acknowledges knows ${GAPS.join(
        ', ',
      )}; there is nothing else to acknowledge.`,
    );
  }
  if (
    draft.in?.some(name => !SCOPE.test(name)) ||
    (draft.in?.length ?? 0) > 100
  ) {
    throw domainError(
      'bad-reference',
      'in must list names of clusters or environments.',
    );
  }
  return {
    operations: draft.operations.map(parseOperation),
    in: [...new Set(draft.in ?? [])].sort(),
    acknowledges: [...new Set(draft.acknowledges ?? [])].sort() as Gap[],
  };
}

/** Exactly one of the fields: the contract's schema cannot say so in a way that its generated types keep. */
function parseOperation(input: OperationInput, index: number): GrantOperation {
  const given = Object.entries(input).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length !== 1) {
    throw domainError(
      'bad-operation',
      `operations[${index}] must have exactly one of id, http, grpc, tcp, udp, sctp.`,
    );
  }
  const port = (input.tcp ?? input.udp ?? input.sctp)?.port;
  if (port !== undefined && (port < 1 || port > 65535)) {
    throw domainError(
      'bad-operation',
      `operations[${index}] has a port outside 1 to 65535.`,
    );
  }
  if (
    input.http &&
    (input.http.methods.length === 0 || input.http.paths.length === 0)
  ) {
    throw domainError(
      'bad-operation',
      `operations[${index}].http needs methods and paths.`,
    );
  }
  const text = JSON.stringify(input);
  if (text.length > 4000) {
    throw domainError('bad-operation', `operations[${index}] is too long.`);
  }
  return input as GrantOperation;
}
