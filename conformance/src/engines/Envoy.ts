import { ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Door, listenerOf } from './listeners';
import { EngineError } from './EngineError';

const PATIENCE = 30_000;

/** Ports that listeners get in turn: what is still closing is not in the way of what opens. */
const FIRST_PORT = 21_000;
const PORTS = 9_000;

const pause = (ms: number) => new Promise(done => setTimeout(done, ms));

/** A port that nobody listens at. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** A running Envoy whose listeners are replaced as a whole. */
export class Envoy {
  #nextPort = 0;
  #version = 0;
  #complaint = '';
  #exit: number | null | undefined;

  private constructor(
    readonly child: ChildProcess,
    readonly folder: string,
    readonly admin: number,
  ) {}

  /** Starts it with no listener, a folder of its own, and whatever port is free for its own questions. */
  static async start(binary: string): Promise<Envoy> {
    const admin = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'conformance-envoy-'));
    const listeners = join(folder, 'listeners.json');
    writeFileSync(
      listeners,
      JSON.stringify({ version_info: '0', resources: [] }),
    );
    const bootstrap = {
      node: { id: 'conformance', cluster: 'conformance' },
      admin: {
        address: {
          socket_address: { address: '127.0.0.1', port_value: admin },
        },
      },
      dynamic_resources: {
        lds_config: {
          path_config_source: { path: listeners },
          resource_api_version: 'V3',
        },
      },
    };
    const config = join(folder, 'bootstrap.json');
    writeFileSync(config, JSON.stringify(bootstrap));
    const child = spawn(
      binary,
      [
        '-c',
        config,
        '--concurrency',
        '1',
        '--disable-hot-restart',
        // Listeners of worlds that are done go at once: kept for ten minutes, as by default, they slow down what follows.
        '--drain-time-s',
        '1',
        '--drain-strategy',
        'immediate',
        '-l',
        'warning',
      ],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const envoy = new Envoy(child, folder, admin);
    child.stderr?.on(
      'data',
      chunk => (envoy.#complaint = `${envoy.#complaint}${chunk}`.slice(-4000)),
    );
    child.on('error', error => {
      envoy.#complaint += error.message;
      envoy.#exit = -1;
    });
    child.on('exit', code => (envoy.#exit = code ?? -1));
    try {
      await envoy.#until(
        'be ready',
        async () => (await envoy.#ask('/ready')) === 'LIVE',
      );
    } catch (error) {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return envoy;
  }

  /** A port for the next door. */
  port(): number {
    this.#nextPort = (this.#nextPort + 1) % PORTS;
    return FIRST_PORT + this.#nextPort;
  }

  /** Replaces all listeners, and comes back when the new ones are there. */
  async open(doors: readonly Door[]): Promise<void> {
    this.#version += 1;
    const version = String(this.#version);
    const path = join(this.folder, 'listeners.json');
    const text = JSON.stringify({
      version_info: version,
      resources: doors.map(listenerOf),
    });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
    await this.#until(`take ${doors.length} listeners`, async () => {
      const stats = await this.#ask('/stats?filter=^listener_manager\\.lds\\.');
      if (/update_rejected: [1-9]/.test(stats))
        throw new EngineError(
          'Envoy',
          `refuses the listeners: ${this.#complaint}`,
        );
      const taken = Number(/update_success: ([0-9]+)/.exec(stats)?.[1] ?? 0);
      return taken > this.#version;
    });
    await this.#until('start the listeners', async () => {
      const text2 = await this.#ask('/listeners?format=json');
      const ports = new Set(
        [...text2.matchAll(/"port_value": ?([0-9]+)/g)].map(([, port]) =>
          Number(port),
        ),
      );
      return doors.every(({ port }) => ports.has(port));
    });
  }

  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    while (this.#exit === undefined) await pause(10);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #ask(path: string): Promise<string> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.admin}${path}`);
      return (await response.text()).trim();
    } catch {
      return '';
    }
  }

  async #until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const limit = Date.now() + PATIENCE;
    while (!(await isSo())) {
      if (this.#exit !== undefined)
        throw new EngineError(
          'Envoy',
          `ended with ${this.#exit}: ${this.#complaint}`,
        );
      if (Date.now() > limit)
        throw new EngineError(
          'Envoy',
          `did not ${what} within ${PATIENCE / 1000} s: ${this.#complaint}`,
        );
      await pause(5);
    }
  }
}
