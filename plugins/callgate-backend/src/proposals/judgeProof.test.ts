import { TestDatabases } from '@backstage/backend-test-utils';
import { type Finding, type Proof, verify } from '@callgate/policy';
import { ORDERS, ProposalBench } from './__testUtils__/ProposalBench';
import { judgeProof } from './judgeProof';
import type { Snapshot } from './types';

jest.setTimeout(60_000);

const STOCK_POLICY = `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: stock }
spec:
  owner: group:default/orders-team
  api: api:default/stock
  mode: enforce
  grants:
    - { id: cart, caller: component:default/cart, operations: [{ id: getOrder }] }
`;

const STOCK_REFUSED = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: closed, namespace: shop }
spec:
  selector: { matchLabels: { app: stock } }
  action: DENY
  rules: [{}]
`;

/** An error about access to `orders`, as proving a proposal adds it. */
const about = (code: Finding['code']): Finding => ({
  code,
  severity: 'error',
  message: 'prod: shop/Deployment/checkout and shop/Deployment/orders',
  fix: 'Correct it.',
  objects: ['shop/Deployment/orders'],
  api: ORDERS,
});

describe('the judgement of a proof where another API differs already', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  let snapshot: Snapshot;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    await bench.repository();
    await bench.pushToMain({
      'policies/default/stock.yaml': STOCK_POLICY,
      'clusters/prod/shop/closed.yaml': STOCK_REFUSED,
    });
    snapshot = await bench.backend().snapshots.read({ fresh: true });
  });
  afterEach(() => bench.close());

  const judged = (...own: Finding[]) => {
    const verified = verify({
      plan: snapshot.compilation.plan,
      clusters: snapshot.effectiveClusters,
    });
    const proof: Proof = {
      holds: false,
      points: [
        {
          point: 'nothing-missing-no-surplus-ours',
          outcome: 'failed',
          text: 'Something differs.',
        },
      ],
      verify: verified,
      unapproved: [],
      untold: [],
      cuts: [],
      findings: [...verified.findings, ...own],
    };
    return judgeProof(snapshot, proof, ORDERS);
  };

  it('does not hold up a proposal that differs nowhere itself', () => {
    const { errors, checks } = judged();
    expect(errors).toEqual([]);
    expect(checks).toMatchObject([{ outcome: 'warning' }]);
  });

  it.each(['access-missing', 'surplus-ours', 'access-not-decided'] as const)(
    'does not call a proposal equal to its declaration beside %s',
    code => {
      const { errors, checks } = judged(about(code));
      expect(errors.map(each => each.code)).toEqual([code]);
      expect(checks).toMatchObject([
        { outcome: 'failed', text: 'Something differs.' },
      ]);
    },
  );
});
