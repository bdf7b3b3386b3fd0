import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toYarnEnvironment } from '../lib/registry.mjs';

test('Yarn gets the registry and proxy that npm is configured with', () => {
  const env = toYarnEnvironment(
    { registry: 'https://npm.example/repo/', 'https-proxy': 'http://proxy:1' },
    {},
  );
  assert.deepEqual(env, {
    YARN_NPM_REGISTRY_SERVER: 'https://npm.example/repo',
    YARN_HTTPS_PROXY: 'http://proxy:1',
  });
});

test('a registry without TLS is allowed for its own host only', () => {
  const env = toYarnEnvironment({ registry: 'http://npm.example:4873/' }, {});
  assert.equal(env.YARN_UNSAFE_HTTP_WHITELIST, 'npm.example');
});

test('what is set for Yarn already stays', () => {
  const env = toYarnEnvironment(
    { registry: 'https://npm.example/' },
    { YARN_NPM_REGISTRY_SERVER: 'https://yarn.example' },
  );
  assert.deepEqual(env, {});
});
