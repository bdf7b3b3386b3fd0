import { spawn, type ChildProcess } from 'node:child_process';
import https from 'node:https';
import { createInterface } from 'node:readline';
import type { Json } from '../json';

/** Where an API server answers, and as whom one may do everything there (conformance/apiserver). */
export interface Address {
  url: string;
  token: string;
  ca: string;
}

/** An API server of Kubernetes in a process of its own, without controllers. */
export class ApiServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<unknown>,
    readonly address: Address,
  ) {}

  /** @param binary - as `conformance/engines.mjs apiserver` makes it */
  static async start(binary: string): Promise<ApiServer> {
    const child = spawn(binary, { stdio: ['pipe', 'pipe', 'ignore'] });
    const ended = new Promise(resolve => {
      child.on('close', resolve);
    });
    const address = await new Promise<Address>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once('line', line =>
        resolve(JSON.parse(line)),
      );
      child.on('error', reject);
      void ended.then(() => reject(new Error('the API server ended')));
    });
    return new ApiServer(child, ended, address);
  }

  async stop(): Promise<void> {
    this.child.stdin!.end();
    await this.ended;
  }

  /**
   * The answer, which is JSON or none.
   *
   * @throws Error for a status of HTTP that is not expected
   */
  async ask(
    method: string,
    path: string,
    body?: object,
    { token = this.address.token, expected = [200, 201] } = {},
  ): Promise<Json> {
    const { status, text } = await this.answerTo(method, path, body, token);
    if (!expected.includes(status))
      throw new Error(`${method} ${path}: ${status} ${text}`);
    return text.startsWith('{') ? JSON.parse(text) : {};
  }

  private answerTo(
    method: string,
    path: string,
    body: object | undefined,
    token: string,
  ): Promise<{ status: number; text: string }> {
    const { url, ca } = this.address;
    return new Promise((resolve, reject) => {
      const sent = https.request(
        `${url}${path}`,
        {
          method,
          ca,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type':
              method === 'PATCH'
                ? 'application/merge-patch+json'
                : 'application/json',
          },
        },
        response => {
          let text = '';
          response.on('data', chunk => (text += chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode!, text }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
  }
}
