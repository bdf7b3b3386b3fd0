import { missingIn } from './missingIn';

const policy = (spec: string, more = '') => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: callgate-orders
  namespace: shop
${more}spec: ${spec}
`;

const OURS = {
  path: 'clusters/prod/shop/callgate-orders.yaml',
  text: policy(
    '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: 80 }] }] }',
  ),
  cluster: 'prod',
  order: 1,
};

const running = (text: string, observed = true) => [
  { path: 'prod/networkpolicies/a.yaml', text, ...(observed && { observed }) },
];

describe('generated files that a live cluster lacks', () => {
  it('are none where it has them with fields that its API server filled in', () => {
    const there = policy(
      '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: 80, protocol: TCP }] }] }',
      '  uid: a1\n',
    );
    expect(missingIn(running(there), [OURS])).toEqual([]);
  });

  it.each([
    [
      'another port',
      policy(
        '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: 81 }] }] }',
      ),
    ],
    [
      'one more rule',
      policy(
        '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: 80 }] }, {}] }',
      ),
    ],
    [
      'fewer pods',
      policy(
        '{ podSelector: { matchLabels: { app: orders } }, policyTypes: [Ingress], ingress: [{ ports: [{ port: 80 }] }] }',
      ),
    ],
    [
      'callers of its own',
      policy(
        '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] }',
      ),
    ],
    [
      'another protocol',
      policy(
        '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: 80, protocol: UDP }] }] }',
      ),
    ],
    [
      'nothing but its Namespace',
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n',
    ],
  ])('are told where it has %s', (_, text) => {
    expect(missingIn(running(text), [OURS])).toEqual([OURS.path]);
  });

  it('are told where a rule that admits everybody was added to one that admits nobody', () => {
    // Istio: without rules an ALLOW policy matches no request; one rule without fields matches every request.
    const closed = (spec: string) => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: callgate-orders, namespace: shop }
spec: ${spec}
`;
    const ours = {
      ...OURS,
      text: closed('{ selector: { matchLabels: { app: orders } } }'),
    };
    const there = (spec: string) =>
      missingIn(running(closed(spec)), [ours]).length;
    expect(there('{ selector: { matchLabels: { app: orders } } }')).toBe(0);
    expect(
      there('{ selector: { matchLabels: { app: orders } }, rules: [{}] }'),
    ).toBe(1);
  });

  it('are none where its API server leaves out what is empty', () => {
    const ours = {
      ...OURS,
      text: policy('{ podSelector: {}, policyTypes: [Ingress], ingress: [] }'),
    };
    const there = policy('{ podSelector: {}, policyTypes: [Ingress] }');
    expect(missingIn(running(there), [ours])).toEqual([]);
    const open = policy(
      '{ podSelector: {}, policyTypes: [Ingress], ingress: [{}] }',
    );
    expect(missingIn(running(open), [ours])).toEqual([ours.path]);
  });

  it('are not asked for in a folder, which has what runs and not what was generated', () => {
    const text = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
    expect(missingIn(running(text, false), [OURS])).toEqual([]);
  });
});
