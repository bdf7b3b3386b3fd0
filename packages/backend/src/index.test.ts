import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../../..');

/** Starts the real backend, with everything it contains, and waits for its end. */
function startBackend(environment: Record<string, string>) {
  return spawnSync(
    process.execPath,
    [
      '--require',
      '@backstage/cli/config/nodeTransform.cjs',
      'src/index.ts',
      '--config',
      resolve(root, 'app-config.yaml'),
    ],
    {
      cwd: resolve(root, 'packages/backend'),
      encoding: 'utf8',
      timeout: 90_000,
      env: {
        PATH: process.env.PATH,
        APP_CONFIG_backend_listen_port: '0',
        APP_CONFIG_backend_database:
          '{"client":"better-sqlite3","connection":":memory:"}',
        ...environment,
      },
    },
  );
}

describe('the backend of the portal', () => {
  it('ends at once in production when nobody could prove who they are', () => {
    const { status, stderr } = startBackend({ NODE_ENV: 'production' });
    expect(status).toBe(1);
    expect(stderr).toContain('The backend did not start.');
    expect(stderr).toContain('No sign-in provider is configured');
  }, 100_000);
});
