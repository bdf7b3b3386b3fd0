import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import {
  holderOf,
  isFree,
  listeningInodes,
  parsePort,
  portsFor,
  requireFreePorts,
} from '../lib/ports.mjs';
import { Problem } from '../lib/problem.mjs';

async function withServer(host, work) {
  const server = net.createServer();
  await new Promise(resolve => server.listen(0, host, resolve));
  try {
    return await work(server.address().port);
  } finally {
    await new Promise(resolve => server.close(resolve));
  }
}

test('--port moves the frontend, and the backend by the same distance', () => {
  assert.deepEqual(portsFor(), { frontend: 3000, backend: 7007 });
  assert.deepEqual(portsFor(3100), { frontend: 3100, backend: 7107 });
});

test('--port refuses what is no port, and one so high that the backend has none', () => {
  for (const text of [undefined, '', '80', 'x', '3000.5', '-1', '65000']) {
    assert.throws(() => parsePort(text), Problem, String(text));
  }
  assert.equal(parsePort('61528'), 61528);
});

test('a port is taken whichever address of the machine its holder listens on', async () => {
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    await withServer(host, async port => {
      assert.equal(await isFree(port), false, host);
    });
  }
});

test('a taken port is reported with its holder and a way out', async () => {
  await withServer('127.0.0.1', async port => {
    const error = await requireFreePorts({
      frontend: port,
      backend: port,
    }).catch(e => e);
    assert.ok(error instanceof Problem);
    assert.match(error.message, new RegExp(`Port ${port} is taken`));
    assert.match(error.advice, /npm start -- --port \d+/);
    if (process.platform === 'linux') {
      assert.match(holderOf(port), new RegExp(`process ${process.pid}`));
    }
  });
});

test('only listening sockets hold a port, not connections from it', () => {
  // Columns of /proc/net/tcp: number, local, remote, state (0A listens, 01 is connected), …, inode in the tenth.
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1',
    '   1: 0100007F:0BB8 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4343 1',
    '   2: 0100007F:1B5F 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4444 1',
  ].join('\n');
  assert.deepEqual(listeningInodes(table, 3000), ['4242']);
});
