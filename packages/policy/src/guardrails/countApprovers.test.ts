import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import { countApprovers, parseGuardrails } from '.';

const API = 'api:default/orders';

/** Counts for a draft under one rule whose examples are right whatever it says. */
function count(expression: string, atLeast?: number, severity = 'error') {
  const text = policyText('orders', ['checkout: listOrders']);
  const { policy } = parseAccessPolicy({ path: 'p.yaml', text });
  const { guardrails, findings } = parseGuardrails({
    path: 'guardrails.yaml',
    text: `apiVersion: callgate.dev/v1alpha1
kind: Guardrails
spec:
  rules:
    - name: approvers
      subject: edge
      message: m
      severity: ${severity}
      match: edge.api.name == 'orders'
      expression: "edge.port == 1 || (edge.port != 2 && (${expression}))"
      examples:
        pass: [{ edge: { api: { name: orders }, port: 1 } }]
        fail: [{ edge: { api: { name: orders }, port: 2 } }]
`,
  });
  expect(findings).toEqual([]);
  return countApprovers(
    guardrails ?? [],
    {
      plan: compileShop([text]).plan,
      policies: policy ? [{ policy }] : [],
      catalog: shopCatalog(),
      clusters: [shopCluster()],
      pretend: {
        api: API,
        grantId: 'checkout-orders',
        approvedBy: [],
        request: 'r',
        requestedBy: 'user:default/priya',
      },
    },
    atLeast,
  );
}

describe('how many approvers the guardrails want', () => {
  it.each([
    ['one where they say nothing of it', 'true', 1],
    ['two', 'size(edge.grant.approvedBy) >= 2', 2],
    [
      'two, not asked of a draft',
      "stage == 'draft' || size(edge.grant.approvedBy) >= 2",
      2,
    ],
    [
      'three in the repository alone',
      "stage != 'repository' || size(edge.grant.approvedBy) > 2",
      3,
    ],
    [
      'one other than who asked',
      'edge.grant.approvedBy.exists(a, a != edge.grant.requestedBy)',
      1,
    ],
  ])('%s', (_, expression, wanted) => {
    expect(count(expression)).toMatchObject({ count: wanted, refused: [] });
  });

  it('names the rules that want more', () => {
    expect(count('size(edge.grant.approvedBy) >= 2').because).toEqual([
      'approvers',
    ]);
    expect(count('size(edge.grant.approvedBy) >= 2', 2).because).toEqual([]);
  });

  it.each([
    [
      'that wants a certain person',
      "'user:default/ada' in edge.grant.approvedBy",
    ],
    ['that wants more than anybody', 'size(edge.grant.approvedBy) >= 40'],
    ['that refuses every proposal', "stage == 'draft'"],
  ])('says so of a rule %s', (_, expression) => {
    const { count: enough, refused } = count(expression);
    expect(enough).toBeUndefined();
    expect(refused[0].message).toContain('approvers: m');
  });

  it('leaves rules that only advise out', () => {
    expect(
      count('size(edge.grant.approvedBy) >= 2', 1, 'warning'),
    ).toMatchObject({ count: 1 });
  });
});
