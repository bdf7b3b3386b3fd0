import type { Json } from '@callgate/cluster-reader';
import {
  ApiStub,
  CORE,
  object,
  ownedBy,
  served,
} from '@callgate/cluster-reader/testUtils';
import { setTimeout } from 'node:timers/promises';
import type { ClusterConfig } from './config/ClusterConfig';
import { LiveEstateSource } from './LiveEstateSource';

jest.setTimeout(60_000);

/** A thousandth of what is waited for: a minute between two rounds of discovery is 60 ms. */
const soon = (ms: number, signal: AbortSignal) =>
  setTimeout(ms / 1000, undefined, { signal });

const stubs: ApiStub[] = [];
const sources: LiveEstateSource[] = [];
afterEach(async () => {
  sources.splice(0).forEach(source => source.stop());
  await Promise.all(stubs.splice(0).map(stub => stub.stop()));
});

async function stubOf(kinds = CORE): Promise<ApiStub> {
  const stub = await ApiStub.start(kinds);
  stubs.push(stub);
  return stub;
}

function clusterAt(url: string, more: Partial<ClusterConfig> = {}) {
  return {
    name: 'prod',
    credentials: {
      type: 'token' as const,
      url,
      token: 'secret-token',
      skipTLSVerify: false,
    },
    exclude: [],
    resyncMs: 3_600_000,
    ...more,
  };
}

function sourceOf(
  clusters: readonly ClusterConfig[],
  now?: () => number,
): LiveEstateSource {
  const source = new LiveEstateSource({
    configured: { clusters, agents: [], refused: [], notes: [] },
    random: () => 0.5,
    wait: soon,
    ...(now && { now }),
  });
  sources.push(source);
  source.start();
  return source;
}

/** Waits until it is so; the test's own limit ends it. */
async function until(isSo: () => unknown): Promise<void> {
  while (!(await isSo())) await setTimeout(5);
}

async function filesOf(source: LiveEstateSource, name = 'prod') {
  const { clusters } = await source.read();
  const files = clusters.find(each => each.name === name)?.files;
  return files && new Map(files.map(({ path, text }) => [path, text]));
}

const itemsIn = async (source: LiveEstateSource, path: string) => {
  const text = (await filesOf(source))?.get(path);
  return text === undefined
    ? []
    : (JSON.parse(text).items as (Json & { metadata: Json })[]);
};
const namesIn = async (source: LiveEstateSource, path: string) =>
  (await itemsIn(source, path)).map(({ metadata }) => metadata.name);

const isRead = (source: LiveEstateSource) => async () =>
  (await source.read()).problems.length === 0;

const POLICIES = 'prod/networkpolicies/shop.yaml';
const POLICY = object('orders', {
  spec: {
    podSelector: {},
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
  },
});

describe('what is read of a cluster', () => {
  it('keeps who may call as the server wrote it', async () => {
    const stub = await stubOf();
    stub.set('networkpolicies', POLICY);
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    // A client that calls `from` something else would leave `ingress: [{}]`: everybody.
    expect(await itemsIn(source, POLICIES)).toEqual([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'orders', namespace: 'shop' },
        spec: POLICY.spec,
      },
    ]);
    const changed = {
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
    };
    stub.set('networkpolicies', { ...POLICY, spec: changed });
    await until(
      async () =>
        (await itemsIn(source, POLICIES))[0]?.spec !== undefined &&
        JSON.stringify(await itemsIn(source, POLICIES)).includes('ipBlock'),
    );
    expect((await itemsIn(source, POLICIES))[0].spec).toEqual(changed);
  });

  it('asks with the token, never writes, and never asks for Secrets', async () => {
    const stub = await stubOf();
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    expect(stub.asked.every(each => each.startsWith('GET /api'))).toBe(true);
    expect(stub.asked.some(each => each.includes('pods'))).toBe(true);
    expect(stub.asked.filter(each => each.includes('secrets'))).toEqual([]);
    expect(
      stub.headers.every(
        ({ authorization }) => authorization === 'Bearer secret-token',
      ),
    ).toBe(true);
  });

  it('says that it is the first time until all kinds were read, and has no half of a cluster', async () => {
    const stub = await stubOf();
    stub.refuse('list pods', { status: 503, times: 3 });
    stub.set('services', object('orders'));
    const source = sourceOf([clusterAt(stub.url)]);
    expect(await source.read()).toEqual({
      clusters: [],
      problems: ['The cluster prod is being read for the first time.'],
      unread: [
        {
          cluster: 'prod',
          problem: 'The cluster prod is being read for the first time.',
        },
      ],
    });
    await until(async () => {
      const { clusters, problems } = await source.read();
      expect(clusters.length === 0).toBe(problems.length > 0);
      return problems.length === 0;
    });
    expect(await namesIn(source, 'prod/services/shop.yaml')).toEqual([
      'orders',
    ]);
  });

  it('reads lists in pages of 500, and folds pods meanwhile', async () => {
    const stub = await stubOf();
    for (let at = 0; at < 1201; at += 1)
      stub.set(
        'pods',
        object(`web-${String(at).padStart(4, '0')}`, {
          metadata: { labels: { app: 'web' }, ...ownedBy('ReplicaSet', 'web') },
          spec: { containers: [{ name: 'app' }] },
          status: { phase: 'Running' },
        }),
      );
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    const lists = stub.asked.filter(each => /\/pods\?.*limit/.test(each));
    expect(lists.map(each => /continue=(\d+)/.exec(each)?.[1])).toEqual([
      undefined,
      '500',
      '1000',
    ]);
    expect(await namesIn(source, 'prod/pods/shop.yaml')).toEqual([
      'web-0000',
      'web-0001',
    ]);
    await until(() => stub.isWatched('pods'));
    stub.remove('pods', object('web-0000'));
    await until(
      async () =>
        (await namesIn(source, 'prod/pods/shop.yaml'))[0] === 'web-0001',
    );
    expect(await namesIn(source, 'prod/pods/shop.yaml')).toEqual([
      'web-0001',
      'web-0002',
    ]);
  });

  it('begins a list anew whose pages have expired, and reads it in one piece when that goes on', async () => {
    const stub = await stubOf();
    for (let at = 0; at < 501; at += 1) stub.set('services', object(`s-${at}`));
    stub.refuse('continue services', { status: 410, message: 'Expired' });
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    expect(await namesIn(source, 'prod/services/shop.yaml')).toHaveLength(501);
    const lists = stub.asked.filter(
      each => /\/services/.test(each) && !each.includes('watch'),
    );
    expect(lists.map(each => each.replace('GET /api/v1/services', ''))).toEqual(
      [
        '?limit=500',
        '?limit=500&continue=500',
        '?limit=500',
        '?limit=500&continue=500',
        '',
      ],
    );
  });

  it('goes on from the last version when a watch ends, also that of a bookmark', async () => {
    const stub = await stubOf();
    stub.set('services', object('orders'));
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    await until(() => stub.isWatched('services'));
    stub.bookmark('services', '777');
    await setTimeout(20);
    stub.endWatches('services');
    const watches = () =>
      stub.asked.filter(each => /\/services\?.*watch=true/.test(each));
    await until(() => watches().length === 2);
    expect(watches()[1]).toContain('resourceVersion=777');
    expect(watches()[1]).toContain('allowWatchBookmarks=true');
    expect(
      stub.asked.filter(each => each.includes('/services?limit')),
    ).toHaveLength(1);
    await until(() => stub.isWatched('services'));
    stub.set('services', object('web'));
    await until(async () =>
      (await namesIn(source, 'prod/services/shop.yaml')).includes('web'),
    );
  });

  it.each([
    ['an event says 410', (stub: ApiStub) => stub.expireWatches('services')],
    [
      'the watch is refused with 410',
      (stub: ApiStub) => {
        stub.refuse('watch services', { status: 410, times: 1 });
        stub.endWatches('services');
      },
    ],
    [
      'the line breaks, behind which another server may be',
      (stub: ApiStub) => stub.breakWatches('services'),
    ],
  ])('lists again where %s, and forgets what is gone', async (_, happens) => {
    const stub = await stubOf();
    stub.set('services', object('orders'));
    stub.set('services', object('web'));
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    await until(() => stub.isWatched('services'));
    stub.forget('services', object('web'));
    happens(stub);
    await until(
      async () =>
        !(await namesIn(source, 'prod/services/shop.yaml')).includes('web'),
    );
    expect(await source.read()).toMatchObject({ problems: [] });
  });

  // eslint-disable-next-line jest/expect-expect -- it waits for what it expects
  it('lists everything again after the time that is configured', async () => {
    let clock = 0;
    const stub = await stubOf();
    stub.set('services', object('web'));
    const source = sourceOf([clusterAt(stub.url)], () => clock);
    await until(isRead(source));
    await until(() => stub.isWatched('services'));
    stub.forget('services', object('web'));
    clock = 3_600_000;
    stub.bookmark('services', '99');
    stub.endWatches('services');
    await until(
      async () => !(await filesOf(source))?.has('prod/services/shop.yaml'),
    );
  });

  it('notices kinds that come and go', async () => {
    const stub = await stubOf();
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    const before = stub.kinds;
    stub.set('authorizationpolicies', object('deny', { spec: {} }));
    stub.kinds = [
      ...before,
      served(
        'security.istio.io',
        'v1',
        'authorizationpolicies',
        'AuthorizationPolicy',
      ),
    ];
    const path = 'prod/authorizationpolicies.security.istio.io/shop.yaml';
    await until(async () => (await namesIn(source, path))[0] === 'deny');
    stub.kinds = before;
    await until(async () => !(await filesOf(source))?.has(path));
    expect(await source.read()).toMatchObject({ problems: [] });
  });

  it('has what it had while it reads a kind that has just come', async () => {
    const stub = await stubOf();
    stub.set('services', object('orders'));
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    const before = await filesOf(source);
    stub.refuse('list authorizationpolicies', { status: 503, times: 3 });
    stub.set('authorizationpolicies', object('deny', { spec: {} }));
    stub.kinds = [
      ...stub.kinds,
      served(
        'security.istio.io',
        'v1',
        'authorizationpolicies',
        'AuthorizationPolicy',
      ),
    ];
    const path = 'prod/authorizationpolicies.security.istio.io/shop.yaml';
    let said = false;
    await until(async () => {
      const files = await filesOf(source);
      if (files?.has(path)) return true;
      expect(files).toEqual(before);
      said ||= (await source.read()).problems.length > 0;
      return false;
    });
    expect(said).toBe(true);
    await until(isRead(source));
  });

  it('asks old servers group by group, and takes the version that they prefer', async () => {
    const stub = await stubOf([
      ...CORE,
      served(
        'security.istio.io',
        'v1',
        'peerauthentications',
        'PeerAuthentication',
      ),
      served(
        'security.istio.io',
        'v1beta1',
        'peerauthentications',
        'PeerAuthentication',
      ),
      served('example.com', 'v1', 'widgets', 'Widget'),
    ]);
    stub.isOld = true;
    stub.set('peerauthentications', object('default'));
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    const [found] = await itemsIn(
      source,
      'prod/peerauthentications.security.istio.io/shop.yaml',
    );
    expect(found.apiVersion).toBe('security.istio.io/v1');
    expect(stub.asked.filter(each => each.includes('example.com'))).toEqual([]);
  });

  it('reads the mesh ConfigMap alone, and only where there is a mesh', async () => {
    const configMaps = served('', 'v1', 'configmaps', 'ConfigMap');
    const stub = await stubOf([...CORE, configMaps]);
    const without = sourceOf([clusterAt(stub.url)]);
    await until(isRead(without));
    expect(stub.asked.filter(each => each.includes('configmaps'))).toEqual([]);
    stub.kinds = [
      ...stub.kinds,
      served('networking.istio.io', 'v1', 'sidecars', 'Sidecar'),
    ];
    stub.set(
      'configmaps',
      object(
        'istio',
        { data: { mesh: 'trustDomain: td', other: 'x' } },
        'istio-system',
      ),
    );
    const path = 'prod/configmaps/istio-system.yaml';
    await until(async () => (await itemsIn(without, path)).length === 1);
    expect((await itemsIn(without, path))[0].data).toEqual({
      mesh: 'trustDomain: td',
    });
    expect(
      stub.asked
        .filter(each => each.includes('configmaps'))
        .every(each =>
          each.startsWith(
            'GET /api/v1/namespaces/istio-system/configmaps?fieldSelector=metadata.name%3Distio',
          ),
        ),
    ).toBe(true);
  });

  it('keeps nothing of namespaces that are left out but the namespace itself', async () => {
    const stub = await stubOf();
    stub.set('namespaces', object('play', {}, ''));
    stub.set('services', object('web', {}, 'play'));
    stub.set('services', object('orders'));
    const source = sourceOf([clusterAt(stub.url, { exclude: ['play'] })]);
    await until(isRead(source));
    await until(() => stub.isWatched('services'));
    stub.set('services', object('late', {}, 'play'));
    stub.set('services', object('last'));
    await until(async () =>
      (await namesIn(source, 'prod/services/shop.yaml')).includes('last'),
    );
    expect([...(await filesOf(source))!.keys()]).toEqual([
      'prod/namespaces.yaml',
      'prod/services/shop.yaml',
    ]);
  });

  it('takes large, odd and foreign objects as they are', async () => {
    const stub = await stubOf();
    const labels = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [`l-${at}`, 'x']),
    );
    const text = 'ü'.repeat(500_000);
    stub.set(
      'pods',
      object('many', {
        metadata: { labels },
        spec: { containers: [{ name: 'app' }], somethingNew: {} },
      }),
    );
    stub.set('services', object('注文', { spec: { note: text } }, 'магазин'));
    stub.set(
      'services',
      JSON.parse(
        '{"metadata":{"name":"odd","namespace":"shop","labels":{"__proto__":"x"}},"spec":{"__proto__":{"a":1}}}',
      ),
    );
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    const [pod] = await itemsIn(source, 'prod/pods/shop.yaml');
    expect(pod.metadata.labels).toEqual(labels);
    const [large] = await itemsIn(source, 'prod/services/магазин.yaml');
    expect(large.spec).toEqual({ note: text });
    expect((await filesOf(source))!.get('prod/services/shop.yaml')).toContain(
      '"labels":{"__proto__":"x"}',
    );
    await until(() => stub.isWatched('services'));
    stub.set(
      'services',
      object('注文', { spec: { note: `${text}!` } }, 'магазин'),
    );
    await until(async () =>
      JSON.stringify(
        await itemsIn(source, 'prod/services/магазин.yaml'),
      ).includes('ü!'),
    );
  });

  it('gives out the same file for what did not change', async () => {
    const stub = await stubOf();
    stub.set('services', object('orders'));
    stub.set('networkpolicies', POLICY);
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    await until(() => stub.isWatched('services'));
    const fileOf = async (path: string) =>
      (await source.read()).clusters[0].files.find(each => each.path === path);
    const before = await fileOf(POLICIES);
    stub.set('services', object('web'));
    await until(
      async () =>
        (await namesIn(source, 'prod/services/shop.yaml')).length === 2,
    );
    expect(await fileOf(POLICIES)).toBe(before);
  });

  it('calls back for a change, and not for what says the same', async () => {
    const stub = await stubOf();
    stub.set('services', object('orders'));
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    await until(() => stub.isWatched('services'));
    let calls = 0;
    source.onChange(() => (calls += 1));
    stub.set(
      'services',
      object('orders', {
        metadata: { managedFields: [{}] },
        status: { conditions: [{}] },
      }),
    );
    await setTimeout(30);
    expect(calls).toBe(0);
    stub.set('services', object('orders', { spec: { ports: [{ port: 80 }] } }));
    await until(() => calls > 0);
    expect(calls).toBe(1);
  });
});

describe('what cannot be read of a cluster', () => {
  it('names every right that is missing, and has the rest', async () => {
    const stub = await stubOf();
    stub.set('services', object('orders'));
    stub.refuse('list pods', { status: 403 });
    stub.refuse('watch networkpolicies', { status: 403 });
    const source = sourceOf([clusterAt(stub.url)]);
    await until(
      async () =>
        /watch networkpolicies/.test((await source.read()).problems.join()) &&
        (await filesOf(source)),
    );
    const problem =
      'The cluster prod does not let Callgate list pods (apiGroup "" (core)), watch networkpolicies (apiGroup networking.k8s.io). Give its account the verbs get, list and watch there, as deploy/rbac.yaml does.';
    expect(await source.read()).toMatchObject({
      problems: [problem],
      unread: [{ cluster: 'prod', problem }],
    });
    expect(await namesIn(source, 'prod/services/shop.yaml')).toEqual([
      'orders',
    ]);
    stub.admit('list pods');
    stub.admit('watch networkpolicies');
    await until(isRead(source));
  });

  it('keeps what it has when a right is taken away', async () => {
    const stub = await stubOf();
    stub.set('services', object('orders'));
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    await until(() => stub.isWatched('services'));
    for (const verb of ['list', 'watch'])
      stub.refuse(`${verb} services`, { status: 403 });
    stub.endWatches('services');
    await until(async () => (await source.read()).problems.length > 0);
    expect((await source.read()).problems[0]).toMatch(
      /list services|watch services/,
    );
    expect(await namesIn(source, 'prod/services/shop.yaml')).toEqual([
      'orders',
    ]);
  });

  it('says of a token that is not known what to do, without the token', async () => {
    const stub = await stubOf();
    stub.refuse('all', { status: 401, message: 'secret-token is wrong' });
    stub.refuse('discover', { status: 401, message: 'secret-token is wrong' });
    const source = sourceOf([clusterAt(stub.url)]);
    await until(
      async () => !(await source.read()).problems[0].includes('first time'),
    );
    expect(await source.read()).toEqual({
      clusters: [],
      problems: [
        'The cluster prod cannot be read: it does not know the token or certificate (401). Make a new token for the service account, or mend the kubeconfig.',
      ],
      unread: [{ cluster: 'prod', problem: expect.any(String) }],
    });
  });

  it('reads another cluster where one cannot be reached', async () => {
    const stub = await stubOf();
    const gone = await stubOf();
    await gone.stop();
    stubs.pop();
    const source = sourceOf([
      clusterAt('http://127.0.0.1:1', { name: 'gone' }),
      clusterAt(stub.url),
    ]);
    stub.set('services', object('orders'));
    await until(
      async () =>
        (await namesIn(source, 'prod/services/shop.yaml'))[0] === 'orders' &&
        /reached/.test((await source.read()).problems[0]),
    );
    const { problems, unread } = await source.read();
    expect(problems).toEqual([
      'The cluster gone cannot be read: its API server cannot be reached (ECONNREFUSED). What was read before stays as it was.',
    ]);
    expect(unread).toEqual([{ cluster: 'gone', problem: problems[0] }]);
  });

  it('takes a restart for none, and says so when it lasts', async () => {
    let clock = 0;
    const stub = await stubOf();
    stub.set('services', object('orders'));
    const source = sourceOf([clusterAt(stub.url)], () => clock);
    await until(isRead(source));
    await until(() => stub.isWatched('services'));
    await stub.restart(async () => {
      await setTimeout(30);
      expect((await source.read()).problems).toEqual([]);
      clock = 61_000;
      // A line that was just broken says ECONNRESET first.
      await until(
        async () =>
          (await source.read()).problems.join() ===
          'The cluster prod cannot be read: its API server cannot be reached (ECONNREFUSED). What was read before stays as it was.',
      );
      expect(await namesIn(source, 'prod/services/shop.yaml')).toEqual([
        'orders',
      ]);
    });
    await until(isRead(source));
    await until(() => stub.isWatched('services'));
    stub.set('services', object('web'));
    await until(
      async () =>
        (await namesIn(source, 'prod/services/shop.yaml')).length === 2,
    );
  });

  it.each([[false], [true]])(
    'does not take a group for gone whose server does not answer (old: %s)',
    async isOld => {
      const calico = served(
        'projectcalico.org',
        'v3',
        'globalnetworkpolicies',
        'GlobalNetworkPolicy',
        false,
      );
      const stub = await stubOf([...CORE, calico]);
      stub.isOld = isOld;
      stub.set('globalnetworkpolicies', object('deny', { spec: {} }, ''));
      const source = sourceOf([clusterAt(stub.url)]);
      await until(isRead(source));
      stub.stale.add('projectcalico.org');
      await until(async () => (await source.read()).problems.length > 0);
      expect((await source.read()).problems).toEqual([
        'The cluster prod serves the group projectcalico.org and cannot say what it has of it: the API service behind it does not answer (kubectl get apiservices).',
      ]);
      expect(
        await namesIn(
          source,
          'prod/globalnetworkpolicies.projectcalico.org.yaml',
        ),
      ).toEqual(['deny']);
    },
  );

  it('does not believe a server that has no pods to serve', async () => {
    const stub = await stubOf();
    stub.set('services', object('orders'));
    const source = sourceOf([clusterAt(stub.url)]);
    await until(isRead(source));
    const asked = stub.asked.length;
    stub.kinds = [served('', 'v1', 'services', 'Service')];
    await until(
      () =>
        stub.asked.slice(asked).filter(each => each === 'GET /apis').length > 2,
    );
    expect(await namesIn(source, 'prod/services/shop.yaml')).toEqual([
      'orders',
    ]);
  });
});
