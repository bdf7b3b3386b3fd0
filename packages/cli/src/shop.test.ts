import { resolve } from 'node:path';
import { claimsOf, outsideClaimsOf } from '@callgate/policy';
import { runCaptured } from './__fixtures__/runCaptured';
import { readCatalog } from './io/readCatalog';
import { readClusters } from './io/readClusters';
import { readPolicies } from './io/readPolicies';

/*
 * The demo company, as `npm start` opens it. Its generated files are committed
 * and have to be what the command line makes of its declarations:
 *
 *   npx callgate compile --out examples/shop/repository … (as below)
 */
const SHOP = resolve(__dirname, '../../../examples/shop');

const INPUT = [
  ...['--catalog', 'catalog', '--policies', 'repository/policies'],
  ...[
    '--estate',
    // What runs, and the policies that people wrote by hand.
    ...['prod-eu=estate/prod-eu', 'prod-eu=repository/clusters/prod-eu'],
    ...['staging=estate/staging', 'staging=repository/clusters/staging'],
  ],
  ...[
    '--profile',
    'prod-eu=repository/profiles/prod-eu.yaml',
    'staging=repository/profiles/staging.yaml',
  ],
];

interface Difference {
  cluster: string;
  from: string;
  to: string;
}

describe('the demo company', () => {
  it('has the generated files that its declarations compile to', async () => {
    const { code, json } = await runCaptured(
      ['compile', ...INPUT, '--out', 'repository', '--check'],
      { cwd: SHOP },
    );
    const { files, failedApis, held, findings } = json() as {
      files: { path: string; state: string }[];
      failedApis: { api: string; reason: string }[];
      held: { api: string }[];
      findings: {
        code: string;
        severity: string;
        message: string;
        api?: string;
      }[];
    };
    expect(files.filter(({ state }) => state !== 'unchanged')).toEqual([]);
    expect(files.length).toBeGreaterThan(5);

    // One mistake is planted, one caller's sidecar goes past the waypoint that would know methods, nothing would hold the
    // grant on the sorting machine, and at a host only identities count, of which one is shared, and the card acquirer is known
    // by its name only.
    expect(code).toBe(1);
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(error => [error.code, error.api])).toEqual([
      ['name-not-enforceable', 'api:default/card-acquirer'],
      ['method-not-enforceable', 'api:default/recommendations'],
      ['unknown-operation', 'api:default/shipping'],
      ['egress-open', 'api:default/sorting'],
      ['shared-identity-differs', 'api:default/warehouse'],
    ]);
    const shared = errors.find(each => each.code === 'shared-identity-differs');
    expect(
      errors.find(({ code: each }) => each === 'egress-open')?.message,
    ).toBe(
      'fulfilment/Deployment/label-service in prod-eu may call everything outside, so a grant on component:default/parcel-sorter would limit nothing',
    );
    // Both Deployments name the account; only Picking has a grant on the machine, where nothing but identities count.
    const [picking, labels] = ['picking', 'label-service'].map(
      name => `fulfilment/Deployment/${name}`,
    );
    expect(shared?.message).toBe(
      `${picking} and ${labels} run under fulfilment/picking, so that fulfilment/WorkloadEntry/wms-dock-1 cannot tell them apart: whatever ${picking} is granted there, ${labels} could do as well`,
    );
    // Each holds its own grant, and no API.
    expect(failedApis).toEqual([]);
    expect(held.map(({ api }) => api)).toEqual(errors.map(({ api }) => api));
  });

  it('enforces what it declares; only the hand-written policy that is too wide opens more', async () => {
    const { code, json, stderr } = await runCaptured(
      ['verify', ...INPUT, '--manifests', 'repository'],
      { cwd: SHOP },
    );
    const result = json() as {
      equal: boolean;
      guesses: string[];
      surplusForeign: (Difference & { by: string[] })[];
    };
    expect(result).toMatchObject({
      equal: true,
      missing: [],
      surplusOurs: [],
      guesses: [],
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^Not judged, because the grant has an error: .*orders-worker-books of api:default\/shipping/m,
    );
    expect(
      result.surplusForeign.map(({ cluster, from, to }) => [cluster, from, to]),
    ).toEqual([
      ['prod-eu', 'ops/Deployment/legacy-batch', 'ordering/Deployment/orders'],
      ['prod-eu', 'ops/Deployment/ops-console', 'ordering/Deployment/orders'],
    ]);
    expect(result.surplusForeign.map(({ by }) => by.join())).toEqual([
      expect.stringContaining('ordering/allow-ops'),
      expect.stringContaining('ordering/allow-ops'),
    ]);
  });

  it('has one hand-written policy that says more than it means, as lint finds', async () => {
    const { code, json } = await runCaptured(
      [
        'lint',
        '--world',
        ...INPUT.slice(INPUT.indexOf('--estate') + 1),
        '-o',
        'json',
      ],
      { cwd: SHOP },
    );
    const { findings } = json() as {
      findings: { code: string; objects: string[] }[];
    };
    expect(code).toBe(0);
    expect(findings.map(finding => [finding.code, finding.objects])).toEqual([
      ['or-instead-of-and', ['NetworkPolicy ordering/allow-ops']],
      [
        'shadowed-rule',
        [
          'AuthorizationPolicy ordering/allow-ops',
          'AuthorizationPolicy ordering/callgate-orders.orders',
        ],
      ],
    ]);
  });

  it('owns what its catalog says, but for one contested and one refused claim', () => {
    const { clusters } = readClusters({
      cwd: SHOP,
      option: '--estate',
      values: ['prod-eu=estate/prod-eu', 'staging=estate/staging'],
      profiles: [
        'prod-eu=repository/profiles/prod-eu.yaml',
        'staging=repository/profiles/staging.yaml',
      ],
      mesh: 'detect',
    });
    const input = {
      clusters,
      catalog: readCatalog(['catalog'], SHOP),
      policies: readPolicies(['repository/policies'], SHOP).policies,
    };
    const claims = claimsOf(input);
    expect(
      claims
        .filter(({ state }) => state !== 'holds')
        .map(({ entity, workload, state }) => [entity, workload, state]),
    ).toEqual([
      [
        'resource:default/stock-feed',
        'fulfilment/Deployment/inventory',
        'refused',
      ],
      [
        'resource:default/key-figures',
        'monitoring/StatefulSet/prometheus',
        'contested',
      ],
      [
        'resource:default/metrics',
        'monitoring/StatefulSet/prometheus',
        'contested',
      ],
    ]);
    // Nothing rests on there being no other claimant.
    expect(
      claims
        .filter(({ state, owner }) => state === 'holds' && !owner)
        .map(({ entity }) => entity),
    ).toEqual([]);
    expect(
      outsideClaimsOf(input).map(({ state, owner }) => [
        state,
        owner?.statedBy,
      ]),
    ).toEqual([
      ['holds', 'profile'],
      ['holds', 'profile'],
      ['holds', 'profile'],
    ]);
  });
});
