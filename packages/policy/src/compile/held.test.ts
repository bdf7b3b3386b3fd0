import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import type { Cluster } from '../estate/types';
import { meaning } from '../meaning/meaning';
import { clustersOf } from '../meaning/worldOf';
import { prove } from '../proof/prove';
import { describeRequests } from '../verify/describeRequests';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { verify } from '../verify/verify';
import type { Compilation } from './types';

const API = 'api:default/orders';
const WRONG = 'checkout: listOrders, dropOrders';
const SOUND = policyText('orders', ['checkout: listOrders', 'cart: getOrder']);
const BROKEN = policyText('orders', [WRONG, 'cart: getOrder']);

/** What a caller may do with orders by the files of a compilation, as the evaluator reads them. */
function access(compilation: Compilation, from: string, estate?: Cluster) {
  const [cluster] = clustersOf({
    compilation,
    clusters: [estate ?? shopCluster()],
  });
  const { possible } = EffectiveAccessIndex.of(cluster).pair(
    `shop/Deployment/${from}`,
    'shop/Deployment/orders',
  );
  return describeRequests(possible);
}

describe('a grant with an error', () => {
  it('is held alone: every other grant of its API is compiled', () => {
    const { held, failedApis, plan, findings } = compileShop([BROKEN]);
    expect(failedApis).toEqual([]);
    expect(held).toMatchObject([
      { api: API, grantId: 'checkout-orders', inForce: false },
    ]);
    expect(held[0].findings.map(({ code }) => code)).toEqual([
      'unknown-operation',
    ]);
    expect(findings.map(({ code }) => code)).toContain('unknown-operation');
    expect(plan.edges.map(({ caller }) => caller)).toEqual([
      'component:default/cart',
    ]);
  });

  it('keeps exactly what is in force for it, and nothing of it is written anew', () => {
    const before = compileShop([SOUND]);
    const after = compileShop([BROKEN], shopCluster(), [...before.files]);
    expect(after.held).toMatchObject([
      {
        inForce: true,
        callers: [{ cluster: 'prod', workload: 'shop/Deployment/checkout' }],
      },
    ]);
    for (const caller of ['checkout', 'cart', 'stock'])
      expect(access(after, caller)).toBe(access(before, caller));
    expect(access(after, 'checkout')).toContain('GET /orders');
    expect(access(after, 'stock')).not.toContain('8080');
  });

  it('is judged as held, neither as declared nor as surplus', () => {
    const before = compileShop([SOUND]);
    const after = compileShop([BROKEN], shopCluster(), [...before.files]);
    const result = verify({
      plan: after.plan,
      clusters: clustersOf({ compilation: after, clusters: [shopCluster()] }),
      kept: after.kept,
    });
    expect(result.equal).toBe(true);
    expect(result.unknown).toContainEqual(
      expect.objectContaining({
        api: API,
        from: 'shop/Deployment/checkout',
        reason: expect.stringContaining('The grant has an error'),
      }),
    );
  });

  it('is judged so before anything was written for it, too', () => {
    const before = compileShop([SOUND]);
    const tip = compileShop([BROKEN], shopCluster(), [...before.files]);
    const result = verify({
      plan: tip.plan,
      clusters: clustersOf({
        compilation: tip,
        clusters: [shopCluster()],
        files: before.files,
      }),
      kept: tip.kept,
    });
    expect(result.surplusOurs).toEqual([]);
    expect(result.equal).toBe(true);
    const wrong = verify({
      plan: tip.plan,
      clusters: clustersOf({
        compilation: tip,
        clusters: [shopCluster()],
        files: compileShop([
          policyText('orders', ['checkout: createOrder', 'cart: getOrder']),
        ]).files,
      }),
      kept: tip.kept,
    });
    expect(wrong.surplusOurs).toMatchObject([
      { from: 'shop/Deployment/checkout' },
    ]);
  });

  it('stays held in the same bytes, and ends with its error', () => {
    const before = compileShop([SOUND]);
    const once = compileShop([BROKEN], shopCluster(), [...before.files]);
    const twice = compileShop([BROKEN], shopCluster(), [...once.files]);
    expect(twice.files).toEqual(once.files);
    const mended = compileShop([SOUND], shopCluster(), [...once.files]);
    expect(mended.files).toEqual(before.files);
  });

  it('keeps a workload closed that nothing else closes any more', () => {
    const before = compileShop([
      policyText('orders', ['checkout: listOrders']),
    ]);
    const after = compileShop(
      [policyText('orders', ['checkout: dropOrders'])],
      shopCluster(),
      [...before.files],
    );
    expect(after.files.map(({ path }) => path)).toEqual(
      before.files.map(({ path }) => path),
    );
    for (const caller of ['checkout', 'cart', 'stock'])
      expect(access(after, caller)).toBe(access(before, caller));
  });

  it('closes nothing that was open where it has nothing in force', () => {
    const { files, plan } = compileShop([policyText('orders', [WRONG])]);
    expect(files).toEqual([]);
    expect(plan.isolations).toEqual([]);
  });

  it('does not take along an API of the same workload', () => {
    const admin = policyText('orders-admin', ['cart: refund']);
    const { failedApis, plan } = compileShop([
      policyText('orders', [WRONG]),
      admin,
    ]);
    expect(failedApis).toEqual([]);
    expect(plan.edges.map(({ api }) => api)).toEqual([
      'api:default/orders-admin',
    ]);
  });

  it('takes no file away from an API whose workload another API joins', () => {
    const orders = policyText('orders', ['checkout: listOrders']);
    const before = compileShop([orders]).files;
    const joined = compileShop(
      [orders, policyText('admin-of-orders', ['cart: refund'])],
      shopCluster(),
      [...before],
      shopCatalog().map(entity => {
        const text = JSON.stringify(entity).replace(
          /orders-admin/g,
          'admin-of-orders',
        );
        return JSON.parse(text);
      }),
    );
    expect(joined.plan.edges).toHaveLength(2);
    expect(joined.files.map(({ path }) => path)).toEqual(
      before.map(({ path }) => path),
    );
  });

  it('is told as cut where the API is closed for the first time', () => {
    const state = (texts: string[]) => ({
      compilation: compileShop(texts),
      clusters: [shopCluster()],
    });
    const { flips, content } = meaning({
      before: state([policyText('orders', [WRONG])]),
      after: state([BROKEN]),
      api: API,
      catalog: shopCatalog(),
    });
    const cut = flips.flatMap(flip => flip.cut.map(each => each.workload));
    expect(cut).toContain('shop/Deployment/checkout');
    expect(content.flips[0].cut).toContain('shop/Deployment/checkout');
  });

  it('holds up no proof of what others are granted', () => {
    const files = [...compileShop([SOUND]).files];
    const cluster = shopCluster();
    const state = (text: string) => {
      const compilation = compileShop([text], cluster, files);
      return { compilation, clusters: [cluster] };
    };
    const before = { ...state(BROKEN), files };
    const after = state(
      policyText('orders', [WRONG, 'cart: getOrder', 'stock: listOrders']),
    );
    const { content, gained } = meaning({
      before,
      after,
      api: API,
      catalog: shopCatalog(),
    });
    expect(gained.map(({ caller }) => caller)).toEqual([
      'component:default/stock',
    ]);
    const proof = prove({ before, after, approved: [content] });
    expect(proof.findings).toEqual([]);
    expect(proof.holds).toBe(true);
  });

  it('keeps callers in plaintext possible where they are in force', () => {
    const estate = shopCluster(`apiVersion: apps/v1
kind: Deployment
metadata: { name: legacy, namespace: shop }
spec:
  selector: { matchLabels: { app: legacy } }
  template:
    metadata:
      labels: { app: legacy, backstage.io/kubernetes-id: legacy, sidecar.istio.io/inject: "false" }
    spec: { containers: [{ name: app }] }
`);
    const catalog = [
      ...shopCatalog(),
      {
        ...shopCatalog().find(({ metadata }) => metadata.name === 'cart')!,
        metadata: {
          name: 'legacy',
          annotations: { 'backstage.io/kubernetes-id': 'legacy' },
        },
      },
    ];
    const text = (operation: string) =>
      policyText('orders', [`legacy: ${operation}`, 'cart: getOrder']).replace(
        `        - id: ${operation}\n`,
        `        - id: ${operation}\n      acknowledges: [identity-not-enforced, method-not-enforced, shared-service-account]\n`,
      );
    const before = compileShop([text('listOrders')], estate, [], catalog);
    expect(before.held).toEqual([]);
    expect(access(before, 'legacy', estate)).toContain('8080');
    const after = compileShop(
      [text('dropOrders')],
      estate,
      [...before.files],
      catalog,
    );
    expect(after.held).toMatchObject([{ inForce: true }]);
    for (const caller of ['legacy', 'cart', 'stock'])
      expect(access(after, caller, estate)).toBe(
        access(before, caller, estate),
      );
  });
});
