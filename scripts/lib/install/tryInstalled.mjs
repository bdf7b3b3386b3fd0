import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pack } from '../pack.mjs';
import { inRoot } from '../paths.mjs';
import { PUBLISHED } from '../published.mjs';
import { registrySettings } from '../registry.mjs';
import { step } from '../step.mjs';
import { APPS } from './apps.mjs';
import { hostEnvironment } from './newBackstage.mjs';
import { tryInApp } from './tryInApp.mjs';

/** What was printed outlives the folder in which the apps are. */
const LOGS = inRoot('.cache/test-install');

/**
 * Installs the packages, as they would be published, in Backstages that `create-app` makes, as docs/install.md says, and does
 * the main job there in a browser.
 *
 * @param options.only - the name of one of apps.mjs; all of them when left out
 * @param options.keep - leaves the folder, and says where it is
 */
export async function tryInstalled({ only, keep = false }) {
  const names = only ? [only] : Object.keys(APPS);
  // Without links in its path: Yarn and Node would take it for two places.
  const folder = fs.realpathSync(
    fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-install-')),
  );
  fs.rmSync(LOGS, { recursive: true, force: true });
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  const whenStopped = keep ? () => {} : remove;
  process.on('exit', whenStopped);
  try {
    const bin = path.join(folder, 'bin');
    fs.mkdirSync(bin);
    const env = hostEnvironment(bin, await registrySettings());
    const tarballs = await step('Packing every published package', () =>
      pack(PUBLISHED, folder),
    );
    for (const name of names) {
      await tryInApp(APPS[name], {
        tarballs,
        env,
        host: path.join(folder, name),
        database: path.join(folder, `${name}-database`),
        logs: path.join(LOGS, name),
      });
    }
    return 0;
  } finally {
    if (keep) console.log(`Kept: ${folder}`);
    else remove();
    process.off('exit', whenStopped);
  }
}
