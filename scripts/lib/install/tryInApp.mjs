import fs from 'node:fs';
import path from 'node:path';
import { must } from '../must.mjs';
import { inRoot } from '../paths.mjs';
import { findFreePort } from '../ports.mjs';
import { Problem } from '../problem.mjs';
import { foreground } from '../process.mjs';
import { seconds, step } from '../step.mjs';
import { addCallgate } from './addCallgate.mjs';
import { addCompany } from './addCompany.mjs';
import { startBackend, whatItSaid } from './backend.mjs';
import { startDatabase } from './database.mjs';
import { newBackstage } from './newBackstage.mjs';
import { twoVersions } from './twoVersions.mjs';

/**
 * Makes one app, and uses Callgate in it.
 *
 * @param app - one of apps.mjs
 * @param options.tarballs - by the name of their package
 * @param options.env - what Yarn and Backstage's commands run with
 * @param options.host - the folder to make
 * @param options.database - the folder of its database
 * @param options.logs - the folder of what is printed
 */
export async function tryInApp(app, options) {
  const { tarballs, env, host, logs } = options;
  const started = Date.now();
  console.log(`\nIn a new Backstage: ${app.title}`);
  fs.mkdirSync(logs, { recursive: true });
  const log = name => path.join(logs, `${name}.log`);
  const inHost = (title, ...args) =>
    step(title, () =>
      must(title, 'yarn', args, {
        cwd: host,
        env: { ...process.env, ...env },
        log: log(args.join('-')),
      }),
    );

  await step('Making it', () => newBackstage(app, { into: host, env }));
  const database = startDatabase(app.database, options.database, host);
  try {
    addCallgate(app, host, { tarballs });
    addCompany(app, host, { connection: database.connection });
    await inHost('yarn install', 'install');
    requireOneRelease(host);
    await inHost('yarn tsc', 'tsc');
    await inHost('Building the pages', 'workspace', 'app', 'build');

    const port = await findFreePort();
    const stop = await step('Starting the backend', () =>
      startBackend(host, { port, log: log('backend'), env }),
    );
    try {
      await mainJob(app, { port, host });
      database.check();
    } catch (error) {
      error.message += `\nThe end of the backend's log:\n${whatItSaid(
        log('backend'),
      )}`;
      throw error;
    } finally {
      await stop();
    }
  } finally {
    database.stop();
  }
  console.log(
    `ok: installed in a new Backstage, and used there, in ${seconds(
      Date.now() - started,
    )}`,
  );
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

async function mainJob(app, { port, host }) {
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
        ...(app.policy && { E2E_COMPANY_POLICY: '1' }),
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
