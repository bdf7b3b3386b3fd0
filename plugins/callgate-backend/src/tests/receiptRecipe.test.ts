import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  editFile,
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { mergeOf } from '../__testUtils__/grantSteps';
import { approve, git, send } from '../__testUtils__/steps';

jest.setTimeout(240_000);

const ROOT = path.resolve(
  resolvePackagePath('@callgate/plugin-callgate-backend', 'package.json'),
  '../../..',
);
/** The step about receipts, as companies copy it. */
const STEP: string = parse(
  fs.readFileSync(path.join(ROOT, 'deploy/ci/github.yml'), 'utf8'),
).jobs.check.steps.find(
  (step: { name?: string }) => step.name === 'What is generated was approved',
).run;
const KEYS = generateKeyPairSync('ed25519');
const pem = (key: { export(options: object): unknown }, type: string) =>
  String(key.export({ type, format: 'pem' }));

let shop: ChangedShop;
let folder: string;

beforeAll(async () => {
  shop = await startChangedShop({
    config: { signing: { key: pem(KEYS.privateKey, 'pkcs8') } },
  });
  await shop.as('omar').get('/apis/default/orders');
  const asked = await send(shop, 'priya');
  await approve(shop, 'omar', asked);
  await mergeOf(shop, asked);
});
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(shop.folder, 'checkout-'));
  const from = path.join(shop.directory, 'policies.git');
  const clone = (to: string) =>
    execFileSync('git', ['clone', '-q', '--branch', 'main', from, to]);
  clone(path.join(folder, 'main'));
  // What the pull request went to.
  clone(path.join(folder, 'before'));
  execFileSync('git', [
    ...['-C', path.join(folder, 'before')],
    ...['checkout', '-q', git(shop, 'rev-parse', 'main^1').trim()],
  ]);
  editFile(path.join(folder, 'before/keys/callgate.pub.pem'), () =>
    pem(KEYS.publicKey, 'spki'),
  );
  editFile(
    path.join(folder, 'bin/callgate'),
    () =>
      `#!/bin/sh\nexec '${process.execPath}' '${path.join(
        ROOT,
        'packages/cli/bin/callgate.js',
      )}' "$@"\n`,
  );
  fs.chmodSync(path.join(folder, 'bin/callgate'), 0o755);
});
afterAll(() => shop?.stop());

/** The step, in the checkout, as a job of CI runs it. */
function runStep() {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-eo', 'pipefail', '-c', STEP],
    {
      cwd: path.join(folder, 'main'),
      encoding: 'utf8',
      env: {
        ...process.env,
        RUNNER_TEMP: folder,
        PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
      },
    },
  );
  return { status, said: `${stdout}\n${stderr}` };
}

const generated = () =>
  git(shop, 'diff', '--name-only', 'main^1', 'main', '--', 'clusters')
    .trim()
    .split('\n');

it('lets the merged proposal of the demo through', () => {
  expect(generated().length).toBeGreaterThan(0);
  const { status, said } = runStep();
  expect([status, said]).toEqual([0, expect.not.stringContaining('error')]);
});

it('stops at each generated file of it that somebody edits, and names it', () => {
  for (const file of generated()) {
    const at = path.join(folder, 'main', file);
    const text = fs.readFileSync(at, 'utf8');
    editFile(at, before => `${before}# by hand\n`);
    const { status, said } = runStep();
    expect([file, status]).toEqual([file, 1]);
    expect(said).toContain(file);
    fs.writeFileSync(at, text);
  }
  expect(runStep().status).toBe(0);
});

it('stops at a key that did not sign it, and at a receipt that is gone', () => {
  const key = path.join(folder, 'before/keys/callgate.pub.pem');
  const text = fs.readFileSync(key, 'utf8');
  editFile(key, () => pem(generateKeyPairSync('ed25519').publicKey, 'spki'));
  expect(runStep().status).toBe(1);
  fs.writeFileSync(key, text);
  fs.rmSync(path.join(folder, 'main/policies/.receipts/default/orders'), {
    recursive: true,
  });
  // The target branch has it as soon as it was merged.
  execFileSync('git', [
    ...['-C', path.join(folder, 'before')],
    ...['checkout', '-q', 'main'],
  ]);
  expect(runStep().status).toBe(1);
});
