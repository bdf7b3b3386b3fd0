import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, stringifyError } from '@backstage/errors';
import type {
  AccessRequest,
  DecideBody,
  DecideResult,
  DecisionInput,
  DecisionResult,
} from '@callgate/plugin-callgate-common';
import type { AccessStore } from '../database/AccessStore';
import type { AccessService, WriteOptions } from './AccessService';
import { checkText } from './checkText';
import { domainError } from './domainError';
import { claimList } from './Replays';

/** Errors whose message is for whoever asked. */
const TOLD = new Set([
  'InputError',
  'ConflictError',
  'NotAllowedError',
  'NotFoundError',
  'ServiceUnavailableError',
]);

/** What deciding several at once needs besides the decisions themselves. */
export interface SeveralParts {
  requests: Pick<AccessStore, 'claimKey'>;
  logger: LoggerService;
}

/**
 * Decides several requests, one after the other, each as if it were asked alone: with its digest, its permission and its row in
 * the audit. What becomes of one says nothing of the others.
 *
 * @throws InputError where one is decided twice
 * @throws ConflictError with code `idempotency-key-reused` when the key came with another list
 */
export async function decideAll(
  service: Pick<AccessService, 'approveRequest' | 'rejectRequest'>,
  body: DecideBody,
  options: WriteOptions,
  { requests, logger }: SeveralParts,
): Promise<DecideResult> {
  const { decisions } = body;
  if (new Set(decisions.map(({ id }) => id)).size < decisions.length) {
    throw new InputError('decisions names a request twice');
  }
  await claimList(requests, options, { action: 'decide', body });
  const results: DecisionResult[] = [];
  for (const decision of decisions) {
    const { id } = decision;
    try {
      const { state } = await decide(service, decision, options);
      results.push({ id, state });
    } catch (error) {
      results.push({ id, error: toldOf(error, logger) });
    }
  }
  return { results };
}

async function decide(
  service: Pick<AccessService, 'approveRequest' | 'rejectRequest'>,
  { id, decision, digest, note, version }: DecisionInput,
  { idempotencyKey, ...options }: WriteOptions,
): Promise<AccessRequest> {
  const by = {
    ...options,
    ...(idempotencyKey && { idempotencyKey: `${idempotencyKey}:${id}` }),
  };
  const given = version === undefined ? {} : { version };
  if (decision === 'reject') {
    const reason = checkText(note, 'note');
    if (reason === '') {
      throw domainError(
        'reason-missing',
        'note is missing: say why, so that the requester knows what to change.',
      );
    }
    return service.rejectRequest(id, { reason, ...given }, by);
  }
  if (!digest) {
    throw new InputError(
      'digest is missing: an approval is of what was shown.',
    );
  }
  return service.approveRequest(
    id,
    { digest, ...(note && { note }), ...given },
    by,
  );
}

/** What of an error is for whoever asked. */
export function toldOf(
  error: unknown,
  logger: LoggerService,
): NonNullable<DecisionResult['error']> {
  const { name, message, code } = error as Error & { code?: unknown };
  if (!TOLD.has(name)) {
    logger.error(
      `One of several could not be decided: ${stringifyError(error)}`,
    );
    return { message: 'Something went wrong here. Try this one again.' };
  }
  return { message, ...(typeof code === 'string' && { code }) };
}
