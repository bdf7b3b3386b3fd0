import type { PullRequestComment } from '@callgate/plugin-callgate-node';
import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { GithubApi } from './GithubApi';
import { toReview } from './toPullRequest';

const PAGE = 100;
const MOST_PAGES = 10;
/** What is longer is cut before it is remembered. */
const LONGEST = 10_000;
/** Characters of what was said that are remembered, so that what has not changed is not read again. */
const MOST_REMEMBERED = 5_000_000;

type Methods = RestEndpointMethodTypes;
type IssueComment =
  Methods['issues']['listComments']['response']['data'][number];
type LineComment =
  Methods['pulls']['listReviewComments']['response']['data'][number];
type Review = Methods['pulls']['listReviews']['response']['data'][number];

/** One page of a list, as it was read last. */
interface KnownPage {
  etag: string;
  /** How many entries it had, those of programs included. */
  length: number;
  comments: readonly PullRequestComment[];
}

type Answer<T> = Promise<{ data: T[]; headers: { etag?: string } }>;
type Ask<T> = (
  rest: Parameters<Parameters<GithubApi['call']>[1]>[0],
  common: Parameters<Parameters<GithubApi['call']>[1]>[1] & {
    per_page: number;
    page: number;
  },
) => Answer<T>;

/**
 * What people say on pull requests: comments, comments on lines, and reviews. GitHub does not tell what was deleted, so the lists are
 * read as a whole, page by page, and only where GitHub says that a page is another one than before.
 */
export class GithubTalk {
  /** The one that was used last comes last. */
  readonly #known = new Map<string, KnownPage>();
  #remembered = 0;

  constructor(private readonly api: GithubApi) {}

  /** @param opener - login of the account that opened the pull request */
  async read(
    number: number,
    opener: string | undefined,
  ): Promise<{ comments: PullRequestComment[]; complete: boolean }> {
    const by = (user: Person) => ({
      by: user?.login ?? 'ghost',
      ...(user && user.login === opener && { byOpener: true as const }),
    });
    const lists = [
      await this.#list<IssueComment>(
        `the comments of pull request ${number}`,
        ({ issues }, common) =>
          issues.listComments({ ...common, issue_number: number }),
        ({ id, user, body, created_at: at, html_url: url }) =>
          isPerson(user) && {
            ...{ id: `comment/${id}`, ...by(user), at, url },
            text: cut(body),
          },
      ),
      await this.#list<LineComment>(
        `the comments on lines of pull request ${number}`,
        ({ pulls }, common) =>
          pulls.listReviewComments({ ...common, pull_number: number }),
        ({ id, user, body, path: file, created_at: at, html_url: url }) =>
          isPerson(user) && {
            ...{ id: `line/${id}`, ...by(user), at, url, file },
            text: cut(body),
          },
      ),
      await this.#list<Review>(
        `what was said with reviews of pull request ${number}`,
        ({ pulls }, common) =>
          pulls.listReviews({ ...common, pull_number: number }),
        review => {
          const { id, user, body, submitted_at: at, html_url: url } = review;
          const decided = toReview(review)?.decision;
          const decision =
            decided === 'approved' || decided === 'changes-requested'
              ? decided
              : undefined;
          // One without either holds together comments on lines, which stand for themselves.
          return (
            isPerson(user) &&
            at !== undefined &&
            (body || decision) && {
              ...{ id: `review/${id}`, ...by(user), at, url },
              ...(decision && { decision }),
              text: cut(body),
            }
          );
        },
      ),
    ];
    return {
      comments: lists
        .flatMap(({ comments }) => comments)
        .sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
      complete: lists.every(({ complete }) => complete),
    };
  }

  async #list<T>(
    what: string,
    ask: Ask<T>,
    toComment: (each: T) => PullRequestComment | false | '' | undefined,
  ): Promise<{ comments: PullRequestComment[]; complete: boolean }> {
    const comments: PullRequestComment[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const key = `${what} ${page}`;
      const known = this.#known.get(key);
      const answer = await this.api.callIfChanged(
        `read ${what}`,
        known?.etag,
        (rest, common) => ask(rest, { ...common, per_page: PAGE, page }),
      );
      const read =
        answer === undefined
          ? known!
          : {
              etag: answer.etag ?? '',
              length: answer.data.length,
              comments: answer.data.flatMap(each => toComment(each) || []),
            };
      this.#remember(key, read);
      comments.push(...read.comments);
      if (read.length < PAGE) return { comments, complete: true };
    }
    return { comments, complete: false };
  }

  /** As many as there is room for, those that were read last. */
  #remember(key: string, page: KnownPage): void {
    this.#forget(key);
    if (page.etag === '') return;
    this.#known.set(key, page);
    this.#remembered += sizeOf(key, page);
    for (const oldest of this.#known.keys()) {
      if (this.#remembered <= MOST_REMEMBERED) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const page = this.#known.get(key);
    if (!page) return;
    this.#known.delete(key);
    this.#remembered -= sizeOf(key, page);
  }
}

type Person = { login: string; type?: string } | null | undefined;

/** Of an account that is gone nobody knows; it is told. */
function isPerson(user: Person): boolean {
  return user?.type !== 'Bot';
}

function cut(text: string | null | undefined): string {
  return (text ?? '').slice(0, LONGEST);
}

function sizeOf(key: string, { etag, comments }: KnownPage): number {
  return comments.reduce(
    (sum, { text, url = '' }) => sum + text.length + url.length + 200,
    key.length + etag.length,
  );
}
