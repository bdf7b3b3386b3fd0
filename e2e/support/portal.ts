import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * The portal under test: the one at `E2E_URL` where that is set, otherwise one
 * that Playwright starts on free ports with data of its own.
 *
 * @remarks
 * Playwright reads its configuration in several processes; what is chosen once
 * goes to the others by the environment.
 */
export const portal = {
  isOurs: process.env.E2E_URL === undefined,
  port: Number((process.env.E2E_PORT ??= String(findFreePort()))),
  get url() {
    return process.env.E2E_URL ?? `http://localhost:${this.port}`;
  },
  get readyUrl() {
    return `http://localhost:${this.port}/.backstage/health/v1/readiness`;
  },
  /** The portal's data directory, with the bare repository of the local forge in it. */
  data: (process.env.E2E_DATA ??= mkdtempSync(
    path.join(tmpdir(), 'callgate-e2e-'),
  )),
};

/** Asks the launcher's own code, synchronously, because a configuration is not awaited. */
function findFreePort(): number {
  if (process.env.E2E_URL) {
    return 0;
  }
  const script = `
    import { isFree } from './scripts/lib/ports.mjs';
    for (let port = 3200; port < 20000; port += 100) {
      if (await isFree(port)) {
        process.stdout.write(String(port));
        break;
      }
    }`;
  const port = execFileSync(
    process.execPath,
    ['--input-type=module', '-e', script],
    { cwd: path.resolve(__dirname, '../..'), encoding: 'utf8' },
  );
  return Number(port);
}
