import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot, YARN } from './paths.mjs';
import { lastLines, npmCommand, quiet } from './process.mjs';

const PUBLISHED = ['policy', 'cli'];

async function must(what, program, args, options) {
  const { status, output } = await quiet(program, args, options);
  assert.equal(status, 0, `${what} failed:\n${lastLines(output, 40)}`);
  return output;
}

/**
 * Installs the command line as it would be published, in an empty folder
 * outside the repository, and uses it there. Needs what `build:all` made.
 */
export async function tryPacked() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-packed-'));
  try {
    for (const name of PUBLISHED) {
      await must(
        `Packing ${name}`,
        process.execPath,
        [YARN, 'pack', '--out', path.join(folder, `${name}.tgz`)],
        { cwd: inRoot('packages', name) },
      );
    }
    const app = path.join(folder, 'app');
    fs.mkdirSync(app);
    fs.writeFileSync(path.join(app, 'package.json'), '{ "private": true }\n');
    const npm = npmCommand();
    await must(
      'Installing the packed tarballs',
      npm.program,
      [
        ...npm.args,
        'install',
        '--no-audit',
        '--no-fund',
        ...PUBLISHED.map(name => `../${name}.tgz`),
      ],
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
    console.log(`ok: ${PUBLISHED.join(' and ')}, packed, installed and used`);
    return 0;
  } catch (error) {
    console.error(error.message);
    return 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
