import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import type { Cluster } from '../estate/types';
import { buildCluster } from '../estate/buildCluster';
import { meaning } from '../meaning/meaning';
import { clustersOf } from '../meaning/worldOf';
import type { CatalogEntity } from '../model/types';
import { prove } from '../proof/prove';
import { describeRequests } from '../verify/describeRequests';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { verify } from '../verify/verify';
import type { Compilation } from './types';

const API = 'api:default/orders';
const CREATE = 'TCP 8080: POST /orders';
const CART = policyText('orders', ['cart: createOrder', 'stock: getOrder']);
const WITH_CHECKOUT = policyText('orders', [
  'cart: createOrder',
  'stock: getOrder',
  'checkout: listOrders',
]);

const newPods = (account: string) => `apiVersion: v1
kind: ServiceAccount
metadata: { name: orders-v2, namespace: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders-v2, namespace: shop }
spec:
  selector: { matchLabels: { app: orders-v2 } }
  template:
    metadata: { labels: { app: orders-v2, backstage.io/kubernetes-id: orders-v2 } }
    spec:
      serviceAccountName: ${account}
      containers: [{ name: app, ports: [{ name: http, containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: orders-v2, namespace: shop }
spec:
  selector: { app: orders-v2 }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`;

const boundTo = (name: string, id: string, catalog = shopCatalog()) =>
  catalog.map(entity =>
    entity.kind === 'Component' && entity.metadata.name === name
      ? {
          ...entity,
          metadata: {
            ...entity.metadata,
            annotations: { 'backstage.io/kubernetes-id': id },
          },
        }
      : entity,
  );

const MOVED = boundTo('orders', 'orders-v2');

/** Another component, which says that it is the old pods. */
const component = (
  name: string,
  owner: string,
  providesApis: string[] = [],
): CatalogEntity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    annotations: { 'backstage.io/kubernetes-id': 'orders' },
  },
  spec: { type: 'service', owner, providesApis },
});

function access(state: Repository, from: string, to = 'orders') {
  const [cluster] = clustersOf(state);
  return describeRequests(
    EffectiveAccessIndex.of(cluster).pair(
      `shop/Deployment/${from}`,
      `shop/Deployment/${to}`,
    ).possible,
  );
}

interface Repository {
  compilation: Compilation;
  clusters: Cluster[];
  files?: Compilation['files'];
}

/** A request for checkout on an API whose files were written before its component moved. */
function requested(options: {
  catalog: CatalogEntity[];
  estate?: Cluster;
  before?: Cluster;
  others?: string[];
  earlier?: CatalogEntity[];
}) {
  const { catalog, others = [], earlier } = options;
  const estate = options.estate ?? shopCluster(newPods('orders-v2'));
  const { files } = compileShop(
    [CART, ...others],
    options.before ?? estate,
    [],
    earlier,
  );
  const of = (text: string) =>
    compileShop([text, ...others], estate, [...files], catalog);
  const before = { compilation: of(CART), clusters: [estate], files };
  const after = { compilation: of(WITH_CHECKOUT), clusters: [estate] };
  const told = meaning({ before, after, api: API, catalog });
  const proof = prove({ before, after, approved: [told.content] });
  return { before, after, told, proof };
}

function leftBy({ compilation }: Repository) {
  return compilation.findings
    .filter(({ code }) => code === 'left-closed')
    .map(({ api, objects }) => [api, ...objects]);
}

describe('a request on an API whose component is bound to other pods by now', () => {
  it('goes on where the old pods are still there: these stay closed, which is told', () => {
    const { after, told, proof } = requested({ catalog: MOVED });
    expect(proof.findings).toEqual([]);
    expect(proof.holds).toBe(true);
    expect(told.gained.map(({ caller }) => caller)).toEqual([
      'component:default/checkout',
    ]);
    expect(leftBy(after)).toEqual([[API, 'shop/Deployment/orders']]);
    expect(access(after, 'checkout', 'orders-v2')).toContain('GET /orders');
    // What is granted on the old pods stays, and nothing is added to it.
    expect(access(after, 'cart')).toBe(CREATE);
    expect(access(after, 'checkout')).toBe('');
    expect(access(after, 'orders-v2')).toBe('');
  });

  it('goes on where they are gone, and what closed them goes with it', () => {
    const objects = shopCluster(newPods('orders-v2')).objects.filter(
      ({ object: { kind, metadata } }) =>
        !(kind === 'Deployment' && metadata.name === 'orders'),
    );
    const whole = shopCluster(newPods('orders-v2'));
    const { cluster } = buildCluster({
      name: 'prod',
      objects,
      profile: whole.profile,
    });
    const { after, proof } = requested({
      catalog: MOVED,
      estate: cluster,
      before: whole,
    });
    expect(proof.findings).toEqual([]);
    expect(proof.holds).toBe(true);
    expect(leftBy(after)).toEqual([]);
    const names = after.compilation.objects.map(
      ({ object }) => object.metadata.name,
    );
    expect([...new Set(names)]).toEqual(['callgate-orders.orders-v2']);
  });

  it('goes on where they are somebody else’s: these stay closed, and nobody is let in to them any more', () => {
    const { after, proof } = requested({
      catalog: [...MOVED, component('ledger', 'group:default/other-team')],
    });
    expect(proof.findings).toEqual([]);
    expect(proof.holds).toBe(true);
    expect(leftBy(after)).toEqual([[API, 'shop/Deployment/orders']]);
    for (const caller of ['cart', 'checkout', 'stock'])
      expect(access(after, caller)).toBe('');
  });

  it('tells those whose API is on the old pods by now, and closes nothing itself, why these are closed', () => {
    const ADMIN = 'api:default/orders-admin';
    const ordersAlone = (catalog: CatalogEntity[]) =>
      catalog.map(entity =>
        entity.kind === 'Component' && entity.metadata.name === 'orders'
          ? { ...entity, spec: { ...entity.spec, providesApis: ['orders'] } }
          : entity,
      );
    const { after } = requested({
      catalog: [
        ...ordersAlone(MOVED),
        component('ledger', 'group:default/shop-team', ['orders-admin']),
      ],
      earlier: ordersAlone(shopCatalog()),
      others: [
        policyText('orders-admin', ['cart: refund']).replace(
          'enforce',
          'observe',
        ),
      ],
    });
    expect(leftBy(after)).toEqual([
      [API, 'shop/Deployment/orders'],
      [ADMIN, 'shop/Deployment/orders'],
    ]);
  });

  it('lets nobody in to the old pods any more where the platform profile says that they are somebody else’s, whom no component stands for', () => {
    const whole = shopCluster(newPods('orders-v2'));
    const estate: Cluster = {
      ...whole,
      profile: {
        ...whole.profile,
        owners: [
          {
            namespaces: ['shop'],
            selector: { app: 'orders' },
            owner: 'group:default/other-team',
          },
        ],
      },
    };
    const { after, proof } = requested({
      catalog: MOVED,
      estate,
      before: whole,
    });
    expect(proof.findings).toEqual([]);
    expect(leftBy(after)).toEqual([[API, 'shop/Deployment/orders']]);
    for (const caller of ['cart', 'checkout', 'stock'])
      expect(access(after, caller)).toBe('');
    expect(
      after.compilation.findings.find(({ code }) => code === 'left-closed')
        ?.message,
    ).toContain('group:default/other-team');
  });

  it('goes on where old and new pods share an account', () => {
    const { after, proof } = requested({
      catalog: MOVED,
      estate: shopCluster(newPods('orders')),
    });
    expect(proof.findings).toEqual([]);
    expect(proof.holds).toBe(true);
    expect(access(after, 'cart')).toBe(CREATE);
    expect(access(after, 'checkout')).toBe('');
  });

  it('goes on where a second API is still on the old pods, which closes them', () => {
    const admin = component('admin', 'group:default/shop-team', [
      'orders-admin',
    ]);
    const withAdmin = (catalog: CatalogEntity[]) => [
      ...catalog.map(entity =>
        entity.kind === 'Component' && entity.metadata.name === 'orders'
          ? { ...entity, spec: { ...entity.spec, providesApis: ['orders'] } }
          : entity,
      ),
      admin,
    ];
    const { after, proof } = requested({
      catalog: withAdmin(MOVED),
      earlier: withAdmin(shopCatalog()),
      others: [policyText('orders-admin', ['cart: refund'])],
    });
    expect(proof.findings).toEqual([]);
    expect(proof.holds).toBe(true);
    expect(leftBy(after)).toEqual([]);
    expect(access(after, 'cart')).toBe('TCP 8080: POST /admin/refunds');
    expect(access(after, 'stock')).toBe('');
  });
});

describe('pods that an API has moved away from', () => {
  const estate = shopCluster(newPods('orders-v2'));
  const first = compileShop([CART], estate);
  const moved = (text: string, files: Compilation['files']) => ({
    compilation: compileShop([text], estate, [...files], MOVED),
    clusters: [estate],
  });

  it('stay closed in the same bytes, and are judged as left', () => {
    const once = moved(CART, first.files);
    expect(moved(CART, once.compilation.files).compilation.files).toEqual(
      once.compilation.files,
    );
    const { plan, kept } = once.compilation;
    const result = verify({ plan, kept, clusters: clustersOf(once) });
    expect(result.equal).toBe(true);
    expect(result.unknown).toContainEqual(
      expect.objectContaining({
        from: 'shop/Deployment/cart',
        to: 'shop/Deployment/orders',
        reason: expect.stringContaining('does not run on this workload'),
      }),
    );
  });

  it('are closed to a grant that ends, and to all when all have', () => {
    const once = moved(CART, first.files);
    const less = moved(
      policyText('orders', ['stock: getOrder']),
      once.compilation.files,
    );
    expect(access(less, 'cart')).toBe('');
    expect(access(less, 'stock')).toBe('TCP 8080: GET /orders/{*}');
    const none = moved(policyText('orders', []), less.compilation.files);
    const again = moved(policyText('orders', []), none.compilation.files);
    for (const caller of ['cart', 'stock', 'checkout'])
      expect(access(again, caller)).toBe('');
  });

  it('are as they were when the component is bound back, and it is the others that are left', () => {
    const once = moved(CART, first.files);
    const back = compileShop([CART], estate, [...once.compilation.files]);
    const of = ({ objects }: Compilation, name: string) =>
      objects.filter(({ object }) => object.metadata.name.startsWith(name));
    expect(of(back, 'callgate-orders.orders.')).toEqual([]);
    expect(of(back, 'callgate-orders.orders-v2')).not.toEqual([]);
    expect(
      back.objects.filter(
        ({ object }) => object.metadata.name === 'callgate-orders.orders',
      ),
    ).toEqual(first.objects);
    expect(leftBy({ compilation: back, clusters: [estate] })).toEqual([
      [API, 'shop/Deployment/orders-v2'],
    ]);
  });

  it('are opened by no proposal that nobody approved for it: whoever removes what closes them is told', () => {
    const before = {
      ...moved(CART, first.files),
      files: first.files,
    };
    const after = moved(WITH_CHECKOUT, first.files);
    const removed = {
      ...after,
      files: after.compilation.files.map(file => ({
        ...file,
        text: file.text
          .split('---\n')
          .filter(
            text => !/name: callgate-orders\.orders(\.held)?\n/.test(text),
          )
          .join('---\n'),
      })),
    };
    const { content } = meaning({
      before,
      after: removed,
      api: API,
      catalog: MOVED,
    });
    const { holds, unapproved } = prove({
      before,
      after: removed,
      approved: [content],
    });
    expect(holds).toBe(false);
    expect(unapproved.map(({ to }) => to)).toContain('shop/Deployment/orders');
  });

  it('are open as declared where the API only observes', () => {
    const once = moved(CART.replace('enforce', 'observe'), first.files);
    expect(leftBy(once)).toEqual([]);
    expect(once.compilation.files).toEqual([]);
  });
});
