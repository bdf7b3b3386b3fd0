import type { LoggerService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type express from 'express';
import { storageProblem } from './proposals/storageProblem';

/** Errors whose messages are written for clients. */
const FOR_CLIENTS = new Set([
  'InputError',
  'AuthenticationError',
  'NotAllowedError',
  'NotFoundError',
  'ConflictError',
  'ServiceUnavailableError',
  'ResponseError',
]);

/**
 * Keeps what a library says of a failure in the log: a database driver quotes the statement with everything that
 * people wrote in it.
 */
export function hideInternals(
  logger: LoggerService,
): express.ErrorRequestHandler {
  return (error, _req, _res, next) => {
    const { name, statusCode, status } = error as {
      name?: string;
      statusCode?: number;
      status?: number;
    };
    const ofClient = (statusCode ?? status ?? 500) < 500;
    if (FOR_CLIENTS.has(name ?? '') || ofClient) {
      next(error);
      return;
    }
    logger.error('A request failed', error as Error);
    const storage = storageProblem(error);
    if (storage !== undefined) {
      const refusal = new ServiceUnavailableError(storage);
      next(Object.assign(refusal, { code: 'storage-failed' }));
      return;
    }
    next(
      new Error('Something went wrong here. The log of the portal has more.'),
    );
  };
}
