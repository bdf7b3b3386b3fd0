import type {
  GitHttpRequest,
  GitHttpResponse,
  HttpClient,
} from 'isomorphic-git';

const TIMEOUT_MS = 120_000;

/**
 * Git over HTTPS with the platform's `fetch`: with a time limit, and without following redirects, which could take
 * credentials to another host.
 */
export const fetchHttp: HttpClient = {
  async request({
    url,
    method = 'GET',
    headers = {},
    body,
  }: GitHttpRequest): Promise<GitHttpResponse> {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body && { body: await collect(body) }),
    });
    return {
      url,
      method,
      statusCode: response.status,
      statusMessage: response.statusText,
      headers: Object.fromEntries(response.headers),
      body: chunks(response),
    };
  },
};

async function collect(
  body: AsyncIterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

async function* chunks(response: Response): AsyncIterableIterator<Uint8Array> {
  if (!response.body) return;
  for await (const chunk of response.body) yield chunk as Uint8Array;
}
