import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers Git's smart HTTP protocol with `git http-backend`, as every Git server does at heart. */
export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  options: { root: string; path: string; query: string },
): Promise<void> {
  const header = (name: string) => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: options.root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: header('git-protocol'),
      PATH_INFO: options.path,
      QUERY_STRING: options.query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      REMOTE_USER: 'test',
      REMOTE_ADDR: '127.0.0.1',
    },
  });
  request.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  const chunks: Buffer[] = [];
  child.stdout.on('data', chunk => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf('\r\n\r\n');
      const headers = output
        .subarray(0, end)
        .toString()
        .split('\r\n')
        .map(line => line.split(/:\s*/, 2));
      const status = headers.find(([name]) => name === 'Status')?.[1];
      response.statusCode = status ? Number.parseInt(status, 10) : 200;
      for (const [name, value] of headers) {
        if (name && name !== 'Status') response.setHeader(name, value);
      }
      response.end(output.subarray(end + 4));
      resolve();
    });
  });
}
