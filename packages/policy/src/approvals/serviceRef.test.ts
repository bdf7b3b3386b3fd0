import { parseAccessPolicy } from '../model/parseAccessPolicy';
import { formatServiceRef, parseServiceRef } from './serviceRef';

const PARTS = { service: 'deploy-bot', group: 'group:default/checkout-team' };
const REF = 'service:deploy-bot@default/checkout-team';

describe('a service that asked', () => {
  it('is written with its team, and read again', () => {
    expect(formatServiceRef(PARTS)).toBe(REF);
    expect(parseServiceRef(REF)).toEqual(PARTS);
  });

  it.each([
    'user:default/deploy-bot',
    'service:deploy-bot',
    'service:deploy-bot@checkout-team',
    'service:@default/checkout-team',
    `service:${'a'.repeat(64)}@default/checkout-team`,
    'service:deploy-bot@default/checkout-team ',
    'service:deploy bot@default/checkout-team',
  ])('is nothing else: %s', text => {
    expect(parseServiceRef(text)).toBeUndefined();
  });

  it('may stand in a declaration where a person does who asked, and not where one approved', () => {
    const declared = (field: string) =>
      parseAccessPolicy({
        path: 'policies/default/orders.yaml',
        text: `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/orders-team
  api: api:default/orders
  mode: enforce
  grants:
    - id: checkout-reads
      caller: component:default/checkout
      operations: [{ id: listOrders }]
      ${field}
`,
      });
    expect(declared(`requestedBy: ${REF}`).findings).toEqual([]);
    expect(
      declared(`approvedBy: ['${REF}']`).findings.map(({ code }) => code),
    ).toEqual(['policy-invalid']);
  });
});
