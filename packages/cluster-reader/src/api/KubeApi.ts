import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import { asJson, isJson, type Json } from '../json';
import { ApiError } from './ApiError';
import type { Connect } from './Connection';

/** What a server may say at most in one answer, and in one event; no object is larger than 1.5 MiB in etcd. */
const MOST_BYTES = 256 * 1024 * 1024;
const MOST_OF_EVENT = 32 * 1024 * 1024;
/** Of the message of a refusal. */
const MOST_OF_MESSAGE = 64 * 1024;

/** How long an answer may take to begin and, while it comes, to go on. */
const PATIENCE_MS = 60_000;

const SILENCE = 'SILENCE';

/** Code of an `ApiError`: the answer is larger than is read. Fewer objects may be asked for. */
export const TOO_LARGE = 'TOO_LARGE';

/**
 * One line of a watch.
 *
 * @public
 */
export interface WatchEvent {
  type: string;
  object: Json;
}

/**
 * Reads raw JSON from the API server of a cluster. It has no way to write.
 *
 * @public
 */
export class KubeApi {
  /**
   * @param most - bytes of one answer
   */
  constructor(
    private readonly connect: Connect,
    private readonly most: number = MOST_BYTES,
  ) {}

  /**
   * The answer to a GET.
   *
   * @throws ApiError for anything but 200 with a JSON object; CredentialsProblem
   */
  async get(
    path: string,
    options: { signal: AbortSignal; accept?: string },
  ): Promise<Json> {
    const response = await this.#open(path, {
      accept: 'application/json',
      idleMs: PATIENCE_MS,
      ...options,
    });
    const text = await textOf(response, this.most);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new ApiError('the answer is not JSON');
    }
    if (!isJson(value)) throw new ApiError('the answer is not a JSON object');
    return value;
  }

  /**
   * The events of a watch, until the server ends it.
   *
   * @param idleMs - after so much silence it ends as if the server had ended it
   * @param onOpen - the server agreed to the watch
   * @throws ApiError
   */
  async *watch(
    path: string,
    options: { signal: AbortSignal; idleMs: number; onOpen: () => void },
  ): AsyncGenerator<WatchEvent> {
    const response = await this.#open(path, {
      accept: 'application/json',
      ...options,
    });
    options.onOpen();
    try {
      for await (const line of linesOf(response)) {
        let value: unknown;
        try {
          value = JSON.parse(line);
        } catch {
          throw new ApiError('an event is not JSON');
        }
        const { type, object } = asJson(value);
        if (typeof type === 'string' && isJson(object)) yield { type, object };
      }
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== SILENCE) throw error;
    } finally {
      response.destroy();
    }
  }

  async #open(
    path: string,
    {
      signal,
      accept,
      idleMs,
    }: { signal: AbortSignal; accept: string; idleMs: number },
  ): Promise<IncomingMessage> {
    const { server, agent, headers, auth } = await this.connect();
    signal.throwIfAborted();
    const module = server.startsWith('http:') ? http : https;
    let begun: IncomingMessage | undefined;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = module.get(
        `${server}${path}`,
        {
          agent,
          signal,
          headers: { ...headers, accept, 'user-agent': 'callgate' },
          ...(auth !== undefined && { auth }),
        },
        answer => {
          begun = answer;
          resolve(answer);
        },
      );
      sent.setTimeout(idleMs, () =>
        begun
          ? begun.destroy(new ApiError('it says no more', { code: SILENCE }))
          : sent.destroy(
              new ApiError('it does not answer', { code: 'ETIMEDOUT' }),
            ),
      );
      sent.on('error', error => reject(asApiError(error)));
    });
    // The stream of an answer breaks by itself too.
    response.on('error', () => undefined);
    if (response.statusCode === 200) return response;
    throw await refusalOf(response);
  }
}

function asApiError(error: Error): ApiError {
  if (error instanceof ApiError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new ApiError(message, { ...(code !== undefined && { code }) });
}

/** What a server says with a status other than 200: a `Status` of Kubernetes, or any text. */
async function refusalOf(response: IncomingMessage): Promise<ApiError> {
  const status = response.statusCode ?? 0;
  const seconds = Number(response.headers['retry-after']);
  let message = '';
  try {
    const text = await textOf(response, MOST_OF_MESSAGE);
    try {
      message = String(asJson(JSON.parse(text)).message ?? '');
    } catch {
      message = text.trim();
    }
  } catch {
    // The status says enough.
  }
  return new ApiError(message.slice(0, 300), {
    status,
    ...(seconds > 0 && { retryAfterMs: seconds * 1000 }),
  });
}

async function textOf(
  response: IncomingMessage,
  most: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      length += (chunk as Buffer).length;
      if (length > most)
        throw new ApiError(`it answers with more than ${most} bytes`, {
          code: TOO_LARGE,
        });
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    const problem = asApiError(error as Error);
    throw problem.code === SILENCE
      ? new ApiError(problem.message, { code: 'ETIMEDOUT' })
      : problem;
  } finally {
    if (!response.complete) response.destroy();
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  // Parts of one line: an object of a megabyte comes in many.
  let parts: string[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      const pieces = decoder.write(chunk as Buffer).split('\n');
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) {
          const line = parts.join('');
          parts = [];
          length = 0;
          if (line.trim() !== '') yield line;
        }
        length += piece.length;
        if (length > MOST_OF_EVENT)
          throw new ApiError('an event is larger than any object can be');
        parts.push(piece);
      }
    }
  } catch (error) {
    throw asApiError(error as Error);
  }
  const rest = parts.join('');
  if (rest.trim() !== '') yield rest;
}
