import type { RestEndpointMethodTypes } from '@octokit/rest';
import express, { type Request, type Response } from 'express';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { BareRepository } from './BareRepository';
import { serveGit } from './serveGit';

type DeepPartial<T> = T extends (infer E)[]
  ? DeepPartial<E>[]
  : T extends object
  ? { [K in keyof T]?: DeepPartial<T[K]> }
  : T;
type Pull = RestEndpointMethodTypes['pulls']['get']['response']['data'];
type Review =
  RestEndpointMethodTypes['pulls']['listReviews']['response']['data'][number];
type Comment =
  RestEndpointMethodTypes['issues']['listComments']['response']['data'][number];
type Status =
  RestEndpointMethodTypes['repos']['getCombinedStatusForRef']['response']['data'];
type Issue = RestEndpointMethodTypes['issues']['get']['response']['data'];

interface StoredComment {
  id?: number;
  login: string;
  type?: 'Bot';
  body: string;
  at?: string;
}

interface StoredPull {
  number: number;
  title: string;
  body: string;
  branch: string;
  base: string;
  state: 'open' | 'closed';
  mergeCommit?: string;
  closedBy?: string;
  /** Head at the time it was closed. */
  head?: string;
  requested: string[];
  comments: StoredComment[];
  /** Comments on lines of its files. */
  lines: (StoredComment & { path: string })[];
  reviews: {
    id?: number;
    login: string;
    type?: 'Bot';
    state: string;
    body: string;
    at?: string;
    commit?: string;
  }[];
}

/** What the server answers instead, for a while. */
export interface Fault {
  method?: string;
  /** Part of the path. */
  path: string;
  status: number;
  headers?: Record<string, string>;
  body?: object;
  /** How often; default: until `mend`. */
  times?: number;
  /** The request is carried out all the same; only its answer gets lost. */
  lost?: boolean;
}

const TIME = '2026-11-02T10:00:00Z';

/**
 * GitHub's dialect over a bare repository: pushes through `git http-backend`, heads from refs, mergeability and merges from
 * `git merge-tree`. Enough of it for proposals, and as strict as GitHub where it matters: one open pull request for a
 * branch, no pull request without a branch or a difference, no access without the right token.
 */
export class TestGithub {
  static async start(
    root: string,
    options: { token: string; files: Record<string, string> },
  ): Promise<TestGithub> {
    const repository = BareRepository.create(
      path.join(root, 'acme/policies.git'),
      options.files,
    );
    const github = new TestGithub(root, repository, options.token);
    await new Promise<void>(resolve =>
      github.#server.listen(0, '127.0.0.1', resolve),
    );
    return github;
  }

  /** Every request, as `METHOD /path`. */
  readonly requests: string[] = [];
  readonly #server: http.Server;
  readonly #pulls: StoredPull[] = [];
  #faults: Fault[] = [];
  /** Asked for each request, named `METHOD /path`: `refuse` answers 502 in its place, `lose` does it and hangs up. */
  chaos: (name: string) => 'refuse' | 'lose' | undefined = () => undefined;
  /** Told the status of each answer. */
  answered: (status: number) => void = () => undefined;
  /** As they were set, oldest first. */
  readonly statuses: {
    sha: string;
    context: string;
    state: 'success' | 'failure' | 'pending' | 'error';
    description: string;
  }[] = [];
  login = 'callgate[bot]';
  /** What it says of pull requests without a conflict. */
  mergeState = 'clean';
  allowsMergeCommits = true;
  /** By which methods pull requests were merged through the API. */
  readonly methods: string[] = [];

  private constructor(
    private readonly root: string,
    readonly repository: BareRepository,
    private token: string,
  ) {
    const app = express();
    app.disable('x-powered-by');
    app.use((request, response, next) => this.#guard(request, response, next));
    app.use('/acme/policies.git', (request, response, next) => {
      const [, query = ''] = request.originalUrl.split('?', 2);
      serveGit(request, response, {
        root: this.root,
        path: request.originalUrl.split('?')[0],
        query,
      }).catch(next);
    });
    app.use(express.json({ limit: '10mb' }));
    this.#routes(app);
    app.use((_request: Request, response: Response) => {
      response.status(404).json({ message: 'Not Found' });
    });
    this.#server = http.createServer(app);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/acme/policies`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  break(fault: Fault): void {
    this.#faults.push({ ...fault });
  }

  mend(): void {
    this.#faults = [];
  }

  /** From now on only this token is accepted. */
  renewToken(token: string): void {
    this.token = token;
  }

  pull(number: number): StoredPull {
    const pull = this.#pulls.find(each => each.number === number);
    if (!pull) throw new Error(`no pull request ${number}`);
    return pull;
  }

  get pulls(): readonly StoredPull[] {
    return this.#pulls;
  }

  /** A person presses the button. */
  merge(number: number, login = 'petra'): void {
    const pull = this.pull(number);
    const base = this.repository.head(pull.base)!;
    const head = this.repository.head(pull.branch)!;
    const tree = this.repository.mergedTree(base, head);
    if (!tree) throw new Error('conflict');
    pull.head = head;
    pull.mergeCommit = this.repository.commit(
      tree,
      [base, head],
      `Merge pull request #${number}`,
    );
    this.repository.git([
      'update-ref',
      `refs/heads/${pull.base}`,
      pull.mergeCommit,
      base,
    ]);
    pull.state = 'closed';
    pull.closedBy = login;
  }

  close(number: number, comment: string | undefined, login = 'petra'): void {
    const pull = this.pull(number);
    if (comment !== undefined) pull.comments.push({ login, body: comment });
    this.#close(pull, login);
  }

  #close(pull: StoredPull, login: string): void {
    pull.head = this.repository.head(pull.branch);
    pull.state = 'closed';
    pull.closedBy = login;
  }

  #guard(request: Request, response: Response, next: () => void): void {
    const name = `${request.method} ${request.path}`;
    this.requests.push(name);
    response.on('finish', () => this.answered(response.statusCode));
    const trouble = this.chaos(name);
    if (trouble === 'refuse') {
      response.status(502).json({ message: 'Bad gateway' });
      return;
    }
    if (trouble === 'lose') {
      response.end = () => {
        response.destroy();
        return response;
      };
    }
    const fault = this.#faults.find(
      each =>
        name.includes(each.path) &&
        (each.method ?? request.method) === request.method &&
        each.times !== 0,
    );
    if (fault) {
      if (fault.times !== undefined) fault.times -= 1;
      const answer = () => {
        response.status(fault.status).set(fault.headers ?? {});
      };
      if (!fault.lost) {
        answer();
        response.json(fault.body ?? { message: 'broken' });
        return;
      }
      const json = response.json.bind(response);
      response.json = () => {
        answer();
        return json({ message: 'lost' });
      };
    }
    const [scheme, value = ''] = String(
      request.headers.authorization ?? '',
    ).split(' ');
    const given =
      scheme === 'Basic'
        ? Buffer.from(value, 'base64').toString().split(':')[1]
        : value;
    if (given !== this.token) {
      response
        .status(401)
        .set('www-authenticate', 'Basic realm="GitHub"')
        .json({ message: 'Bad credentials' });
      return;
    }
    next();
  }

  #routes(app: express.Express): void {
    const api = '/api/v3/repos/acme/policies';
    const withPull =
      (
        handle: (
          pull: StoredPull,
          request: Request,
          response: Response,
        ) => void,
      ) =>
      (request: Request, response: Response) => {
        const pull = this.#pulls.find(
          each => each.number === Number(request.params.number),
        );
        if (pull) handle(pull, request, response);
        else response.status(404).json({ message: 'Not Found' });
      };
    app.get(api, (_request, response) =>
      response.json({
        full_name: 'acme/policies',
        allow_merge_commit: this.allowsMergeCommits,
        allow_squash_merge: true,
      }),
    );
    app.put(
      `${api}/pulls/:number/merge`,
      withPull((pull, request, response) => {
        const { sha, merge_method: method = 'merge' } = request.body;
        if (sha !== this.repository.head(pull.branch)) {
          response.status(409).json({
            message:
              'Head branch was modified. Review and try the merge again.',
          });
          return;
        }
        const allowed = method !== 'merge' || this.allowsMergeCommits;
        if (pull.state !== 'open' || this.mergeState !== 'clean' || !allowed) {
          response
            .status(405)
            .json({ message: 'Pull Request is not mergeable' });
          return;
        }
        this.methods.push(method);
        this.merge(pull.number, this.login);
        response.json({ merged: true, sha: pull.mergeCommit });
      }),
    );
    app.get(`${api}/pulls`, (request, response) =>
      response.json(this.#list(request.query)),
    );
    app.post(`${api}/pulls`, (request, response) =>
      this.#create(request, response),
    );
    app.get(
      `${api}/pulls/:number`,
      withPull((pull, _request, response) => response.json(this.#show(pull))),
    );
    app.patch(
      `${api}/pulls/:number`,
      withPull((pull, request, response) => {
        const { title, body, state } = request.body;
        if (title !== undefined) pull.title = title;
        if (body !== undefined) pull.body = body;
        if (state === 'closed' && pull.state === 'open')
          this.#close(pull, this.login);
        response.json(this.#show(pull));
      }),
    );
    app.post(
      `${api}/pulls/:number/requested_reviewers`,
      withPull((pull, request, response) => {
        const { reviewers = [], team_reviewers: teams = [] } = request.body;
        if (reviewers.includes('nobody')) {
          response.status(422).json({
            message: 'Reviews may only be requested from collaborators.',
          });
          return;
        }
        pull.requested.push(
          ...reviewers,
          ...teams.map((team: string) => `team:${team}`),
        );
        response.status(201).json(this.#show(pull));
      }),
    );
    app.get(
      `${api}/pulls/:number/reviews`,
      withPull((pull, request, response) => {
        const reviews = pull.reviews.map(
          (
            { id, login, type = 'User', state, body, at, commit },
            index,
          ): DeepPartial<Review> => ({
            id: id ?? 7000 + index,
            user: { login, type },
            html_url: `${this.url}/pull/${pull.number}#review`,
            state,
            body,
            ...(at && { submitted_at: at }),
            ...(commit && { commit_id: commit }),
          }),
        );
        response.json(page(reviews, request));
      }),
    );
    app.post(`${api}/statuses/:sha`, (request, response) => {
      const { context, state, description } = request.body;
      const { sha } = request.params;
      const known = this.repository.has(sha);
      if (!known || String(description).length > 140) {
        response.status(422).json({ message: 'Validation Failed' });
        return;
      }
      this.statuses.push({ sha, context, state, description });
      response.status(201).json({ context, state, description });
    });
    app.get(`${api}/commits/:sha/status`, (request, response) => {
      const { sha } = request.params;
      const latest = new Map(
        this.statuses
          .filter(each => each.sha === sha)
          .map(each => [each.context, each]),
      );
      const status: DeepPartial<Status> = {
        sha,
        statuses: [...latest.values()].map(
          ({ context, state, description }) => ({
            context,
            state,
            description,
          }),
        ),
      };
      response.json(status);
    });
    app.get(
      `${api}/issues/:number`,
      withPull((pull, _request, response) => {
        const issue: DeepPartial<Issue> = {
          number: pull.number,
          state: pull.state,
          closed_by: pull.closedBy ? { login: pull.closedBy } : null,
        };
        response.json(issue);
      }),
    );
    const commentsOf = (
      pull: StoredPull,
      comments: readonly (StoredComment & { path?: string })[],
    ) =>
      comments.map(
        (
          { id, login, type = 'User', body, at = TIME, path: file },
          index,
        ): DeepPartial<Comment> & { path?: string } => ({
          id: id ?? 1000 + index,
          user: { login, type },
          body,
          created_at: at,
          html_url: `${this.url}/pull/${pull.number}#${id ?? 1000 + index}`,
          ...(file && { path: file }),
        }),
      );
    app.get(
      `${api}/issues/:number/comments`,
      withPull((pull, request, response) => {
        response.json(page(commentsOf(pull, pull.comments), request));
      }),
    );
    app.get(
      `${api}/pulls/:number/comments`,
      withPull((pull, request, response) => {
        response.json(page(commentsOf(pull, pull.lines), request));
      }),
    );
    app.post(
      `${api}/issues/:number/comments`,
      withPull((pull, request, response) => {
        pull.comments.push({ login: this.login, body: request.body.body });
        response.status(201).json({ body: request.body.body });
      }),
    );
  }

  #list(query: Request['query']): DeepPartial<Pull>[] {
    const [owner, branch] = String(query.head ?? '').split(':', 2);
    return this.#pulls
      .filter(
        pull => query.state === 'all' || pull.state === (query.state ?? 'open'),
      )
      .filter(
        pull =>
          branch === undefined || (owner === 'acme' && pull.branch === branch),
      )
      .sort((a, b) => b.number - a.number)
      .map(pull => this.#show(pull));
  }

  #create(request: Request, response: Response): void {
    const { head: branch, base, title, body } = request.body;
    const refuse = (field: string, code: string, message?: string) =>
      response.status(422).json({
        message: 'Validation Failed',
        errors: [
          { resource: 'PullRequest', field, code, ...(message && { message }) },
        ],
      });
    const head = this.repository.head(branch);
    if (!head) return void refuse('head', 'invalid');
    if (!this.repository.head(base)) return void refuse('base', 'invalid');
    if (
      this.#pulls.some(pull => pull.branch === branch && pull.state === 'open')
    ) {
      return void refuse(
        'head',
        'custom',
        `A pull request already exists for acme:${branch}.`,
      );
    }
    if (
      this.repository.git(['rev-list', '--count', `${base}..${branch}`]) === '0'
    ) {
      return void refuse(
        'head',
        'custom',
        `No commits between ${base} and ${branch}`,
      );
    }
    if (String(title).length > 256 || String(body).length > 65_536) {
      return void refuse(
        'body',
        'custom',
        'body is too long (maximum is 65536 characters)',
      );
    }
    const pull: StoredPull = {
      number: this.#pulls.length + 1,
      title,
      body,
      branch,
      base,
      state: 'open',
      requested: [],
      comments: [],
      lines: [],
      reviews: [],
    };
    this.#pulls.push(pull);
    response.status(201).json(this.#show(pull));
    return undefined;
  }

  #show(pull: StoredPull): DeepPartial<Pull> {
    const head = pull.head ?? this.repository.head(pull.branch) ?? '';
    const base = this.repository.head(pull.base) ?? '';
    const open = pull.state === 'open';
    const mergeable = open
      ? this.repository.mergedTree(base, head) !== undefined
      : null;
    return {
      number: pull.number,
      state: pull.state,
      title: pull.title,
      // Forms on its pages send line ends of their own.
      body: pull.body.replace(/\r?\n/g, '\r\n'),
      html_url: `${this.url}/pull/${pull.number}`,
      user: { login: this.login },
      head: {
        ref: pull.branch,
        sha: head,
        repo: { full_name: 'acme/policies' },
      },
      base: { ref: pull.base, sha: base },
      merged: pull.mergeCommit !== undefined,
      merged_at: pull.mergeCommit ? TIME : null,
      merge_commit_sha: pull.mergeCommit ?? (open ? 'f'.repeat(40) : null),
      merged_by: pull.mergeCommit ? { login: pull.closedBy } : null,
      mergeable,
      mergeable_state: mergeable === false ? 'dirty' : this.mergeState,
    };
  }
}

function page<T>(items: T[], request: Request): T[] {
  const size = Number(request.query.per_page ?? 30);
  const number = Number(request.query.page ?? 1);
  return items.slice((number - 1) * size, number * size);
}
