import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A comment as the stand-ins keep it. */
export interface StoredComment {
  id: number;
  /** Login on GitHub, id of the user on GitLab. */
  author: string | number;
  body: string;
}

/** Comments of a forge, for as much of its API as comments need. */
export interface CommentApi {
  /** Where it listens, on loopback. */
  url: string;
  /** In the order in which they were written. */
  comments: StoredComment[];
  close(): Promise<void>;
}

/** What sets one forge's API apart from another's. */
interface Dialect {
  /** The path of all comments, and of each below it. */
  list: string;
  each: string;
  update: 'PATCH' | 'PUT';
  /** Who the token is. */
  me: string | number;
  isAllowed(request: IncomingMessage): boolean;
  show(comment: StoredComment): unknown;
}

async function serve(dialect: Dialect): Promise<CommentApi> {
  const comments: StoredComment[] = [];
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const { pathname, searchParams } = new URL(
      request.url!,
      'http://localhost',
    );
    const id = pathname.startsWith(`${dialect.each}/`)
      ? Number(pathname.slice(dialect.each.length + 1))
      : undefined;
    const found = comments.find(comment => comment.id === id);
    if (!dialect.isAllowed(request)) answer(401, {});
    else if (request.method === 'GET' && pathname === '/user')
      answer(200, { id: dialect.me });
    else if (request.method === 'GET' && pathname === dialect.list) {
      const size = Number(searchParams.get('per_page') ?? 30);
      const from = (Number(searchParams.get('page') ?? 1) - 1) * size;
      answer(200, comments.slice(from, from + size).map(dialect.show));
    } else if (request.method === 'POST' && pathname === dialect.list) {
      const comment = {
        id: comments.length + 1,
        author: dialect.me,
        body: JSON.parse(text).body,
      };
      comments.push(comment);
      answer(201, dialect.show(comment));
    } else if (request.method === dialect.update && found) {
      if (found.author === dialect.me) {
        found.body = JSON.parse(text).body;
        answer(200, dialect.show(found));
      } else answer(403, {});
    } else answer(404, {});
  });
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    close: () =>
      new Promise(done => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/**
 * Comments of a pull request of GitHub: https://docs.github.com/en/rest/issues/comments
 *
 * @param options - which pull request, and the token that may write
 */
export function githubComments(options: {
  repository: string;
  number: number;
  token: string;
}): Promise<CommentApi> {
  const base = `/repos/${options.repository}/issues`;
  return serve({
    list: `${base}/${options.number}/comments`,
    each: `${base}/comments`,
    update: 'PATCH',
    me: 'github-actions[bot]',
    isAllowed: ({ headers }) =>
      headers.authorization === `Bearer ${options.token}`,
    show: ({ id, author, body }) => ({ id, user: { login: author }, body }),
  });
}

/**
 * Notes of a merge request of GitLab: https://docs.gitlab.com/api/notes/#merge-requests
 *
 * @param options - which merge request, and the token that may write
 */
export function gitlabNotes(options: {
  project: number;
  iid: number;
  token: string;
}): Promise<CommentApi> {
  const list = `/projects/${options.project}/merge_requests/${options.iid}/notes`;
  return serve({
    list,
    each: list,
    update: 'PUT',
    me: 4711,
    isAllowed: ({ headers }) => headers['private-token'] === options.token,
    show: ({ id, author, body }) => ({ id, author: { id: author }, body }),
  });
}
