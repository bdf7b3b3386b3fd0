import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { Problem } from '../lib/problem.mjs';
import { parseStartOptions, portalEnvironment } from '../lib/start.mjs';

test('without options the portal keeps its data in the checkout', () => {
  const { ports, data, configs } = parseStartOptions([]);
  assert.deepEqual(ports, { frontend: 3000, backend: 7007 });
  assert.ok(path.isAbsolute(data));
  assert.equal(path.basename(data), '.data');
  assert.deepEqual(configs, []);
});

test('options are read with a space or an equals sign', () => {
  assert.equal(parseStartOptions(['--port', '3100']).ports.backend, 7107);
  assert.equal(parseStartOptions(['--port=3100']).ports.backend, 7107);
});

test('built pages come from the backend, so that the portal has one port', () => {
  const { ports, built } = parseStartOptions(['--built', '--port', '3100']);
  assert.equal(built, true);
  assert.deepEqual(ports, { frontend: 3100, backend: 3100 });
});

test('an unknown option, a missing value and a missing file are refused', () => {
  for (const args of [
    ['--prot', '1'],
    ['--data'],
    ['--config', '/no/such/file.yaml'],
  ]) {
    assert.throws(() => parseStartOptions(args), Problem, args.join(' '));
  }
});

test('both halves of the portal learn each other’s address, and every path is absolute', () => {
  const env = portalEnvironment({
    ports: { frontend: 3100, backend: 7107 },
    data: '/somewhere/data',
  });
  assert.equal(env.APP_CONFIG_app_baseUrl, 'http://localhost:3100');
  assert.equal(env.APP_CONFIG_backend_cors_origin, 'http://localhost:3100');
  assert.equal(env.APP_CONFIG_backend_baseUrl, 'http://localhost:7107');
  assert.equal(env.APP_CONFIG_backend_listen_port, '7107');
  assert.equal(env.APP_CONFIG_callgate_dataDirectory, '/somewhere/data');
  assert.equal(
    env.APP_CONFIG_backend_database_connection_directory,
    path.join('/somewhere/data', 'database'),
  );
});
