import { ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Engines } from './makeEngines';
import { ZtunnelPolicy } from '../verdict/ztunnel';
import { EngineError } from './EngineError';

/** A key with what vouches for it, in PEM. */
export interface Certificate {
  certificate: string;
  key: string;
}

/** What the oracle answers; which fields there are depends on what was asked (oracle/README.md). */
export interface OracleAnswer {
  id: number;
  error?: string;
  verdicts?: [egress: boolean, ingress: boolean][];
  http?: Record<string, unknown>[];
  tcp?: Record<string, unknown>[];
  modes?: string[];
  policies?: ZtunnelPolicy[];
  problems?: string[];
  certificates?: Certificate[];
  authority?: string;
  waypoints?: string[];
}

/** How long an answer may take: nothing that is asked takes a second. */
const PATIENCE = 60_000;

/** The oracle as a process: requests go in, answers come back in the same order. */
export class Oracle {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<
    number,
    { resolve(answer: OracleAnswer): void; reject(error: Error): void }
  >();
  #complaint = '';
  #lastId = 0;
  #ended = false;

  constructor({ oracle, definitions }: Engines) {
    this.#child = spawn(oracle, {
      env: { ...process.env, ORACLE_ISTIO_CRDS: definitions },
    });
    this.#child.stderr.on(
      'data',
      chunk => (this.#complaint = `${this.#complaint}${chunk}`.slice(-4000)),
    );
    // Its end is reported by itself.
    this.#child.stdin.on('error', () => undefined);
    this.#child.on('error', error => this.#fail(error.message));
    this.#child.on('exit', code => {
      if (!this.#ended) this.#fail(`ended with ${code}: ${this.#complaint}`);
    });
    // Lines of other libraries come by the same way: an answer begins with its id.
    createInterface({ input: this.#child.stdout }).on('line', line => {
      if (line.startsWith('{"id":')) this.#take(JSON.parse(line));
    });
  }

  /** Asks; an answer with `error` is one too. */
  ask(
    request: { kind: string } & Record<string, unknown>,
  ): Promise<OracleAnswer> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(
          `no answer to request ${id} (${request.kind}) within ${
            PATIENCE / 1000
          } s`,
        );
      }, PATIENCE);
      this.#waiting.set(id, {
        resolve: answer => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: error => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  end(): void {
    this.#ended = true;
    this.#child.kill();
  }

  #take(answer: OracleAnswer): void {
    const [next] = this.#waiting.keys();
    if (answer.id !== next) {
      this.#fail(`answered ${answer.id} when ${next} was asked`);
      return;
    }
    this.#waiting.get(next)?.resolve(answer);
    this.#waiting.delete(next);
  }

  #fail(what: string): void {
    const error = new EngineError('oracle', what);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (!this.#ended) {
      this.#ended = true;
      this.#child.kill();
    }
  }
}
