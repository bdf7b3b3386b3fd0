import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { must } from '../must.mjs';
import { pack } from '../pack.mjs';
import { inRoot } from '../paths.mjs';
import { findFreePort } from '../ports.mjs';
import { Problem } from '../problem.mjs';
import { foreground } from '../process.mjs';
import { PUBLISHED } from '../published.mjs';
import { registrySettings } from '../registry.mjs';
import { seconds, step } from '../step.mjs';
import { addCallgate, addCompany } from './addCallgate.mjs';
import { startBackend, whatItSaid } from './backend.mjs';
import { hostEnvironment, newBackstage } from './newBackstage.mjs';
import { twoVersions } from './twoVersions.mjs';

/**
 * Installs the packages, as they would be published, in a Backstage that `create-app` makes, as docs/install.md says,
 * and does the main job there in a browser.
 *
 * @param options.keep - leaves the folder, and says where it is
 */
export async function tryInstalled({ keep = false }) {
  const started = Date.now();
  // Without links in its path: Yarn and Node would take it for two places.
  const folder = fs.realpathSync(
    fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-install-')),
  );
  const host = path.join(folder, 'host');
  // What was printed outlives the folder.
  const logs = inRoot('.cache/test-install');
  fs.rmSync(logs, { recursive: true, force: true });
  fs.mkdirSync(logs, { recursive: true });
  const log = name => path.join(logs, `${name}.log`);
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  const whenStopped = keep ? () => {} : remove;
  process.on('exit', whenStopped);
  try {
    const bin = path.join(folder, 'bin');
    fs.mkdirSync(bin);
    const env = hostEnvironment(bin, await registrySettings());
    const inHost = (title, ...args) =>
      step(title, () =>
        must(title, 'yarn', args, {
          cwd: host,
          env: { ...process.env, ...env },
          log: log(args.join('-')),
        }),
      );

    const tarballs = await step('Packing every published package', () =>
      pack(PUBLISHED, folder),
    );
    await step('Making a new Backstage', () =>
      newBackstage({ into: host, env }),
    );
    addCallgate(host, { tarballs });
    addCompany(host, {
      connection: {
        client: 'better-sqlite3',
        connection: { directory: path.join(folder, 'database') },
      },
    });
    await inHost('yarn install', 'install');
    requireOneRelease(host);
    await inHost('yarn tsc', 'tsc');
    await inHost('Building the pages', 'workspace', 'app', 'build');

    const port = await findFreePort();
    const stop = await step('Starting the backend', () =>
      startBackend(host, { port, log: log('backend'), env }),
    );
    try {
      await mainJob({ port, host });
    } catch (error) {
      error.message += `\nThe end of the backend's log:\n${whatItSaid(
        log('backend'),
      )}`;
      throw error;
    } finally {
      await stop();
    }
    console.log(
      `ok: installed in a new Backstage, and used there, in ${seconds(
        Date.now() - started,
      )}`,
    );
    return 0;
  } finally {
    if (keep) console.log(`Kept: ${folder}`);
    else remove();
    process.off('exit', whenStopped);
  }
}

function requireOneRelease(host) {
  const twice = twoVersions(
    fs.readFileSync(path.join(host, 'yarn.lock'), 'utf8'),
  );
  if (twice.length > 0) {
    throw new Problem(
      `Two releases of Backstage are mixed in the new app: ${twice.join(
        '; ',
      )}.`,
      'Let the packages ask for what the release of backstage.json has, or leave out the plugin of the template that brings the other one: LEFT_OUT in scripts/lib/install/newBackstage.mjs.',
    );
  }
}

async function mainJob({ port, host }) {
  const status = await foreground(
    process.execPath,
    [
      inRoot('node_modules/@playwright/test/cli.js'),
      ...['test', '--config', 'install.config.ts'],
    ],
    {
      cwd: inRoot('e2e'),
      env: {
        E2E_URL: `http://localhost:${port}`,
        E2E_DATA: path.join(host, 'callgate/data'),
      },
    },
  );
  if (status !== 0) {
    throw new Problem(
      'The main job failed in the browser: what was seen stands above.',
      'Screenshot and trace are in e2e/test-results.',
    );
  }
}
