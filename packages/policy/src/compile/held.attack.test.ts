import { compileShop, policyText, shopCluster } from '../__fixtures__/shop';
import { clustersOf } from '../meaning/worldOf';
import { describeRequests } from '../verify/describeRequests';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { verify } from '../verify/verify';
import type { Cluster } from '../estate/types';
import type { Compilation } from './types';

function access(
  compilation: Compilation,
  from: string,
  to = 'orders',
  estate: Cluster = shopCluster(),
) {
  const [cluster] = clustersOf({ compilation, clusters: [estate] });
  const { possible } = EffectiveAccessIndex.of(cluster).pair(
    `shop/Deployment/${from}`,
    `shop/Deployment/${to}`,
  );
  return describeRequests(possible);
}

/** An AccessPolicy with grants of any id: `id caller: operation, operation`. */
function policy(grants: string[], mode = 'enforce'): string {
  const ids = grants.map(each => each.split(' ')[0]);
  return policyText(
    'orders',
    grants.map(each => each.slice(each.indexOf(' ') + 1)),
  )
    .replace('mode: enforce', `mode: ${mode}`)
    .replace(/^( {4}- id: ).*$/gm, (_, start) => `${start}${ids.shift()}`);
}

describe('held grants, attacked', () => {
  it('a surplus that the provider of a held grant has elsewhere is told', () => {
    const stock = policyText('stock', ['cart: getOrder']);
    const before = compileShop([
      policyText('orders', ['checkout: listOrders', 'cart: getOrder']),
      stock,
    ]);
    const broken = policyText('orders', [
      'checkout: listOrders, dropOrders',
      'cart: getOrder',
    ]);
    const tip = compileShop([broken, stock], shopCluster(), [...before.files]);
    // A generated file of stock lets orders in, which no grant says.
    const files = compileShop([
      policyText('orders', ['checkout: listOrders', 'cart: getOrder']),
      policyText('stock', ['cart: getOrder', 'orders: createOrder']),
    ]).files;
    const judge = (kept: typeof tip.kept) =>
      verify({
        plan: tip.plan,
        clusters: clustersOf({
          compilation: tip,
          clusters: [shopCluster()],
          files,
        }),
        kept,
      }).surplusOurs.map(({ from, to }) => `${from} ${to}`);
    expect(judge([])).toContain('shop/Deployment/orders shop/Deployment/stock');
    expect(judge(tip.kept)).toContain(
      'shop/Deployment/orders shop/Deployment/stock',
    );
  });

  it.each(['observe', 'audit'])(
    'a held grant closes nothing where the API only goes to %s',
    mode => {
      const before = compileShop([
        policy(['a checkout: listOrders', 'b cart: getOrder']),
      ]);
      const open = compileShop(
        [policy(['a checkout: listOrders', 'b cart: getOrder'], mode)],
        shopCluster(),
        [...before.files],
      );
      const after = compileShop(
        [policy(['a checkout: dropOrders', 'b cart: getOrder'], mode)],
        shopCluster(),
        [...before.files],
      );
      expect(access(after, 'cart')).toBe(access(open, 'cart'));
    },
  );

  it('no two objects get one name, whatever a workload is called', () => {
    const named = shopCluster(`apiVersion: apps/v1
kind: Deployment
metadata: { name: held, namespace: shop }
spec:
  selector: { matchLabels: { app: held } }
  template:
    metadata: { labels: { app: held, backstage.io/kubernetes-id: orders } }
    spec: { serviceAccountName: held, containers: [{ name: app, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: held, namespace: shop }
spec:
  selector: { app: held }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`);
    const before = compileShop(
      [policy(['a checkout: listOrders', 'b cart: getOrder'])],
      named,
    );
    const after = compileShop(
      [policy(['a checkout: dropOrders', 'b cart: getOrder'])],
      named,
      [...before.files],
    );
    const names = after.objects.map(({ object }) =>
      [object.kind, object.metadata.namespace, object.metadata.name].join(' '),
    );
    expect(names).toEqual([...new Set(names)]);
    for (const caller of ['checkout', 'cart', 'stock'])
      expect(access(after, caller, 'held', named)).toBe(
        access(before, caller, 'held', named),
      );
  });
});
