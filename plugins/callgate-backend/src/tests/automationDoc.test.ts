import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import { mockCredentials } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { parse } from 'yaml';
import { startShop, type RunningShop } from '../__testUtils__/startShop';
import { Services } from '../services';

jest.setTimeout(120_000);

const DOC = fs.readFileSync(
  path.join(
    resolvePackagePath('@callgate/plugin-callgate-backend', 'package.json'),
    '../../../docs/automation.md',
  ),
  'utf8',
);
const blocksOf = (language: string) =>
  [...DOC.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(
    ([, block]) => block,
  );
const config = parse(blocksOf('yaml')[0]);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-automation-'));
let shop: RunningShop;

beforeAll(async () => {
  shop = await startShop({ config: config.callgate });
});
afterAll(async () => {
  await shop?.stop();
  fs.rmSync(folder, { recursive: true });
});

/** Runs what the page says, as it is; says what it printed. */
function run(script: string): Promise<[status: number | null, out: string]> {
  const child = spawn('sh', ['-euc', script], {
    cwd: folder,
    env: {
      ...process.env,
      PORTAL: `http://127.0.0.1:${shop.port}`,
      TOKEN: mockCredentials.service.token({
        onBehalfOf: mockCredentials.service('deploy-bot'),
        targetPluginId: 'callgate',
      }),
    },
  });
  let out = '';
  child.stdout.on('data', chunk => {
    out += chunk;
  });
  child.stderr.on('data', chunk => {
    out += chunk;
  });
  return new Promise(ended =>
    child.on('close', status => ended([status, out])),
  );
}

it('has a pipeline that asks, once however often it runs', async () => {
  const [ask, wait] = blocksOf('sh');
  for (const time of ['first', 'again']) {
    expect([time, ...(await run(ask))]).toEqual([time, 0, '']);
  }
  expect(await run(wait)).toEqual([0, 'submitted\n']);
  const { items } = (await shop.as('omar').get('/requests?tab=waiting')).body;
  expect(items).toHaveLength(1);
  expect(items[0].requestedBy.title).toBe('the service deploy-bot');
});

it('has settings with which Backstage itself lets the program in', async () => {
  const [{ options, ...access }] = config.backend.auth.externalAccess;
  const token = 'a-token-of-the-deploy-bot';
  const portal = await startShop({
    config: config.callgate,
    backend: {
      baseUrl: 'http://127.0.0.1',
      auth: {
        externalAccess: [{ ...access, options: { ...options, token } }],
      },
    },
    features: [authServiceFactory, httpAuthServiceFactory],
  });
  try {
    const status = async (bearer: string) =>
      (
        await fetch(`http://127.0.0.1:${portal.port}/api/callgate/requests`, {
          headers: { Authorization: `Bearer ${bearer}` },
        })
      ).status;
    expect([await status(token), await status('another-token')]).toEqual([
      200, 401,
    ]);
  } finally {
    await portal.stop();
  }
});

it('has settings that the backend reads', () => {
  const services = Services.fromConfig(new ConfigReader(config));
  expect(services.of({ type: 'service', subject: 'deploy-bot' })).toMatchObject(
    { group: 'group:default/storefront-team' },
  );
});
