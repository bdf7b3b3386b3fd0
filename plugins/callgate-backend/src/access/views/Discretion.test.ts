import { TestDatabases } from '@backstage/backend-test-utils';
import {
  finding,
  type Finding,
  type FindingCode,
  type MeaningDifference,
} from '@callgate/policy';
import {
  ORDERS,
  ProposalBench,
} from '../../proposals/__testUtils__/ProposalBench';
import { AccessFacts } from './AccessFacts';
import { Discretion } from './Discretion';
import { toFindings } from './findings';
import { contractOf } from './operations';
import { problemText } from './problems';
import { toTransition } from './requests';

jest.setTimeout(60_000);

const CART = 'component:default/cart';
const CART_RUNS = 'shop/Deployment/cart';
const ORDERS_RUN = 'shop/Deployment/orders';

const read = (discretion: Discretion) => ({
  contract: contractOf(undefined, 'api:default/orders'),
  labelOf: () => ({} as never),
  discretion,
  secretive: false,
});

describe('what a reader is told from whom cart is hidden', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  let discretion: Discretion;
  let open: Discretion;

  beforeAll(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    await bench.pushToMain({
      'clusters/prod/shop/guards.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: guard, namespace: shop }
spec: { podSelector: { matchLabels: { app: checkout } }, ingress: [{}] }
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: { name: guard, namespace: shop }
spec: { selector: "app == 'cart'", ingress: [{ action: Allow }] }
`,
      'policies/default/orders.yaml': `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders, namespace: default }
spec:
  owner: group:default/orders-team
  api: ${ORDERS}
  mode: enforce
  grants:
    - { id: r12, caller: '${CART}', operations: [{ id: listOrders }] }
    - { id: r13, caller: component:default/checkout, operations: [{ id: listOrders }] }
`,
    });
    const facts = AccessFacts.of(
      await bench.backend().snapshots.read({ fresh: true }),
    );
    discretion = Discretion.of(facts, [CART]);
    open = Discretion.of(facts, []);
  });
  afterAll(() => bench.close());

  const about = (
    objects: string[],
    more: Partial<Finding> = {},
    code: FindingCode = 'head-not-included',
  ) => finding(code, 'Said of somebody', { objects, api: ORDERS, ...more });

  it('reads findings about others, and none that has cart, its workload or its grant among what it is about', () => {
    const grants = (grantId: string) => ({ grantId });
    expect(discretion.tells(about([ORDERS_RUN]))).toBe(true);
    expect(discretion.tells(about([ORDERS_RUN], grants('r13')))).toBe(true);
    for (const hidden of [
      about([CART]),
      about([CART_RUNS, ORDERS_RUN]),
      about([`NetworkPolicy shop/allow-cart`]),
      about([ORDERS_RUN], grants('r12')),
      about(['r12']),
      // Its grant is gone from the declaration since, and only the finding says whose it was.
      about([ORDERS_RUN], { grantId: 'r99', data: { caller: CART } }),
      about([ORDERS_RUN], { at: { file: 'clusters/prod/shop/cart.yaml' } }),
      about([]),
    ]) {
      expect([hidden.objects, discretion.tells(hidden)]).toEqual([
        hidden.objects,
        false,
      ]);
      expect(open.tells(hidden)).toBe(true);
    }
  });

  it('is told of a finding of any other kind, also a new one, what kind it is', () => {
    const unlisted = about([ORDERS_RUN], {}, 'identity-overgrant');
    expect(discretion.tells(unlisted)).toBe(false);
    const [view] = toFindings([unlisted], discretion);
    expect(JSON.stringify(view)).not.toMatch(/somebody|orders/);
    expect(view.message).toBe(view.title);
  });

  it('reads once which grants leave out HEAD, and not that of the caller whom it may not see', () => {
    const all = Object.entries({
      r12: CART,
      r13: 'component:default/checkout',
      r14: 'component:default/orders',
    }).map(([grantId, caller]) =>
      about([ORDERS_RUN], { grantId, data: { caller } }),
    );
    const [some, ...more] = toFindings(all, discretion);
    expect(some.message).toBe(
      `HEAD is not granted with GET to ${discretion.names.entity(
        'component:default/checkout',
      )}, ${discretion.names.entity(
        'component:default/orders',
      )}. The same holds for 1 more.`,
    );
    expect(more).toEqual([]);
    expect(toFindings(all, open)).toMatchObject([
      {
        message: `HEAD is not granted with GET to ${open.names.entity(
          CART,
        )}, ${open.names.entity(
          'component:default/checkout',
        )}, ${open.names.entity('component:default/orders')}`,
        fix: 'If one of them sends HEAD, change its grant so that it has HEAD too.',
      },
    ]);
  });

  it('is told of a workload that is gone nothing, because nobody knows whose it was', () => {
    expect(discretion.hidesWorkload('shop/Deployment/checkout')).toBe(false);
    expect(discretion.hidesWorkload('shop/Deployment/gone')).toBe(true);
    expect(open.hidesWorkload('shop/Deployment/gone')).toBe(false);
  });

  it('is told no name of a policy of others that tells of cart, though one of another group has its name, nor of one that is gone', () => {
    const other = (group: string, name: string) => ({
      ...{ cluster: 'prod', group, kind: 'NetworkPolicy', namespace: 'shop' },
      ...{ name, may: 'refuse' as const, ends: [ORDERS_RUN] },
    });
    expect(
      [
        other('networking.k8s.io', 'guard'),
        other('projectcalico.org', 'guard'),
        other('projectcalico.org', 'gone'),
      ].map(each => [discretion.tellsOther(each), open.tellsOther(each)]),
    ).toEqual([
      [true, true],
      [false, true],
      [false, true],
    ]);
  });

  it('counts the differences that concern cart, and those that this version does not know', () => {
    const where = {
      cluster: 'prod',
      workload: ORDERS_RUN,
      direction: 'ingress',
      layer: 'kernel',
    };
    const step = {
      at: 0,
      event: 'ask-again' as const,
      to: 'submitted' as const,
      facts: {
        code: 'meaning-changed' as const,
        differences: [
          { code: 'cut', caller: CART_RUNS, ...where },
          { code: 'closed', ...where },
          { code: 'newer', about: CART } as unknown,
        ] as MeaningDifference[],
      },
    };
    expect(toTransition(step, read(discretion)).reason).toBe(
      'What it means has changed since it was approved: orders in prod (ingress, kernel) is closed to everyone else; 2 changes concern what you may not see',
    );
  });

  it('reads neither a sentence of before there were facts, nor why a pull request fails, where that may name cart', () => {
    const step = {
      at: 0,
      event: 'ask-again' as const,
      to: 'submitted' as const,
      reason: 'What it means has changed: it opens cart',
    };
    expect(toTransition(step, read(discretion)).reason).not.toMatch(/cart/);
    expect(toTransition(step, read(open)).reason).toMatch(/cart/);

    const old = { code: 'unexpected', text: 'cart is in the way' } as const;
    expect(problemText(old, discretion)).not.toMatch(/cart/);
    expect(problemText(old, open)).toBe(old.text);
    const findings = {
      code: 'not-proposable',
      findings: [about([ORDERS_RUN]), about([CART])],
    } as const;
    expect(problemText(findings, discretion)).toBe(
      'Said of somebody. More of it concerns something that you may not see.',
    );
  });
});
