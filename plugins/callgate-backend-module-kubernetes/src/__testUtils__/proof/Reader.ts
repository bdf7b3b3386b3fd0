import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { ClusterConfig } from '../../config/ClusterConfig';
import type { Answer, Ask } from './readerProcess';

/** A reader in a process of its own, whose memory is nothing but the reader's. */
export class Reader {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #ended: Promise<unknown>;
  readonly #child: ChildProcess;
  #asked = 0;

  constructor() {
    // It is run from its source alone.
    // eslint-disable-next-line no-restricted-syntax
    this.#child = fork(path.join(__dirname, 'readerProcess.ts'), {
      execArgv: [...process.execArgv, '--expose-gc'],
    });
    this.#ended = new Promise(resolve => {
      this.#child.once('exit', resolve);
    });
    this.#child.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** Begins to read; milliseconds until it has an answer. */
  start(cluster: ClusterConfig): Promise<Answer> {
    return this.ask({ what: 'start', cluster });
  }

  ask(question: Ask): Promise<Answer> {
    this.#asked += 1;
    const id = this.#asked;
    const answered = new Promise<Answer>(resolve => {
      this.#waiting.set(id, resolve);
      this.#child.send({ ...question, id });
    });
    const lost = this.#ended.then(code => {
      throw new Error(`the reader ended (${code})`);
    });
    return Promise.race([answered, lost]);
  }

  async end(): Promise<void> {
    this.#child.disconnect();
    await this.#ended;
  }
}
