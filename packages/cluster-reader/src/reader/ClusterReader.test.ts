import { setTimeout } from 'node:timers/promises';
import { ApiStub } from '../testUtils/ApiStub';
import { CORE, object, served } from '../testUtils/objects';
import { connectTo } from '../api/connectTo';
import { KubeApi } from '../api/KubeApi';
import type { ServedKind } from '../api/discover';
import { refuseText } from '../agent/refuseFile';
import { ClusterReader } from './ClusterReader';
import { Gate } from './Gate';
import type { Json } from '../json';

jest.setTimeout(60_000);

async function until(isSo: () => unknown): Promise<void> {
  while (!(await isSo())) await setTimeout(5);
}

it('says when all that it has was last known to be what the cluster has', async () => {
  const stub = await ApiStub.start(CORE);
  const stop = new AbortController();
  let time = 1_000_000;
  const now = () => time;
  try {
    stub.set('services', object('orders'));
    const api = new KubeApi(
      connectTo(
        { type: 'token', url: stub.url, token: 't', skipTLSVerify: false },
        now,
      ),
    );
    const reader = new ClusterReader(
      { name: 'prod', exclude: [], resyncMs: Infinity, onChange: () => {} },
      {
        api,
        lists: new Gate(4),
        now,
        random: () => 0.5,
        // A thousandth of what is waited for.
        wait: (ms, signal) => setTimeout(ms / 1000, undefined, { signal }),
      },
    );
    expect(reader.state()).toEqual({ problems: [] });
    void reader.run(stop.signal);
    await until(() => reader.state().files);
    await until(() => stub.isWatched('services'));
    stub.set('services', object('payments'));
    // The reader has heard of it, so that its watch is open on its side too.
    await until(() => JSON.stringify(reader.state()).includes('payments'));
    // A watch would have said what is different.
    time = 2_000_000;
    expect(reader.state()).toMatchObject({ problems: [], asOf: 2_000_000 });
    stub.refuse('list services', { status: 503 });
    stub.breakWatches('services');
    await until(() => reader.state().problems.length > 0);
    // Of services nothing was heard since; pods are watched.
    expect(reader.state()).toMatchObject({
      files: expect.anything(),
      problems: [expect.stringContaining('cannot be read')],
      asOf: 1_000_000,
    });
    stub.admit('list services');
    await until(() => reader.state().problems.length === 0);
    expect(reader.state().asOf).toBe(2_000_000);
  } finally {
    stop.abort();
    await stub.stop();
  }
});

describe('what one team makes in its namespace', () => {
  const CILIUM: ServedKind = served(
    'cilium.io',
    'v2',
    'ciliumnetworkpolicies',
    'CiliumNetworkPolicy',
  );
  /** API servers take what is nested up to 10,000 levels (sigs.k8s.io/json), where a definition keeps fields that it does not know. */
  const nested = (levels: number) => {
    let value: Json = {};
    for (let level = 1; level < levels; level += 1) value = { a: value };
    return value;
  };
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  async function read(fill: (stub: ApiStub) => void, most?: number) {
    const stub = await ApiStub.start([...CORE, CILIUM]);
    ends.push(() => stub.stop());
    fill(stub);
    const reader = new ClusterReader(
      { name: 'prod', exclude: [], resyncMs: Infinity, onChange: () => {} },
      {
        api: new KubeApi(
          connectTo({
            ...{ type: 'token', url: stub.url, token: 't' },
            skipTLSVerify: false,
          }),
          most,
        ),
        ...{ lists: new Gate(4), now: Date.now, random: () => 0.5 },
        wait: (ms, signal) => setTimeout(ms / 1000, undefined, { signal }),
      },
    );
    const stop = new AbortController();
    ends.unshift(() => stop.abort());
    void reader.run(stop.signal);
    await until(() => reader.state().files);
    return { stub, reader };
  }
  const textOf = (reader: ClusterReader, path: string) =>
    reader.state().files!.find(file => file.path === path)!.text;
  const AT = 'prod/ciliumnetworkpolicies.cilium.io/shop.yaml';

  it('is left out alone where it is nested too deep, when it is listed and when it is watched', async () => {
    const { stub, reader } = await read(each => {
      each.set('ciliumnetworkpolicies', object('flat', { spec: nested(20) }));
      each.set('ciliumnetworkpolicies', object('deep', { spec: nested(3000) }));
      each.set('services', object('orders', {}, 'other'));
    });
    expect(textOf(reader, 'prod/services/other.yaml')).toContain('orders');
    expect(textOf(reader, AT)).toContain('"name":"flat"');
    expect(textOf(reader, AT)).toContain(
      '{"apiVersion":"callgate.dev/v1alpha1","kind":"NotRead","metadata":{"name":"ciliumnetworkpolicies.cilium.io","namespace":"shop"},"spec":{"leftOut":[{"count":1,"names":["deep"],"reason":"too-deep"}]}}',
    );
    // One namespace stops no other: a problem would be about the whole cluster.
    expect(reader.state().problems).toEqual([]);
    expect(reader.state().leftOut).toEqual([
      'Left out of the cluster prod: ciliumnetworkpolicies.cilium.io of the namespace shop (deep). They are nested more than 100 levels: make them flatter. Until then what they say is not known, and nothing is generated for the namespace shop; everything else goes on.',
    ]);
    await until(() => stub.isWatched('ciliumnetworkpolicies'));
    stub.set('ciliumnetworkpolicies', object('late', { spec: nested(3000) }));
    await until(() => textOf(reader, AT).includes('"deep","late"'));
    stub.remove('ciliumnetworkpolicies', object('deep'));
    stub.set('ciliumnetworkpolicies', object('late', { spec: nested(20) }));
    await until(() => !textOf(reader, AT).includes('NotRead'));
    expect(reader.state()).not.toHaveProperty('leftOut');
  });

  it('is kept up to 100 levels of an object, and not one more', async () => {
    const { reader } = await read(each => {
      // The object itself is one, and what is in its spec the others.
      each.set('ciliumnetworkpolicies', object('fits', { spec: nested(99) }));
      each.set('ciliumnetworkpolicies', object('deep', { spec: nested(100) }));
    });
    const text = textOf(reader, AT);
    expect(text).toContain('"name":"fits"');
    expect(text).toContain('"names":["deep"],"reason":"too-deep"');
  });

  it('is read in smaller pages where one is more than an answer may have', async () => {
    const most = 40 * 1024;
    const { stub, reader } = await read(each => {
      for (let index = 0; index < 60; index += 1)
        each.set(
          'services',
          object(`large-${index}`, { spec: { externalName: 'x'.repeat(900) } }),
        );
    }, most);
    expect(reader.state().problems).toEqual([]);
    const lines = textOf(reader, 'prod/services/shop.yaml').match(/"large-/g);
    expect(lines).toHaveLength(60);
    const limits = stub.asked
      .filter(each => /\/services\?(?!.*watch)/.test(each))
      .map(each => /limit=(\d+)/.exec(each)?.[1]);
    expect([...new Set(limits)]).toEqual(['500', '50', '5']);
  });

  it('is the text of the same object, whatever its keys and values are', async () => {
    const odd = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":1,"\\u0000":"\\u0000\\ud800","9007199254740993":9007199254740993,"b":1e400,"a":-0}',
    );
    const labels = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`label-${index}`, 'x']),
    );
    const { reader } = await read(each => {
      each.set(
        'ciliumnetworkpolicies',
        object('odd', { metadata: { labels }, spec: odd }),
      );
    });
    expect(refuseText('prod', AT, textOf(reader, AT))).toBeUndefined();
    expect(textOf(reader, AT)).toContain('"__proto__":{"polluted":true}');
  });
});
