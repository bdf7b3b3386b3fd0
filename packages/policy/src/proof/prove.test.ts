import { crossedPolicy } from '../__fixtures__/crossedPaths';
import { policyText, shopCatalog, shopState } from '../__fixtures__/shop';
import { keepFailed } from '../compile/keepFailed';
import { meaning } from '../meaning/meaning';
import type { PolicyState } from '../meaning/types';
import { prove } from './prove';

const READ = policyText('orders', ['checkout: listOrders']);
const WITH_CART = policyText('orders', [
  'checkout: listOrders',
  'cart: createOrder',
]);

const approvedFor = (before: PolicyState, after: PolicyState) => [
  meaning({
    before,
    after,
    api: 'api:default/orders',
    catalog: shopCatalog(),
  }).content,
];

const outcomes = (proof: ReturnType<typeof prove>) =>
  Object.fromEntries(
    proof.points.map(({ point, outcome }) => [point, outcome]),
  );

describe('prove', () => {
  it('holds for what was approved', () => {
    const [before, after] = [shopState([READ]), shopState([WITH_CART])];
    const proof = prove({
      before,
      after,
      approved: approvedFor(before, after),
    });
    expect(proof.findings).toEqual([]);
    expect(proof.holds).toBe(true);
    expect(outcomes(proof)).toEqual({
      'gained-is-approved': 'passed',
      'nothing-missing-no-surplus-ours': 'passed',
      'surplus-foreign': 'passed',
      'intermediate-states': 'passed',
    });
  });

  it('holds for the first grant of an API, which closes it', () => {
    const [before, after] = [shopState([]), shopState([READ])];
    expect(
      prove({ before, after, approved: approvedFor(before, after) }),
    ).toMatchObject({ holds: true });
  });

  it('blocks what nobody approved, item by item', () => {
    const before = shopState([READ]);
    const more = policyText('orders', [
      'checkout: listOrders',
      'cart: createOrder, getOrder',
    ]);
    const proof = prove({
      before,
      after: shopState([more]),
      approved: approvedFor(before, shopState([WITH_CART])),
    });
    expect(proof.holds).toBe(false);
    expect(outcomes(proof)['gained-is-approved']).toBe('failed');
    expect(proof.unapproved).toMatchObject([
      { from: 'shop/Deployment/cart', to: 'shop/Deployment/orders' },
    ]);
    expect(proof.findings.map(({ code }) => code)).toEqual([
      'gained-not-approved',
    ]);
  });

  it('blocks a proposal that leaves the files as they were', () => {
    const before = shopState([READ]);
    const after = {
      ...shopState([WITH_CART]),
      files: before.compilation.files,
    };
    const proof = prove({
      before,
      after,
      approved: approvedFor(before, after),
    });
    expect(proof.holds).toBe(false);
    expect(outcomes(proof)['nothing-missing-no-surplus-ours']).toBe('failed');
    expect(proof.verify.missing).toMatchObject([
      { from: 'shop/Deployment/cart' },
    ]);
  });

  it('blocks a proposal that removes what closes a workload', () => {
    const before = shopState([READ]);
    const after = { ...before, files: [] };
    const proof = prove({ before, after, approved: [] });
    expect(proof.holds).toBe(false);
    expect(proof.unapproved.map(({ from }) => from)).toContain(
      'shop/Deployment/cart',
    );
  });

  it('restores access that somebody removed from the manifests by hand', () => {
    const state = shopState([READ]);
    const damaged = {
      ...state,
      files: state.compilation.files.map(file => ({
        ...file,
        text: file.text.replace('/orders', '/nothing'),
      })),
    };
    expect(
      prove({ before: damaged, after: state, approved: [] }),
    ).toMatchObject({ holds: true });
  });

  it('warns of what hand-written objects open, and goes on', () => {
    const open = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-all, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{}] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow-all, namespace: shop }
spec: { action: ALLOW, rules: [{}] }
`;
    const [before, after] = [
      shopState([READ], open),
      shopState([WITH_CART], open),
    ];
    const proof = prove({
      before,
      after,
      approved: approvedFor(before, after),
    });
    expect(proof.holds).toBe(true);
    expect(outcomes(proof)['surplus-foreign']).toBe('warning');
    // Beside the warning nothing may say that effective access is what is declared.
    expect(
      proof.points.find(
        ({ point }) => point === 'nothing-missing-no-surplus-ours',
      ),
    ).toMatchObject({
      outcome: 'passed',
      text: 'What is declared gets through, and what Callgate writes opens nothing else.',
    });
  });

  it('holds where both APIs of one workload close it for the first time', () => {
    const before = shopState([]);
    const after = shopState([
      READ,
      policyText('orders-admin', ['cart: refund']),
    ]);
    const approved = ['api:default/orders', 'api:default/orders-admin'].map(
      api => meaning({ before, after, api, catalog: shopCatalog() }).content,
    );
    const proof = prove({ before, after, approved });
    expect(proof.cuts).toEqual([]);
    expect(proof.holds).toBe(true);
  });

  it('holds where what closes a workload moves into the file of another of its APIs', () => {
    // As a version that wrote one file for each API left it: after the first
    // step both files have the objects of the second.
    const state = shopState([
      READ,
      policyText('orders-admin', ['cart: refund']),
    ]);
    const [file] = state.compilation.files;
    const [heading, ...lines] = file.text.split('\n');
    const documents = lines.join('\n').split('---\n');
    const admin = (text: string) => text.includes('api: orders-admin');
    const apart = (path: string, part: (text: string) => boolean) => ({
      ...file,
      path,
      text: `${heading}\n${documents.filter(part).join('---\n')}`,
    });
    const before = {
      ...state,
      files: [
        apart(file.path, text => !admin(text)),
        apart('clusters/prod/shop/callgate-orders-admin.yaml', admin),
      ],
    };
    expect(prove({ before, after: state, approved: [] })).toMatchObject({
      holds: true,
      cuts: [],
    });
  });

  it('blocks when somebody is cut while the files are applied one by one', () => {
    // One file for each API, as a hand with good intentions might part them:
    // after the first one the callers of the second are refused.
    const before = shopState([]);
    const state = shopState([
      READ,
      policyText('orders-admin', ['cart: refund']),
    ]);
    const [file] = state.compilation.files;
    const [heading, ...lines] = file.text.split('\n');
    const documents = lines.join('\n').split('---\n');
    const after = {
      ...state,
      files: ['orders', 'orders-admin'].map(api => ({
        ...file,
        path: `clusters/prod/shop/callgate-${api}.yaml`,
        text: `${heading}\n${documents
          .filter(text => text.includes(`callgate.dev/api: ${api}\n`))
          .join('---\n')}`,
      })),
    };
    const approved = ['api:default/orders', 'api:default/orders-admin'].map(
      api => meaning({ before, after, api, catalog: shopCatalog() }).content,
    );
    const proof = prove({ before, after, approved });
    expect(proof.holds).toBe(false);
    expect(outcomes(proof)['intermediate-states']).toBe('failed');
    expect(proof.cuts[0]).toMatchObject({
      after: 'clusters/prod/shop/callgate-orders-admin.yaml',
      difference: { from: 'shop/Deployment/checkout' },
    });
  });

  it('is not held up by the files of another API whose declaration has errors', () => {
    // Every caller in the shop may call only what is declared, so the files of
    // `stock` open something for which no declaration is left.
    const closed = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: { istio-injection: enabled, callgate.dev/egress: enforce }
`;
    const broken = policyText('stock', ['cart: listOrders']).replace(
      'shop-team',
      'somebody-else',
    );
    const files = shopState(
      [READ, policyText('stock', ['cart: listOrders'])],
      closed,
    ).compilation.files;
    const withFiles = (state: PolicyState) => ({
      ...state,
      files: keepFailed(state.compilation, files),
    });
    const before = withFiles(shopState([READ, broken], closed));
    const after = withFiles(
      shopState(
        [policyText('orders', ['checkout: listOrders, getOrder']), broken],
        closed,
      ),
    );
    const proof = prove({
      before,
      after,
      approved: approvedFor(before, after),
    });
    expect(proof.verify.unknown).toContainEqual(
      expect.objectContaining({
        api: 'api:default/stock',
        from: 'shop/Deployment/cart',
        to: 'shop/Deployment/stock',
      }),
    );
    expect(proof.verify.surplusOurs).toEqual([]);
    expect(proof.holds).toBe(true);
  });

  it('does not hold where patterns are more than can be compared, and says for whom', () => {
    const before = shopState([READ], crossedPolicy(11, 'a'));
    const after = shopState([WITH_CART], crossedPolicy(11, 'b'));
    const proof = prove({
      before,
      after,
      approved: approvedFor(before, after),
    });
    expect(proof.holds).toBe(false);
    const undecided = proof.findings.filter(
      ({ code }) => code === 'access-not-decided',
    );
    expect(undecided.length).toBeGreaterThan(0);
    expect(undecided[0].objects).toContain('shop/Deployment/orders');
  });
});
