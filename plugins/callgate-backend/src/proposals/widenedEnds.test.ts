import { TestDatabases } from '@backstage/backend-test-utils';
import { parseAccessPolicy } from '@callgate/policy';
import {
  BRANCH,
  ORDERS,
  POLICY,
  ProposalBench,
} from './__testUtils__/ProposalBench';

jest.setTimeout(60_000);

const TEXT = `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/orders-team
  api: ${ORDERS}
  mode: enforce
  grants:
    - id: cart-lists
      caller: component:default/cart
      in: [prod]
      operations: [{ id: listOrders }]
      ends: { caller: ['prod:shop/sa/cart'], provider: ['prod:shop/sa/orders'] }
`;

describe('a grant that comes to hold in another cluster', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'), [
      'second',
    ]);
    await bench.pushToMain({ [POLICY]: TEXT });
  });
  afterEach(() => bench.close());

  it('says which ends were approved there, and opens it', async () => {
    const id = await bench.approved({
      change: { kind: 'change', grant: 'cart-lists', side: 'caller' },
      caller: 'component:default/cart',
      in: ['prod', 'second'],
    });
    const asked = await bench.requests.getRequest(id);
    expect(asked?.shown.content.edges.map(({ cluster }) => cluster)).toContain(
      'second',
    );
    await bench.backend().worker.runOnce();
    const { policy } = parseAccessPolicy({
      path: POLICY,
      text: bench.git('show', `${BRANCH}:${POLICY}`),
    });
    expect(policy?.spec.grants[0]).toMatchObject({
      in: ['prod', 'second'],
      ends: {
        caller: ['prod:shop/sa/cart', 'second:shop/sa/cart'],
        provider: ['prod:shop/sa/orders', 'second:shop/sa/orders'],
      },
    });
    expect(await bench.stateOf(id)).toBe('proposed');
  });
});
