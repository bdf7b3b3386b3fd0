import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { ApiServer } from '../lib/live/ApiServer.mjs';
import { DEMO_CLUSTERS } from '../lib/live/demoClusters.mjs';
import { writeLiveFolder } from '../lib/live/liveFolder.mjs';
import { inOrder, nameOf, readObjects } from '../lib/live/objects.mjs';
import { linesOf } from '../lib/live/startLive.mjs';
import { inRoot } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { parseStartOptions } from '../lib/start.mjs';

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-live-'));
after(() => fs.rmSync(temporary, { recursive: true, force: true }));

/** A program that stands for an API server: prints a line or none, and ends with its standard input. */
function programOf(name, script) {
  const file = path.join(temporary, name);
  fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  return file;
}

const clusters = ['prod-eu', 'staging'].map(name => ({
  name,
  token: `reads ${name}`,
  server: {
    address: {
      url: 'https://127.0.0.1:6443',
      token: 'may do everything',
      ca: 'PEM',
    },
  },
}));

test('a portal reads manifests, and clusters where it is asked to', () => {
  assert.equal(parseStartOptions([]).live, false);
  assert.equal(parseStartOptions(['--live']).live, true);
});

test('every cluster of the demo configuration is started, so that none is left as manifests', () => {
  const [demo] = readObjects(inRoot('app-config.demo.yaml'));
  assert.deepEqual(
    demo.callgate.estate.manifests.map(({ cluster }) => cluster).sort(),
    [...DEMO_CLUSTERS].sort(),
  );
});

test('the portal gets the token that reads, people the one that may change, and nobody else either', () => {
  const folder = path.join(temporary, 'live');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'of-before.kubeconfig'), 'old');
  const { config, kubeconfigOf } = writeLiveFolder(folder, clusters);
  const text = fs.readFileSync(config, 'utf8');
  assert.deepEqual(JSON.parse(text).callgate.estate, { manifests: [] });
  assert.deepEqual(JSON.parse(text).callgate.clusters.staging, {
    url: 'https://127.0.0.1:6443',
    serviceAccountToken: 'reads staging',
    caData: 'UEVN',
  });
  assert.doesNotMatch(text, /may do everything/);
  const [{ user }] = JSON.parse(
    fs.readFileSync(kubeconfigOf.staging, 'utf8'),
  ).users;
  assert.equal(user.token, 'may do everything');
  assert.deepEqual(fs.readdirSync(folder).sort(), [
    'app-config.live.yaml',
    'prod-eu.kubeconfig',
    'staging.kubeconfig',
  ]);
  assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
  for (const name of fs.readdirSync(folder))
    assert.equal(fs.statSync(path.join(folder, name)).mode & 0o777, 0o600);
});

test('namespaces come first, and what the server has no kind for is named and left out', () => {
  const of = (apiVersion, kind, name, namespace) => ({
    apiVersion,
    kind,
    metadata: { name, namespace },
  });
  const orders = of('v1', 'Service', 'orders', 'ordering');
  const guard = of('cilium.io/v2', 'CiliumNetworkPolicy', 'guard', 'ordering');
  const ordering = of('v1', 'Namespace', 'ordering');
  const kinds = new Map([
    ['v1/Service', () => ''],
    ['v1/Namespace', () => ''],
  ]);
  const { namespaces, others, leftOut } = inOrder(
    [orders, guard, ordering],
    kinds,
  );
  assert.deepEqual(namespaces, [ordering]);
  assert.deepEqual(others, [orders]);
  const named = leftOut.map(nameOf);
  assert.deepEqual(named, [
    'CiliumNetworkPolicy ordering/guard (cilium.io/v2)',
  ]);
  assert.match(linesOf('prod-eu', named, 'k'), /is without: CiliumNetwork/);
  assert.doesNotMatch(linesOf('prod-eu', [], 'k'), /without/);
});

test('an API server that ends before it answers is a problem that says so', async () => {
  await assert.rejects(
    ApiServer.start(programOf('broken', 'exit 1')),
    error => error instanceof Problem && /ended before/.test(error.message),
  );
  await assert.rejects(ApiServer.start('/no/such/program'), Problem);
});

test('giving up ends the API server that has not answered yet', async () => {
  const file = path.join(temporary, 'ended');
  const slow = programOf('slow', `cat >/dev/null; echo ended >${file}`);
  const givenUp = new AbortController();
  const started = ApiServer.start(slow, givenUp.signal);
  givenUp.abort();
  await assert.rejects(started, { name: 'AbortError' });
  assert.equal(fs.readFileSync(file, 'utf8'), 'ended\n');
});

test('an API server ends with the launcher, also where that is ended by force', async () => {
  const folder = path.join(temporary, 'of-server');
  const file = path.join(temporary, 'ended-too');
  const address = JSON.stringify({ ...clusters[0].server.address, folder });
  const server = programOf(
    'server',
    `mkdir ${folder}; echo '${address}'; cat >/dev/null; mkfifo ${file}; echo ended >${file}`,
  );
  const launcher = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { ApiServer } from ${JSON.stringify(
        new URL('../lib/live/ApiServer.mjs', import.meta.url).href,
      )};
       await ApiServer.start(${JSON.stringify(server)});
       console.log('started');`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise(resolve => {
    createInterface({ input: launcher.stdout }).once('line', resolve);
  });
  const ended = new Promise(resolve => {
    launcher.once('exit', resolve);
  });
  launcher.kill('SIGKILL');
  await ended;
  // It makes this when its standard input has ended, and waits for a reader.
  while (!fs.existsSync(file)) {
    await new Promise(resolve => {
      setImmediate(resolve);
    });
  }
  assert.equal(fs.readFileSync(file, 'utf8'), 'ended\n');
});

test('stopping an API server leaves no folder of it', async () => {
  const folder = path.join(temporary, 'left');
  const address = JSON.stringify({ ...clusters[0].server.address, folder });
  const server = await ApiServer.start(
    programOf('leaves', `mkdir ${folder}; echo '${address}'; cat >/dev/null`),
  );
  assert.ok(fs.existsSync(folder));
  await server.stop();
  assert.ok(!fs.existsSync(folder));
});
