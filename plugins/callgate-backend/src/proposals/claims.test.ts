import { TestDatabases } from '@backstage/backend-test-utils';
import type { CatalogEntity } from '@callgate/policy';
import fs from 'node:fs';
import path from 'node:path';
import { AccessFacts } from '../access/views/AccessFacts';
import { ORDERS, ProposalBench } from './__testUtils__/ProposalBench';
import { smallCatalog, smallEstate } from './__testUtils__/smallCompany';

jest.setTimeout(60_000);

const VIEWS = 'api:default/order-views';
const VIEWS_COMPONENT = 'component:default/order-views';
const FILE = 'clusters/prod/shop/callgate-orders.yaml';

/** What another team registers: an API of their own, on the pods of orders. */
function views(): CatalogEntity[] {
  const owner = 'group:default/views-team';
  const relations = [{ type: 'ownedBy', targetRef: owner }];
  const definition = smallCatalog()[0].spec?.definition;
  return [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'API',
      metadata: { name: 'order-views', namespace: 'default' },
      spec: { type: 'openapi', lifecycle: 'production', owner, definition },
      relations,
    },
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'order-views',
        namespace: 'default',
        annotations: { 'backstage.io/kubernetes-id': 'orders' },
      },
      spec: {
        type: 'service',
        lifecycle: 'production',
        owner,
        // Orders as well: what is provided by strangers must not count.
        providesApis: ['order-views', 'orders'],
      },
      relations,
    },
  ];
}

describe('an API on the pods of another team', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  const read = () => bench.backend().snapshots.read({ fresh: true });

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    const shown = await bench.planner.preview(await read(), bench.draft());
    await bench.pushToMain(
      // A preview's grant has no id of its own yet.
      Object.fromEntries(
        shown.files.map(file => [
          file.path,
          file.after?.replace(/\bpreview\b/g, 'first'),
        ]),
      ),
    );
    bench.catalog = [...smallCatalog(), ...views()];
  });
  afterEach(() => bench.close());

  const state = async (owner: string) => {
    fs.writeFileSync(
      path.join(bench.root, 'estate/all.yaml'),
      smallEstate().replace(
        'labels: { istio-injection: enabled }',
        `labels: { istio-injection: enabled }, annotations: { callgate.dev/owner: '${owner}' }`,
      ),
    );
    await bench.estate.refresh();
  };
  const ask = async () =>
    bench.planner.preview(
      await read(),
      bench.draft({ api: VIEWS, caller: 'component:default/cart' }),
    );

  it('cannot be asked for where only what was approved says whose they are, and the file of the API there stays', async () => {
    const { sendable, findings, files } = await ask();
    expect(sendable).toBe(false);
    expect(findings.map(({ code }) => code)).toContain('binding-not-owned');
    expect(files.map(file => file.path)).not.toContain(FILE);
  });

  it('cannot be asked for where it is stated whose they are, and the other API goes on', async () => {
    await state('orders-team');
    const { sendable, findings, files } = await ask();
    expect(sendable).toBe(false);
    expect(findings.map(({ code }) => code)).toContain('binding-not-owned');
    expect(files.map(file => file.path)).not.toContain(FILE);

    const orders = await bench.planner.preview(
      await read(),
      bench.draft({ caller: 'component:default/cart' }),
    );
    expect(orders.sendable).toBe(true);
  });

  it('binds nothing in what the portal shows', async () => {
    await state('orders-team');
    const facts = AccessFacts.of(await read());
    expect(facts.workloadsOf(VIEWS_COMPONENT)).toEqual([]);
    expect(facts.entitiesOf('prod', 'shop/Deployment/orders')).toEqual([
      'component:default/orders',
    ]);
    expect(facts.providersOf(ORDERS)).toEqual(['component:default/orders']);
  });

  it('is decided by the owners of every API on the workload, where it is confirmed there, and takes no file away', async () => {
    bench.catalog = [
      ...smallCatalog().map(entity =>
        entity.kind === 'Component' && entity.metadata.name === 'orders'
          ? {
              ...entity,
              spec: { ...entity.spec, providesApis: ['orders', 'order-views'] },
            }
          : entity,
      ),
      views()[0],
    ];
    await bench.pushToMain({
      'policies/default/order-views.yaml': `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: order-views }
spec:
  owner: group:default/views-team
  api: ${VIEWS}
  mode: enforce
  providers: [component:default/orders]
  grants: []
`,
    });
    const preview = await ask();
    expect(preview.sendable).toBe(true);
    expect(preview.needs).toEqual([
      { kind: 'api-owner', api: VIEWS, count: 1, because: [] },
      {
        kind: 'api-owner',
        api: ORDERS,
        count: 1,
        because: [],
        sharesWorkload: true,
      },
    ]);
    const removed = preview.files.filter(({ status }) => status === 'removed');
    expect(removed).toEqual([]);
    expect(preview.files.map(file => file.path)).toContain(FILE);
  });
});
