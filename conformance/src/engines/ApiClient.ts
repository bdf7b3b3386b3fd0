import { Agent, request } from 'node:https';
import { Manifest } from '../worlds/types';

/** What the program says when it is ready (apiserver/README.md). */
export interface ApiServerAddress {
  url: string;
  token: string;
  ca: string;
  folder: string;
}

export interface ApiAnswer {
  status: number;
  body: string;
}

/** A kind as the server names it in paths. */
export interface ApiResource {
  name: string;
  namespaced: boolean;
}

/** How many questions are under way at the same time; others wait for them. */
const PARALLEL = 8;

/** How long an answer may take. */
const PATIENCE = 60_000;

const MOMENT = 200;

/** Where the API of an `apiVersion` is. */
export const apiPath = (apiVersion: string) =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

/**
 * Requests to an API server with objects as they are written: typed clients
 * leave out what they do not know, and the server would judge another object.
 */
export class ApiClient {
  readonly #agent: Agent;

  constructor(
    private readonly address: ApiServerAddress,
    private readonly errorOf: (what: string) => Error,
  ) {
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: PARALLEL,
      ca: address.ca,
    });
  }

  /** Kinds that the server has now, by name; none for an `apiVersion` that it does not know. */
  async kinds(apiVersion: string): Promise<ReadonlyMap<string, ApiResource>> {
    const { status, body } = await this.#send('GET', apiPath(apiVersion));
    if (status === 404) return new Map();
    if (status !== 200)
      throw this.errorOf(`answered ${status} for ${apiVersion}: ${body}`);
    const { resources } = JSON.parse(body) as {
      resources: (ApiResource & { kind: string })[];
    };
    // Those with a slash are parts of others, as `status` is.
    return new Map(
      resources
        .filter(({ name }) => !name.includes('/'))
        .map(({ kind, name, namespaced }) => [kind, { name, namespaced }]),
    );
  }

  /** Sends the text as YAML where there is one, else the object as JSON. */
  post(
    path: string,
    { object, text }: { object?: Manifest; text?: string },
  ): Promise<ApiAnswer> {
    return text === undefined
      ? this.#send('POST', path, 'application/json', JSON.stringify(object))
      : this.#send('POST', path, 'application/yaml', text);
  }

  #send(
    method: string,
    path: string,
    type?: string,
    content?: string,
  ): Promise<ApiAnswer> {
    return new Promise((resolve, reject) => {
      // Where the process has ended, that is known a moment later.
      const broken = ({ name, message }: Error) => {
        const why =
          name === 'AbortError' ? `no answer in ${PATIENCE / 1000} s` : message;
        setTimeout(
          () => reject(this.errorOf(`${method} ${path}: ${why}`)),
          MOMENT,
        );
      };
      const sent = request(
        `${this.address.url}${path}`,
        {
          method,
          agent: this.#agent,
          signal: AbortSignal.timeout(PATIENCE),
          headers: {
            authorization: `Bearer ${this.address.token}`,
            accept: 'application/json',
            ...(type !== undefined && { 'content-type': type }),
          },
        },
        response => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', chunk => {
            body += chunk;
          });
          response.on('error', broken);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body }),
          );
        },
      );
      sent.on('error', broken);
      sent.end(content);
    });
  }
}
