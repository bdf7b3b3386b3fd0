import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { must } from './must.mjs';
import { pack } from './pack.mjs';
import { inRoot } from './paths.mjs';
import { npmCommand } from './process.mjs';

/** That shows that what reads clusters is there as well: it is loaded for this command alone. */
async function refusesAnAddress(bin, cwd) {
  const args = ['agent', '--cluster', 'x', '--to', 'http://portal.example'];
  const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    encoding: 'utf8',
  });
  assert.equal(status, 2, stderr);
  assert.match(stderr, /--to must begin with https:/);
}

const FOLDERS = ['packages/policy', 'packages/cluster-reader', 'packages/cli'];

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
    await refusesAnAddress(bin, app);
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
