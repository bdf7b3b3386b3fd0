import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { ConflictError, NotAllowedError } from '@backstage/errors';
import type { EstateIntake } from '@callgate/plugin-callgate-node';
import express from 'express';
import type { AuditedPushes } from './AuditedPushes';
import type { EstateIntakes } from './EstateIntakes';

/** An unpacked message of an agent; the texts of its files may have 16 MiB each, of which JSON makes up to twice as much. */
const MOST_BYTES = 40 * 1024 * 1024;

/** Messages of one cluster that are read at a time: an agent has one on its way, and some whose connection broke. */
const MOST_AT_ONCE = 4;

const ROUTE = /^\/estates\/([^/]+)\/?$/i;

/**
 * Reads what agents send, which is larger than anything else that is sent here: only after it is known that it may be sent,
 * so that nobody else makes the portal unpack it.
 */
export function estateBodies(options: {
  httpAuth: HttpAuthService;
  intakes: EstateIntakes;
  pushes: AuditedPushes;
}): express.RequestHandler {
  const { httpAuth, intakes, pushes } = options;
  const read = express.json({ limit: MOST_BYTES });
  const underway = new Map<string, number>();
  const count = (cluster: string, more: 1 | -1) =>
    underway.set(cluster, (underway.get(cluster) ?? 0) + more);
  return (req, res, next) => {
    const name = ROUTE.exec(req.path)?.[1];
    if (req.method !== 'POST' || name === undefined) {
      next();
      return;
    }
    httpAuth
      .credentials(req, { allow: ['user', 'service'] })
      .then(async credentials => {
        const cluster = decoded(name);
        let intake: EstateIntake;
        try {
          intake = intakes.require(cluster, credentials);
        } catch (error) {
          await pushes.refused(cluster, credentials, error as Error);
          throw error;
        }
        if ((underway.get(cluster) ?? 0) >= MOST_AT_ONCE) throw busy();
        count(cluster, 1);
        res.once('close', () => count(cluster, -1));
        await new Promise<void>((resolve, reject) =>
          read(req, res, (error?: unknown) =>
            error ? reject(inWords(error)) : resolve(),
          ),
        );
        try {
          checkForm(intake, req.body);
        } catch (error) {
          await pushes.refused(cluster, credentials, error as Error);
          throw error;
        }
        next();
      })
      .catch(next);
  };
}

/**
 * Before the schema is asked: another version has other fields, and what the schema says of those tells nobody that the portal
 * or the agent has to be changed. What is no message at all is the schema's to say.
 */
function checkForm(intake: EstateIntake, body: unknown): void {
  const { form } = (body ?? {}) as { form?: unknown };
  if (Number.isSafeInteger(form)) intake.checkForm(Number(form));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // No cluster is called so.
    throw new NotAllowedError('This is no name of a cluster.');
  }
}

function busy(): ConflictError {
  return Object.assign(
    new ConflictError(
      `${MOST_AT_ONCE} messages of this cluster are being read; send again a little later.`,
    ),
    { code: 'estate-busy' },
  );
}

/** What the reader of bodies says is for programmers. */
function inWords(error: unknown): unknown {
  const { type } = error as { type?: string };
  if (type !== 'entity.too.large') return error;
  return Object.assign(
    new Error(
      `One message has more than ${
        MOST_BYTES / 1024 / 1024
      } MiB. Send fewer texts with it.`,
    ),
    { name: 'PayloadTooLargeError', statusCode: 413, code: 'estate-too-large' },
  );
}
