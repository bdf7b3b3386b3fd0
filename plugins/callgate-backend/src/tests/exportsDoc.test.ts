import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import { parse } from 'yaml';
import { readRetentionConfig } from '../readConfig';
import { startShop, type RunningShop } from '../__testUtils__/startShop';
import { ConfigReader } from '@backstage/config';

jest.setTimeout(120_000);

const DOC = fs.readFileSync(
  path.join(
    resolvePackagePath('@callgate/plugin-callgate-backend', 'package.json'),
    '../../../docs/exports.md',
  ),
  'utf8',
);
const blockOf = (language: string) =>
  new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(DOC)![1];

let shop: RunningShop;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-exports-'));

beforeAll(async () => {
  shop = await startShop();
  await shop.as('omar').get('/apis/default/orders');
});
afterAll(async () => {
  await shop?.stop();
  fs.rmSync(folder, { recursive: true });
});

/** Runs what the page says, as it is. */
function run(script: string): Promise<number | null> {
  const child = spawn('sh', ['-euc', script], {
    cwd: folder,
    env: {
      ...process.env,
      PORTAL: `http://127.0.0.1:${shop.port}`,
      TOKEN: mockCredentials.user.token('user:default/petra'),
    },
  });
  return new Promise(ended => child.on('close', ended));
}

it('has commands that leave the files which they name', async () => {
  expect(await run(blockOf('sh'))).toBe(0);
  const read = (name: string) =>
    fs.readFileSync(path.join(folder, name), 'utf8');
  expect(JSON.parse(read('grants.json'))).toMatchObject({
    kind: 'grants',
    at: '2026-06-30T23:59:59.999Z',
  });
  expect(read('decisions.csv')).toMatch(/^\uFEFF"record","api",/);
});

it('has settings that the backend reads', () => {
  expect(readRetentionConfig(new ConfigReader(parse(blockOf('yaml'))))).toEqual(
    { textsDays: 730 },
  );
});

it.each([0, -1, 1.5, 40_000])('refuses %p days', textsDays => {
  expect(() =>
    readRetentionConfig(
      new ConfigReader({ callgate: { retention: { textsDays } } }),
    ),
  ).toThrow(/callgate.retention.textsDays must be a number of days/);
});
