import { ApiStub, CORE, object } from '@callgate/cluster-reader/testUtils';
import { rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import zlib from 'node:zlib';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';

afterEach(removeFolders);

const NAMED = ['agent', '--cluster', 'prod', '--to'];

describe('callgate agent refuses, with 2 and what to do', () => {
  const env = { CALLGATE_TOKEN: 'secret-of-the-agent' };
  const signal = AbortSignal.abort();
  it.each([
    [['http://portal.example.com'], /--to must begin with https:/],
    [['ftp://portal.example.com', '--insecure-http'], /begin with https:/],
    [['https://me:hunter2@portal.example.com'], /must not have a name or/],
    [['https://portal.example.com/?x=1'], /must not have \? or #/],
    [['portal'], /is not an address, such as https:\/\/portal\.example\.com/],
    [['https://p.example', '--context', 'x'], /--context needs --kubeconfig/],
    [['https://p.example', '--exclude', 'istio-system'], /cannot be left out/],
    [['https://p.example', '--token-file', 'none'], /no such file or folder/],
    [['https://p.example', '--token-file', 'empty'], /empty is empty/],
    [['https://p.example', '--token-file', 'two'], /two is no token/],
    [['https://p.example', '--cluster', '../x'], /no name of a cluster/],
  ])('%j', async (args, message) => {
    const cwd = folderWith({ empty: '\n', two: 'secret-one secret-two' });
    const { code, stderr } = await runCaptured([...NAMED, ...args], {
      ...{ cwd, env, signal },
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr).not.toMatch(/secret|hunter2/);
  });

  it('a run without any token', async () => {
    const { code, stderr } = await runCaptured(
      [...NAMED, 'https://p.example'],
      { signal, env: {} },
    );
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('give the token of the agent in CALLGATE_TOKEN'),
    ]);
  });
});

/** A portal that answers what it is told, and notes what it is sent. */
async function portal(answer: (body: Record<string, unknown>) => object) {
  const tokens: (string | undefined)[] = [];
  const bodies: Record<string, any>[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const text =
        request.headers['content-encoding'] === 'gzip'
          ? zlib.gunzipSync(raw)
          : raw;
      const body = JSON.parse(text.toString());
      bodies.push({ ...body, url: request.url });
      tokens.push(request.headers.authorization);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer(body)));
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ...{ tokens, bodies },
    stop: async () => {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
}

it('reads the cluster of a kubeconfig, sends it with the token of a file, and says goodbye', async () => {
  const stub = await ApiStub.start(CORE);
  stub.set('services', object('orders'));
  const stopped = new AbortController();
  const target = await portal(({ files, texts, ends }) => {
    if (ends) return { state: 'taken', missing: [] };
    if (!files) return { state: 'taken', version: 'v1', missing: [] };
    const [{ digest }] = files as { digest: string }[];
    if (!texts) return { state: 'missing', version: 'v1', missing: [digest] };
    return { state: 'taken', version: 'v2', missing: [] };
  });
  try {
    const cwd = folderWith({
      token: 'secret-of-the-agent\n',
      'config.yaml': JSON.stringify({
        'current-context': 'stub',
        contexts: [{ name: 'stub', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: stub.url } }],
        users: [{ name: 'u', user: { token: 'of-the-cluster' } }],
      }),
    });
    const { code, stdout, stderr } = await runCaptured(
      [
        ...[...NAMED, target.url, '--token-file', 'token'],
        ...['--kubeconfig', 'config.yaml'],
      ],
      {
        ...{ cwd, signal: stopped.signal },
        onStderr: text => {
          if (text.includes('has what runs')) stopped.abort();
        },
      },
    );
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('The portal has what runs: 1 files.');
    expect(stderr).not.toMatch(/secret|of-the-cluster/);
    expect(new Set(target.tokens)).toEqual(
      new Set(['Bearer secret-of-the-agent']),
    );
    const sent = target.bodies.find(({ texts }) => texts)!;
    expect(sent.url).toBe('/api/callgate/estates/prod');
    expect(sent.files.map((file: { path: string }) => file.path)).toEqual([
      'prod/services/shop.yaml',
    ]);
    expect(JSON.parse(sent.texts[0].text).items[0].metadata.name).toBe(
      'orders',
    );
    expect(target.bodies.at(-1)).toMatchObject({ ends: true });
  } finally {
    await target.stop();
    await stub.stop();
  }
});

it('refuses a kubeconfig that runs a program, and tells the portal', async () => {
  const target = await portal(() => ({
    ...{ state: 'taken', version: 'v1', missing: [] },
  }));
  try {
    const cwd = folderWith({
      'config.yaml': JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1' } }],
        users: [{ name: 'u', user: { exec: { command: 'touch' } } }],
      }),
    });
    const until = new AbortController();
    const run = runCaptured(
      [...NAMED, target.url, '--kubeconfig', 'config.yaml'],
      {
        ...{ cwd, env: { CALLGATE_TOKEN: 't' }, signal: until.signal },
        onStderr: text => {
          if (text.includes('a program (exec)'))
            setTimeout(() => until.abort(), 200);
        },
      },
    );
    const { code, stderr } = await run;
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('Callgate runs no programs that files name'),
    ]);
    expect(target.bodies.flatMap(({ problems }) => problems)).toContainEqual(
      expect.stringContaining('a program (exec)'),
    );
  } finally {
    await target.stop();
  }
});

it('reads the file of the token anew for each message', async () => {
  const stub = await ApiStub.start(CORE);
  const cwd = folderWith({ token: 'first' });
  const file = path.join(cwd, 'token');
  const stopped = new AbortController();
  const target = await portal(({ ends, files }) => {
    if (!ends && files) {
      writeFileSync(file, 'second');
      setImmediate(() => stopped.abort());
    }
    return { state: 'taken', version: 'v1', missing: [] };
  });
  try {
    const config = path.join(cwd, 'config.yaml');
    writeFileSync(
      config,
      JSON.stringify({
        'current-context': 'stub',
        contexts: [{ name: 'stub', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: stub.url } }],
        users: [{ name: 'u', user: { token: 'x' } }],
      }),
    );
    await runCaptured(
      [...NAMED, target.url, '--token-file', file, '--kubeconfig', config],
      { cwd, signal: stopped.signal },
    );
    expect(target.tokens.at(0)).toBe('Bearer first');
    expect(target.tokens.at(-1)).toBe('Bearer second');
  } finally {
    rmSync(file);
    await target.stop();
    await stub.stop();
  }
});
