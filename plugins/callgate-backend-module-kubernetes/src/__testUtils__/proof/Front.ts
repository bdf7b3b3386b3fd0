import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Address } from '../ApiServer';

/** What stands before an API server, as a load balancer does: requests can be held, and answers ended. */
export class Front {
  /** Waited for before a request is handed on. */
  before: (path: string) => Promise<void> | void = () => {};
  readonly #answers = new Set<http.ServerResponse>();
  readonly #server: http.Server;

  constructor(addressOf: () => Address) {
    this.#server = http.createServer(async (asked, answer) => {
      await this.before(asked.url!);
      this.#answers.add(answer);
      answer.on('close', () => this.#answers.delete(answer));
      const { url, ca } = addressOf();
      const sent = https.get(
        `${url}${asked.url}`,
        { ca, headers: { ...asked.headers, host: new URL(url).host } },
        given => {
          answer.writeHead(given.statusCode!, given.headers);
          answer.flushHeaders();
          given.pipe(answer);
          given.on('error', () => answer.destroy());
        },
      );
      sent.on('error', () => answer.destroy());
      answer.on('close', () => sent.destroy());
    });
  }

  async open(): Promise<string> {
    await new Promise<void>(done => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends every answer that goes on, as a server does whose time for a watch is over. */
  endAnswers(): void {
    this.#answers.forEach(answer => answer.end());
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
