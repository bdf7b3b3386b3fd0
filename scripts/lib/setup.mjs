import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inRoot, ROOT, YARN } from './paths.mjs';
import { Problem } from './problem.mjs';
import { lastLines, quiet } from './process.mjs';
import { registrySettings } from './registry.mjs';
import { computeStamp } from './stamp.mjs';
import { step } from './step.mjs';

const STAMP = inRoot('node_modules/.callgate-stamp');
const LOG = inRoot('.cache/install.log');

/**
 * Installs what the checkout needs. When nothing has changed since the last
 * time, calls neither npm nor Yarn, so that it works without a network.
 */
export async function setup() {
  const stamp = computeStamp(ROOT);
  if (fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === stamp) {
    return;
  }
  fs.rmSync(STAMP, { force: true });
  await step(
    'Installing packages (one to three minutes the first time)',
    installPackages,
  );
  await step('Checking the database driver', checkDatabaseDriver);
  // Written last, and from what is there now: Yarn may have completed the lock file of someone who changed a package.json.
  fs.writeFileSync(STAMP, computeStamp(ROOT));
}

async function installPackages() {
  const args = [YARN, 'install'];
  if (process.env.CI) {
    args.push('--immutable');
  }
  const { status, output } = await quiet(process.execPath, args, {
    env: { YARN_ENABLE_TELEMETRY: '0', ...(await registrySettings()) },
    log: LOG,
  });
  if (status !== 0) {
    const errors = output
      .split('\n')
      .filter(line => /YN0001|YN0009|YN0028|YN0035|YN0041|Error:/.test(line));
    throw new Problem(
      `Packages could not be installed:\n${lastLines(
        errors.join('\n') || output,
        8,
      )}`,
      `The whole output is in ${path.relative(
        ROOT,
        LOG,
      )}. Check the network, the registry that npm is configured with\n` +
        '(npm config get registry) and free disk space (2 GB), then run this again: it goes on where it stopped.',
    );
  }
}

async function checkDatabaseDriver() {
  if (await driverLoads()) {
    return;
  }
  const folder = inRoot('node_modules/better-sqlite3');
  const gyp = findNodeGyp();
  if (gyp) {
    await quiet(process.execPath, [gyp, 'rebuild', '--release'], {
      cwd: folder,
      log: inRoot('.cache/better-sqlite3.log'),
    });
  }
  if (!(await driverLoads())) {
    throw new Problem(
      'There is no SQLite driver for this machine, and it could not be built.',
      'Install Python 3, make and a C++ compiler, or use Node 22 on Linux, macOS or Windows, and run this again.',
    );
  }
}

/** In a process of its own: a driver that does not fit ends the process instead of throwing. */
async function driverLoads() {
  const script = "new (require('better-sqlite3'))(':memory:').close()";
  const { status } = await quiet(process.execPath, ['-e', script]);
  return status === 0;
}

function findNodeGyp() {
  try {
    return createRequire(inRoot('package.json')).resolve(
      'node-gyp/bin/node-gyp.js',
    );
  } catch {
    return undefined;
  }
}
