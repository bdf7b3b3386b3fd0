import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { must } from './must.mjs';
import { pack } from './pack.mjs';
import { inRoot } from './paths.mjs';
import { npmCommand } from './process.mjs';

const FOLDERS = ['packages/policy', 'packages/cli'];

/**
 * Installs the command line as it would be published, in an empty folder
 * outside the repository, and uses it there. Needs what `build:all` made.
 */
export async function tryPacked() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-packed-'));
  try {
    const tarballs = await pack(FOLDERS, folder);
    const app = path.join(folder, 'app');
    fs.mkdirSync(app);
    fs.writeFileSync(path.join(app, 'package.json'), '{ "private": true }\n');
    const npm = npmCommand();
    await must(
      'Installing the packed tarballs',
      npm.program,
      [...npm.args, 'install', '--no-audit', '--no-fund', ...tarballs.values()],
      { cwd: app, shell: npm.shell },
    );
    const bin = path.join(app, 'node_modules/@callgate/cli/bin/callgate.js');
    const callgate = (...args) =>
      must(`callgate ${args[0]}`, process.execPath, [bin, ...args], {
        cwd: app,
      });
    assert.match(await callgate('--help'), /Usage: callgate/);
    const estate = inRoot('examples/shop/estate/staging');
    const reached = JSON.parse(await callgate('reach', '--world', estate));
    assert.ok(reached.workloads.length > 3, 'reach found no workloads');
    assert.match(
      await callgate('diff', '--before', estate, '--after', estate),
      /"gained": \[\]/,
    );
    await callgate('lint', '--world', estate);
    assert.match(await callgate('completion', 'bash'), /complete -F/);
    const files = fs.readdirSync(
      path.join(app, 'node_modules/@callgate/policy'),
    );
    assert.ok(!files.includes('src'), 'sources are published');
    console.log(
      `ok: ${[...tarballs.keys()].join(' and ')}, packed, installed and used`,
    );
    return 0;
  } catch (error) {
    console.error(error.message);
    return 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
