import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, devices } from '@playwright/test';
import { portal } from './support/portal';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

const executablePath =
  process.env.E2E_CHROMIUM ?? CHROMIUM.find(file => existsSync(file));

/** A portal that reads API servers, which need Go to be built: only these tests need it, and nobody has to have it. */
const live = process.env.E2E_LIVE !== undefined;

/** The tests of one run share one portal and its data, so they follow each other. */
export default defineConfig({
  testDir: './tests',
  testIgnore: live ? [] : ['live.spec.ts'],
  outputDir: './test-results',
  fullyParallel: false,
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [
    ['list'],
    ...(process.env.E2E_JSON
      ? [['json', { outputFile: process.env.E2E_JSON }] as const]
      : []),
  ],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: portal.url,
    // A step that hangs says so itself, long before its test would.
    actionTimeout: 20_000,
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
      ],
    },
  },
  webServer: portal.isOurs
    ? {
        command: `node scripts/run.mjs start --built${
          live ? ' --live' : ''
        } --port ${portal.port} --data "${portal.data}"`,
        cwd: path.resolve(__dirname, '..'),
        url: portal.readyUrl,
        timeout: 180_000,
        gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
        stdout: process.env.E2E_LOGS ? 'pipe' : 'ignore',
      }
    : undefined,
});
