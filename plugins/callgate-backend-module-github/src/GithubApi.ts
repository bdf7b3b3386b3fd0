import type { GithubCredentialsProvider } from '@backstage/integration';
import { forgeError } from '@callgate/plugin-callgate-node';
import { RequestError } from '@octokit/request-error';
import { Octokit } from '@octokit/rest';
import type { GithubAddress } from './GithubAddress';
import {
  type GithubAnswer,
  isPassing,
  rateLimitSeconds,
  toForgeError,
} from './githubErrors';

const TRIES = 3;
const FIRST_PAUSE_MS = 500;
/** A longer wait is left to whoever tries again later. */
const LONGEST_WAIT_SECONDS = 3;
const TIMEOUT_MS = 30_000;

/** What {@link GithubApi} needs of its surroundings. */
export interface GithubSurroundings {
  credentials: GithubCredentialsProvider;
  sleep: (ms: number) => Promise<void>;
  now: () => number;
}

type Rest = Octokit['rest'];

/**
 * GitHub's REST API for one repository. Credentials are asked for with every request, because tokens of apps live for
 * an hour; no error carries them.
 */
export class GithubApi {
  readonly #octokit: Octokit;

  constructor(
    readonly address: GithubAddress,
    private readonly around: GithubSurroundings,
  ) {
    const silent = () => undefined;
    this.#octokit = new Octokit({
      baseUrl: address.apiUrl,
      userAgent: 'callgate',
      log: { debug: silent, info: silent, warn: silent, error: silent },
    });
  }

  /**
   * @param what - the attempt, in words for people
   * @param ask - the request; asked again where the failure may pass and `repeatable` says that this does no harm
   */
  async call<T>(
    what: string,
    ask: (
      rest: Rest,
      common: {
        owner: string;
        repo: string;
        headers: Record<string, string>;
        request: { signal: AbortSignal };
      },
    ) => Promise<{ data: T }>,
    options: { repeatable?: boolean } = {},
  ): Promise<T> {
    const { owner, repo, url } = this.address;
    for (let attempt = 1; ; attempt++) {
      const headers = { authorization: await this.authorization() };
      try {
        const request = { signal: AbortSignal.timeout(TIMEOUT_MS) };
        return (
          await ask(this.#octokit.rest, { owner, repo, headers, request })
        ).data;
      } catch (error) {
        const answer = answerOf(error);
        if (!answer) {
          if ((options.repeatable ?? true) && attempt < TRIES) {
            await this.around.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
            continue;
          }
          throw forgeError(
            'repository-unreachable',
            `GitHub cannot be reached at ${this.address.apiUrl} (${what}).`,
          );
        }
        const pause = this.#pauseAfter(answer, options.repeatable ?? true);
        if (pause === undefined || attempt >= TRIES) {
          throw Object.assign(
            toForgeError(answer, { url, what, now: this.around.now() }),
            {
              status: answer.status,
            },
          );
        }
        await this.around.sleep(pause * 2 ** (attempt - 1));
      }
    }
  }

  /**
   * Asks for what may be the same as the last time. An answer that it is costs nothing of the rate limit.
   *
   * @param etag - of the last answer
   * @returns undefined where nothing has changed
   */
  async callIfChanged<T>(
    what: string,
    etag: string | undefined,
    ask: (
      rest: Rest,
      common: Parameters<Parameters<GithubApi['call']>[1]>[1],
    ) => Promise<{ data: T; headers: { etag?: string } }>,
  ): Promise<{ data: T; etag?: string } | undefined> {
    try {
      return await this.call(what, async (rest, { headers, ...common }) => {
        const { data, headers: answered } = await ask(rest, {
          ...common,
          headers: {
            ...headers,
            ...(etag && {
              'if-none-match': etag,
              // Without it fetch says no-cache by itself, which asks for the whole answer.
              'cache-control': 'max-age=0',
            }),
          },
        });
        return {
          data: { data, ...(answered.etag && { etag: answered.etag }) },
        };
      });
    } catch (error) {
      if ((error as { status?: number }).status === 304) return undefined;
      throw error;
    }
  }

  /** @throws ForgeError with code `forge-unauthorized` */
  async authorization(): Promise<string> {
    return `Bearer ${await this.token()}`;
  }

  /** @throws ForgeError with code `forge-unauthorized` */
  async token(): Promise<string> {
    const { url } = this.address;
    let token: string | undefined;
    try {
      ({ token } = await this.around.credentials.getCredentials({ url }));
    } catch {
      // What the provider says may quote keys.
    }
    if (!token) {
      throw forgeError(
        'forge-unauthorized',
        `There are no credentials for ${url}. Give a token or an installed app in integrations.github.`,
      );
    }
    return token;
  }

  #pauseAfter(answer: GithubAnswer, repeatable: boolean): number | undefined {
    const limit = rateLimitSeconds(answer, this.around.now());
    // Nothing was done where a limit was met, so everything may be repeated.
    if (limit !== undefined)
      return limit <= LONGEST_WAIT_SECONDS ? limit * 1000 : undefined;
    return repeatable && isPassing(answer.status) ? FIRST_PAUSE_MS : undefined;
  }
}

function answerOf(error: unknown): GithubAnswer | undefined {
  if (!(error instanceof RequestError) || !error.response) return undefined;
  const { status, headers, data } = error.response;
  const body = (typeof data === 'object' && data !== null ? data : {}) as {
    message?: unknown;
    errors?: unknown;
  };
  const errors = Array.isArray(body.errors) ? body.errors : [];
  const texts = [
    body.message,
    ...errors.map(each => (typeof each === 'string' ? each : each?.message)),
  ];
  return {
    status,
    headers,
    text: texts.filter(text => typeof text === 'string').join(' '),
  };
}
