import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import { parseApprovals } from '../approvals';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import { reviewableGrants, type ReviewableInput } from './reviewableGrants';

const rule = (name: string, when: string, every: string) => `
    - name: ${name}
      when: ${when}
      reviewEvery: ${every}
      examples:
        hold: [{ api: { name: orders }, request: { writes: true } }]
        not: [{ api: { name: other } }]
`;
const rulesOf = (...texts: string[]) => {
  const { rules, findings } = parseApprovals({
    path: 'approvals.yaml',
    text: `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
${texts.join('')}`,
  });
  expect(findings).toEqual([]);
  return rules ?? [];
};

const GRANTS = ['checkout: createOrder', 'cart: listOrders'];

const standings = (
  how: Partial<ReviewableInput> = {},
  grants: readonly string[] = GRANTS,
) => {
  const text = policyText('orders', [...grants]);
  const { policy } = parseAccessPolicy({ path: 'orders.yaml', text });
  return reviewableGrants({
    policies: policy ? [{ policy }] : [],
    edges: compileShop([text]).plan.edges,
    catalog: shopCatalog(),
    clusters: [shopCluster()],
    rules: [],
    today: '2027-01-01',
    ...how,
  });
};

describe('what declared grants stand for', () => {
  it('is the operations, whether they write, and where, by API and caller', () => {
    expect(
      standings().map(({ api, caller, operations, writes, clusters }) => ({
        ...{ api, caller, writes, clusters },
        operations: operations.map(({ id }) => id),
      })),
    ).toEqual([
      {
        api: 'api:default/orders',
        caller: 'component:default/cart',
        operations: ['listOrders'],
        writes: false,
        clusters: [shopCluster().name],
      },
      {
        api: 'api:default/orders',
        caller: 'component:default/checkout',
        operations: ['createOrder'],
        writes: true,
        clusters: [shopCluster().name],
      },
    ]);
  });

  it('has a digest that changes with what one stands for, and with nothing else', () => {
    const digests = (...of: Parameters<typeof standings>) =>
      standings(...of).map(({ digest }) => digest);
    const [cart, checkout] = digests();
    expect(cart).not.toBe(checkout);
    // The interval and the day are no part of what it stands for, and neither is another grant.
    expect(digests({ reviewEvery: 10, today: '2028-01-01' })).toEqual([
      cart,
      checkout,
    ]);
    expect(digests({}, ['cart: listOrders'])).toEqual([cart]);
    expect(digests({}, ['cart: getOrder'])).not.toEqual([cart]);
    // It has an error, or nothing runs: it opens nothing now.
    expect(digests({ edges: [] })[0]).not.toBe(cart);
    expect(standings({ edges: [] })[0].clusters).toEqual([]);
  });
});

describe('how often a grant is reviewed', () => {
  const reviews = (how: Partial<ReviewableInput>) =>
    standings(how).map(({ caller, review }) => [
      caller.split('/')[1],
      review ?? null,
    ]);
  const writing = rule(
    'writing',
    'api.name == "orders" && request.writes',
    '90d',
  );
  const orders = rule('orders', 'api.name == "orders"', '180d');

  it('is never where nothing asks for it', () => {
    expect(reviews({})).toEqual([
      ['cart', null],
      ['checkout', null],
    ]);
  });

  it('goes by the strictest of the rules that hold', () => {
    expect(reviews({ rules: rulesOf(orders, writing) })).toEqual([
      ['cart', { days: 180, rule: 'orders' }],
      ['checkout', { days: 90, rule: 'writing' }],
    ]);
  });

  it('goes by the company’s own where that is stricter, or where no rule holds', () => {
    expect(reviews({ rules: rulesOf(writing), reviewEvery: 120 })).toEqual([
      ['cart', { days: 120 }],
      ['checkout', { days: 90, rule: 'writing' }],
    ]);
    expect(reviews({ rules: rulesOf(writing), reviewEvery: 30 })).toEqual([
      ['cart', { days: 30 }],
      ['checkout', { days: 30 }],
    ]);
  });

  it('goes by a rule that cannot be decided: what is not known not to be reviewed is', () => {
    const unclear = rule('unclear', 'api.labels.zone == "red"', '30d').replace(
      /hold: .*\n.*not: .*/,
      'hold: [{ api: { labels: { zone: red } } }]\n        not: [{ api: { labels: { zone: green } } }]',
    );
    expect(reviews({ rules: rulesOf(unclear) })[0]).toEqual([
      'cart',
      { days: 30, rule: 'unclear' },
    ]);
  });
});
