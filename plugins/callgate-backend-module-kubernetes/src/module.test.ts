import { ApiStub, CORE, object } from '@callgate/cluster-reader/testUtils';
import type { BackendFeature } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  callgateEstateSourcesExtensionPoint,
  type EstateSource,
} from '@callgate/plugin-callgate-node';
import { setTimeout } from 'node:timers/promises';
import { testDatabases } from './__testUtils__/databases';
import module from './index';

jest.setTimeout(60_000);

function startWith(
  callgate: object,
  sources: EstateSource[] = [],
  features: BackendFeature[] = [],
) {
  return startTestBackend({
    extensionPoints: [
      [
        callgateEstateSourcesExtensionPoint,
        {
          addEstateSource: (...added: Array<EstateSource | EstateSource[]>) =>
            sources.push(...added.flat()),
        },
      ],
    ],
    features: [
      module,
      mockServices.rootConfig.factory({ data: { callgate } as never }),
      ...features,
    ],
  });
}

it('registers a source that reads the configured clusters, and ends with the backend', async () => {
  const stub = await ApiStub.start(CORE);
  try {
    stub.set('services', object('orders'));
    const sources: EstateSource[] = [];
    const backend = await startWith(
      { clusters: { prod: { url: stub.url, serviceAccountToken: 't' } } },
      sources,
    );
    expect(sources.map(({ id }) => id)).toEqual(['kubernetes']);
    while ((await sources[0].read()).problems.length > 0) await setTimeout(5);
    const { clusters } = await sources[0].read();
    expect(clusters[0].files.map(({ path }) => path)).toEqual([
      'prod/services/shop.yaml',
    ]);
    while (!stub.isWatched('services')) await setTimeout(5);
    await backend.stop();
    while (stub.isWatched('services')) await setTimeout(5);
  } finally {
    await stub.stop();
  }
});

describe('a backend that starts again', () => {
  const databases = testDatabases();
  it.each(databases.eachSupportedId())(
    'has at once what the last one read, from %p',
    async id => {
      const client = await databases.init(id);
      const database = mockServices.database.mock({
        getClient: async () => client,
      }).factory;
      const stub = await ApiStub.start(CORE);
      stub.set('services', object('orders'));
      const config = {
        clusters: { prod: { url: stub.url, serviceAccountToken: 't' } },
      };
      const sources: EstateSource[] = [];
      const first = await startWith(config, sources, [database]);
      while ((await sources[0].read()).problems.length > 0) await setTimeout(5);
      const { clusters } = await sources[0].read();
      while (!(await client('kubernetes_snapshots').first())?.manifest)
        await setTimeout(5);
      await first.stop();
      // It leaves the cluster to others.
      expect((await client('kubernetes_leases').first()).holder).toBeNull();
      await stub.stop();
      const second = await startWith(config, sources, [database]);
      const reading = await sources[1].read();
      expect(reading.clusters).toEqual(clusters);
      expect(reading.unread?.[0]).toMatchObject({
        cluster: 'prod',
        problem: expect.stringContaining('as it was less than a minute ago'),
      });
      await second.stop();
    },
  );
});

it('reads nothing and complains of nothing where no cluster is configured', async () => {
  const sources: EstateSource[] = [];
  const backend = await startWith(
    { estate: { manifests: [{ cluster: 'prod', path: 'estate' }] } },
    sources,
  );
  expect(await sources[0].read()).toEqual({ clusters: [], problems: [] });
  await backend.stop();
});

it('does not start with a name that is used twice', async () => {
  await expect(
    startWith({
      clusters: { prod: { inCluster: true } },
      estate: { manifests: [{ cluster: 'prod', path: 'estate' }] },
    }),
  ).rejects.toThrow(/prod is in callgate\.estate\.manifests/);
});
