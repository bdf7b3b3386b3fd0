import { compileShop, shopCatalog, shopCluster } from '../__fixtures__/shop';
import type { CatalogEntity } from '../model/types';
import { compile } from '../compile/compile';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import { endsToConfirm, endsToPin } from './endsToPin';
import { plan as planAll } from './plan';

const API = 'api:default/orders';
const ORDERS = 'prod:shop/sa/orders';

const policy = (ends: string, caller = 'component:default/cart') =>
  `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/shop-team
  api: ${API}
  mode: enforce
  grants:
    - id: cart-places
      caller: ${caller}
      operations: [{ id: createOrder }]
${ends}`;

const pinned = `      ends: { caller: ['prod:shop/sa/cart'], provider: ['${ORDERS}'] }\n`;

/** The catalog, in which an entity has other annotations or another spec than it had. */
const changed = (
  name: string,
  annotations: Record<string, string>,
  spec: Record<string, unknown> = {},
): CatalogEntity[] =>
  shopCatalog().map(entity =>
    entity.metadata.name === name
      ? {
          ...entity,
          metadata: { ...entity.metadata, annotations },
          spec: { ...entity.spec, ...spec },
        }
      : entity,
  );

const widened = changed('cart', {
  'backstage.io/kubernetes-label-selector': 'app in (cart, stock, checkout)',
  'backstage.io/kubernetes-namespace': 'shop',
});

const callers = (compilation: ReturnType<typeof compileShop>) =>
  compilation.plan.edges.map(({ from }) => from.id);

describe('the ends that an approval pins', () => {
  it('are those of now in its clusters when they are confirmed, and of a confirmed provider only what it adds', () => {
    const text = policy(pinned);
    const parsed = parseAccessPolicy({ path: 'orders.yaml', text }).policy!;
    const [grant] = parsed.spec.grants;
    const input = { file: 'orders.yaml', policy: parsed };
    const { ends: _, ...loose } = grant;
    const spec = { ...parsed.spec, grants: [loose] };
    const planned = planAll({
      policies: [{ ...input, policy: { ...parsed, spec } }],
      declared: [input],
      catalog: widened,
      clusters: [shopCluster()],
    });
    const asked = { ...grant, api: API };
    expect(endsToConfirm(planned, [shopCluster()], asked)).toEqual({
      caller: ['cart', 'checkout', 'stock'].map(name => `prod:shop/sa/${name}`),
      provider: [ORDERS],
    });
    expect(
      endsToConfirm(
        planned,
        [shopCluster()],
        { ...asked, ends: { caller: ['prod:shop/sa/cart'], provider: [] } },
        { provider: 'component:default/orders' },
      ),
    ).toEqual({ caller: ['prod:shop/sa/cart'], provider: [ORDERS] });
    const stock = { cluster: 'prod', end: 'shop/Deployment/stock' };
    expect(
      endsToConfirm(planned, [shopCluster()], asked, {
        except: [{ side: 'caller', ...stock }],
      })?.caller,
    ).toEqual(['prod:shop/sa/cart', 'prod:shop/sa/checkout']);
  });

  it('open nothing for workloads that a caller’s selector takes in later', () => {
    const compilation = compileShop(
      [policy(pinned)],
      shopCluster(),
      [],
      widened,
    );
    expect(callers(compilation)).toEqual(['shop/Deployment/cart']);
    expect(compilation.plan.unconfirmed).toEqual(
      ['checkout', 'stock'].map(name => ({
        api: API,
        policy: 'accesspolicy:default/orders',
        grantId: 'cart-places',
        caller: 'component:default/cart',
        side: 'caller',
        entity: 'component:default/cart',
        cluster: 'prod',
        end: `shop/Deployment/${name}`,
      })),
    );
    const found = compilation.findings.filter(
      ({ code }) => code === 'end-not-approved',
    );
    expect(found.map(({ severity, grantId }) => [severity, grantId])).toEqual([
      ['warning', 'cart-places'],
      ['warning', 'cart-places'],
    ]);
    expect(compilation.files).toEqual(compileShop([policy(pinned)]).files);
  });

  it('hold on the provider’s side as well', () => {
    const everything = changed('orders', {
      'backstage.io/kubernetes-label-selector': 'app in (orders, stock)',
      'backstage.io/kubernetes-namespace': 'shop',
    });
    const { plan } = compileShop(
      [policy(pinned)],
      shopCluster(),
      [],
      everything.filter(({ metadata }) => metadata.name !== 'stock'),
    );
    expect(plan.edges.map(({ to }) => to.id)).toEqual([
      'shop/Deployment/orders',
    ]);
    expect(plan.unconfirmed).toMatchObject([
      { side: 'provider', end: 'shop/Deployment/stock' },
    ]);
    expect(plan.isolations.map(({ workload }) => workload.id)).toEqual([
      'shop/Deployment/orders',
    ]);
  });

  it('need nothing where a workload is renamed under its account', () => {
    const renamed = shopCluster(`apiVersion: apps/v1
kind: Deployment
metadata: { name: cart-v2, namespace: shop }
spec:
  selector: { matchLabels: { app: cart-v2 } }
  template:
    metadata: { labels: { app: cart-v2, backstage.io/kubernetes-id: cart } }
    spec: { serviceAccountName: cart, containers: [{ name: app }] }
`);
    const { plan } = compileShop([policy(pinned)], renamed);
    expect(plan.edges.map(({ from }) => from.id)).toContain(
      'shop/Deployment/cart-v2',
    );
    expect(plan.unconfirmed).toEqual([]);
  });

  it('are told apart by labels where an account is shared', () => {
    const shared = `      ends: { caller: ['prod:shop/sa/cart?app=cart'], provider: ['${ORDERS}'] }\n`;
    const other = shopCluster(`apiVersion: apps/v1
kind: Deployment
metadata: { name: batch, namespace: shop }
spec:
  selector: { matchLabels: { app: batch } }
  template:
    metadata: { labels: { app: batch, backstage.io/kubernetes-id: cart } }
    spec: { serviceAccountName: cart, containers: [{ name: app }] }
`);
    const { plan } = compileShop([policy(shared)], other);
    expect(plan.edges.map(({ from }) => from.id)).toEqual([
      'shop/Deployment/cart',
    ]);
    expect(plan.unconfirmed).toMatchObject([{ end: 'shop/Deployment/batch' }]);
  });

  it('are the members of a set, so that a new member gets nothing unless the grant lets members follow', () => {
    const caller = 'system:default/buying';
    const system = withSystem(['cart', 'checkout']);
    const asks = compileShop(
      [policy(pinned, caller)],
      shopCluster(),
      [],
      system,
    );
    expect(callers(asks)).toEqual(['shop/Deployment/cart']);
    expect(asks.plan.unconfirmed).toMatchObject([
      { entity: 'component:default/checkout' },
    ]);
    const follows = compileShop(
      [policy(`      members: follow\n${pinned}`, caller)],
      shopCluster(),
      [],
      system,
    );
    expect(callers(follows)).toEqual([
      'shop/Deployment/cart',
      'shop/Deployment/checkout',
    ]);
    expect(follows.plan.unconfirmed).toEqual([]);
  });

  it('hold addresses to the blocks that were approved', () => {
    const caller = (addresses: string): CatalogEntity[] => [
      ...shopCatalog(),
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Resource',
        metadata: {
          name: 'till',
          annotations: { 'callgate.dev/addresses': addresses },
        },
        spec: { type: 'host', owner: 'group:default/shop-team' },
      },
    ];
    const text = policy(
      `      acknowledges: [identity-not-enforced, method-not-enforced]
      ends: { caller: ['cidr:203.0.113.7/32'], provider: ['${ORDERS}'] }\n`,
      'resource:default/till',
    );
    const as = (addresses: string) =>
      compileShop([text], shopCluster(), [], caller(addresses)).plan;
    expect(as('203.0.113.7').unconfirmed).toEqual([]);
    const wider = as('128.0.0.0/1');
    expect(wider.edges).toEqual([]);
    expect(wider.unconfirmed).toMatchObject([
      { side: 'caller', entity: 'resource:default/till' },
    ]);
  });

  it('hold where a grant names no cluster and the pair runs in another one meanwhile', () => {
    const prod = shopCluster();
    const staging = {
      ...prod,
      name: 'staging',
      workloads: prod.workloads.map(each => ({ ...each, cluster: 'staging' })),
      services: prod.services.map(each => ({ ...each, cluster: 'staging' })),
    };
    const file = { path: 'p.yaml', text: policy(pinned) };
    const { plan, held } = compile({
      policies: [{ policy: parseAccessPolicy(file).policy!, file: file.path }],
      catalog: shopCatalog(),
      clusters: [prod, staging],
    });
    expect(held).toEqual([]);
    expect(plan.edges.map(({ cluster }) => cluster)).toEqual(['prod']);
  });

  it('are written from what a grant has when it is approved', () => {
    const { plan } = compileShop([policy('')]);
    expect(
      endsToPin(plan, [shopCluster()], { api: API, id: 'cart-places' }),
    ).toEqual({ caller: ['prod:shop/sa/cart'], provider: [ORDERS] });
    expect(
      endsToPin(plan, [shopCluster()], {
        api: API,
        id: 'cart-places',
        members: 'follow',
      }),
    ).toEqual({ caller: [], provider: [ORDERS] });
    expect(
      endsToPin(plan, [shopCluster()], { api: API, id: 'nobody' }),
    ).toBeUndefined();
  });
});

/** The catalog, in which components are part of the system `buying`. */
function withSystem(members: string[]): CatalogEntity[] {
  return [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'System',
      metadata: { name: 'buying' },
      spec: { owner: 'group:default/shop-team' },
    },
    ...shopCatalog().map(entity =>
      members.includes(entity.metadata.name)
        ? { ...entity, spec: { ...entity.spec, system: 'buying' } }
        : entity,
    ),
  ];
}
