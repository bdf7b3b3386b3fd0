import { NotFoundError } from '@backstage/errors';
import { forgeError } from '@callgate/plugin-callgate-node';

/** What GitHub answered, without anything of the request. */
export interface GithubAnswer {
  status: number;
  headers: Record<string, string | number | undefined>;
  /** `message` and `errors[].message` of the body. */
  text: string;
}

const SECONDARY_LIMIT_SECONDS = 60;

/** Seconds until GitHub takes requests again; `undefined` where the answer is not about a rate limit. */
export function rateLimitSeconds(
  { status, headers, text }: GithubAnswer,
  now: number,
): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(after)) {
    return Math.max(1, Math.ceil(after));
  }
  if (String(headers['x-ratelimit-remaining']) === '0') {
    const reset = Number(headers['x-ratelimit-reset']);
    return Number.isFinite(reset)
      ? Math.max(1, Math.ceil(reset - now / 1000))
      : SECONDARY_LIMIT_SECONDS;
  }
  return status === 429 || /rate limit/i.test(text)
    ? SECONDARY_LIMIT_SECONDS
    : undefined;
}

/** Whether waiting a moment and asking again may help. */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 408;
}

/** The error for an answer; its text is ours, and what is quoted of GitHub's is short and without credentials. */
export function toForgeError(
  answer: GithubAnswer,
  about: { url: string; what: string; now: number },
): Error {
  const { status, text } = answer;
  const { url, what } = about;
  const limit = rateLimitSeconds(answer, about.now);
  if (limit !== undefined) {
    return forgeError(
      'forge-rate-limited',
      `GitHub takes no more requests for ${limit} seconds (${what}).`,
      { retryAfterSeconds: limit },
    );
  }
  switch (status) {
    case 401:
      return forgeError(
        'forge-unauthorized',
        `GitHub does not accept the credentials for ${url} (${what}). Renew them in integrations.github.`,
      );
    case 403:
      return forgeError(
        'forge-forbidden',
        `GitHub does not allow this for ${url} (${what}). The credentials need read and write access to contents and pull requests.`,
      );
    case 404:
    case 410:
      return forgeError(
        'repository-not-found',
        `GitHub does not find ${url}, or the credentials may not see it (${what}). Check callgate.policyRepository.url, and that the credentials in integrations.github may read that repository.`,
      );
    default:
      return isPassing(status)
        ? forgeError(
            'repository-unreachable',
            `GitHub does not work at the moment (${status}, ${what}).`,
          )
        : forgeError(
            'forge-rejected',
            `GitHub refuses it (${status}, ${what})${quoted(text)}.`,
          );
  }
}

/** No such pull request, as opposed to no such repository. */
export function pullRequestNotFound(number: number, url: string): Error {
  return new NotFoundError(`There is no pull request ${number} in ${url}`);
}

const SECRET =
  /\b(gh[a-z]_\w+|github_pat_\w+|[A-Za-z0-9_-]{40,})\b|\/\/[^/\s]*@/g;

function quoted(text: string): string {
  const line = text
    .replace(SECRET, '…')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  return line === '' ? '' : `: ${line}`;
}
