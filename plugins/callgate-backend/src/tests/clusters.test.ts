import type {
  ClusterList,
  PlatformField,
} from '@callgate/plugin-callgate-common';
import { startShop, type RunningShop } from '../__testUtils__/startShop';

jest.setTimeout(180_000);

describe('what is known of the clusters', () => {
  let shop: RunningShop;

  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop?.stop());

  it('is shown to the platform team, for each cluster, with its places', async () => {
    const { body, status } = await shop.as('petra').get('/clusters');
    expect(status).toBe(200);
    const { clusters, source } = body as ClusterList;
    expect(clusters.map(({ cluster }) => cluster)).toEqual([
      'prod-eu',
      'staging',
    ]);
    expect(source.branch).toBe('main');
    const [{ fields, hasProfile, probes }] = clusters;
    const of = (name: string): PlatformField | undefined =>
      fields.find(({ field }) => field === name);
    expect(hasProfile).toBe(true);
    // The example's profile states it; ztunnel's DaemonSet is in its estate.
    expect(of('mesh.trustDomain')).toMatchObject({
      state: 'stated',
      value: '"prod-eu.shop.example"',
      stated: { file: 'profiles/prod-eu.yaml', line: 15 },
    });
    expect(of('mesh.ztunnelVersion')).toMatchObject({
      state: 'found',
      value: '"1.30.0"',
      found: [{ object: 'DaemonSet istio-system/ztunnel' }],
    });
    expect(of('mesh.ambientDryRun')).toMatchObject({
      state: 'guessed',
      lines: [{ below: 'spec.mesh', text: 'ambientDryRun: false' }],
    });
    // Its profile states it, and its Service is a load balancer that nothing keeps inside.
    expect(of('gateways')).toMatchObject({
      state: 'stated',
      found: expect.arrayContaining([
        expect.objectContaining({
          object: 'Gateway istio-ingress/shop-gateway',
          takesFrom: 'internet',
        }),
      ]),
    });
    // Recommendations alone are in ambient mode.
    expect(probes?.ways).toMatchObject([
      { way: 'node' },
      {
        way: 'address',
        workloads: 1,
        example: 'insight/Deployment/recommendations',
      },
    ]);
    expect(of('owners')?.value).toContain('group:default/orders-team');
  });
});
