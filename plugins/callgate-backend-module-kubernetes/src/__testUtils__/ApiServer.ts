import type { Json } from '@callgate/cluster-reader';
import { spawn, type ChildProcess } from 'node:child_process';
import https from 'node:https';
import { createInterface, type Interface } from 'node:readline';

/** Where an API server answers, and as whom one may do everything there (conformance/apiserver). */
export interface Address {
  url: string;
  token: string;
  ca: string;
}

/** An API server of Kubernetes in a process of its own, without controllers. */
export class ApiServer {
  readonly #agent: https.Agent;

  private constructor(
    private readonly child: ChildProcess,
    private readonly answers: Interface,
    private readonly ended: Promise<unknown>,
    readonly address: Address,
  ) {
    this.#agent = new https.Agent({
      keepAlive: true,
      maxSockets: 32,
      ca: address.ca,
    });
  }

  /**
   * @param binary - as `conformance/engines.mjs apiserver` makes it
   * @param keep - a folder where everything stays, to be started in again
   */
  static async start(binary: string, keep?: string): Promise<ApiServer> {
    const child = spawn(binary, keep === undefined ? [] : ['--keep', keep], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const ended = new Promise(resolve => {
      child.on('close', resolve);
    });
    const answers = createInterface({ input: child.stdout! });
    const address = await new Promise<Address>((resolve, reject) => {
      answers.once('line', line => resolve(JSON.parse(line)));
      child.on('error', reject);
      void ended.then(() => reject(new Error('the API server ended')));
    });
    return new ApiServer(child, answers, ended, address);
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    this.child.stdin!.end();
    await this.ended;
  }

  /** Ends it by force; with a folder to keep, it can be started again as it was. */
  async kill(): Promise<void> {
    this.#agent.destroy();
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Makes its store forget everything that was before now, as API servers have it do every five minutes. */
  async compact(): Promise<void> {
    const said = new Promise<string>(resolve => {
      this.answers.once('line', resolve);
    });
    this.child.stdin!.write('compact\n');
    const { error } = JSON.parse(await said);
    if (error !== undefined) throw new Error(error);
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
    const { url } = this.address;
    return new Promise((resolve, reject) => {
      const sent = https.request(
        `${url}${path}`,
        {
          method,
          agent: this.#agent,
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
