import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { asArray, asJson, asText } from '../json';
import { PortalError } from './PortalError';
import type { EstateAnswer, EstatePush } from './protocol';

const gzip = promisify(zlib.gzip);

/** How long an answer may take: the portal stores hundreds of megabytes meanwhile. */
const PATIENCE_MS = 120_000;

/** Bodies that are smaller are sent as they are. */
const WORTH_PACKING = 1024;

/** What an answer may have, in characters; a list of what is missing is some megabytes. */
const MOST = 8 * 1024 * 1024;

/** What OpenSSL says of a certificate whose authority is not known (Node, "X509 certificate error codes"). */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Where an agent sends what it reads. */
export interface Portal {
  /** @throws PortalError */
  send(push: EstatePush, signal: AbortSignal): Promise<EstateAnswer>;
}

/** The portal over HTTP. The token goes to this one address: nothing that redirects is followed. */
export class PortalClient implements Portal {
  readonly #url: string;

  constructor(
    private readonly options: {
      /** Where the backend answers, as `checkPortal` lets it pass. */
      to: string;
      cluster: string;
      /** Asked for each message: tokens that are mounted are renewed. It may throw. */
      token: () => string;
    },
  ) {
    const { to, cluster } = options;
    this.#url = `${to.replace(
      /\/+$/,
      '',
    )}/api/callgate/estates/${encodeURIComponent(cluster)}`;
  }

  async send(push: EstatePush, signal: AbortSignal): Promise<EstateAnswer> {
    const text = JSON.stringify(push);
    const isPacked = text.length > WORTH_PACKING;
    const token = this.options.token();
    let response: Response;
    let answer: string;
    try {
      response = await fetch(this.#url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'user-agent': 'callgate-agent',
          ...(isPacked && { 'content-encoding': 'gzip' }),
        },
        body: isPacked ? new Uint8Array(await gzip(text)) : text,
      });
      answer = await textOf(response);
    } catch (error) {
      if (error instanceof PortalError) throw error;
      throw new PortalError(
        withoutToken(`it cannot be reached (${reasonOf(error)})`, token),
      );
    }
    if (!response.ok) throw refusalOf(response, answer, token);
    return answerIn(answer);
  }
}

async function textOf(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > MOST) throw new PortalError('its answer is too long');
  }
  return text;
}

/** `fetch` says what was wrong with the line in the cause of its error. */
function reasonOf(error: unknown): string {
  const { cause, name, message } = error as Error & {
    cause?: { code?: string; message?: string };
  };
  if (name === 'TimeoutError') return 'it does not answer';
  const reason = cause?.code ?? cause?.message ?? message;
  return UNTRUSTED.has(reason)
    ? `${reason}: its certificate follows from none that is trusted; NODE_EXTRA_CA_CERTS names a file with the authority of your company`
    : reason;
}

/** Whatever answers may repeat what it was sent, and what it says is logged. */
function withoutToken(text: string, token: string): string {
  return text.replaceAll(token, '(the token)');
}

function refusalOf(
  { status, headers }: Response,
  text: string,
  token: string,
): PortalError {
  let said: string | undefined;
  let code: string | undefined;
  try {
    const error = asJson(asJson(JSON.parse(text)).error);
    said = asText(error.message);
    code = asText(error.code);
  } catch {
    // A proxy answers with a page.
  }
  const seconds = Number(headers.get('retry-after'));
  return new PortalError(withoutToken(wordsFor(status, said), token), {
    status,
    ...(code !== undefined && { code }),
    ...(seconds > 0 && { retryAfterMs: seconds * 1000 }),
  });
}

function wordsFor(status: number, said: string | undefined): string {
  if (status === 401)
    return 'it does not know the token (401): backend.auth.externalAccess has to have it';
  if (status >= 300 && status < 400)
    return `it sends on to another address (${status}), where the token is not sent: --to is where the backend answers, and what signs people in before it has to let /api/callgate/estates pass`;
  if (status === 404)
    return 'there is no Callgate at the address that takes estates (404): --to is where the backend answers, without /api/callgate';
  if (status === 413 && said === undefined)
    return 'something before it takes no message of this size (413): let a proxy pass some megabytes';
  return said === undefined ? `it answers ${status}` : `${said} (${status})`;
}

function answerIn(text: string): EstateAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PortalError('its answer is not JSON: is --to the backend?');
  }
  const { state, version, missing, refused } = asJson(value);
  if (state !== 'taken' && state !== 'missing' && state !== 'other-base')
    throw new PortalError(
      'its answer is none of Callgate: is --to the backend?',
    );
  const known = asText(version);
  return {
    state,
    ...(known !== undefined && { version: known }),
    missing: asArray(missing).flatMap(each => asText(each) ?? []),
    ...(refused !== undefined && { refused: refusedIn(refused) }),
  };
}

function refusedIn(value: unknown): NonNullable<EstateAnswer['refused']> {
  return asArray(value)
    .map(asJson)
    .map(({ path, why }) => ({
      path: asText(path) ?? '',
      why: asText(why) ?? '',
    }));
}
