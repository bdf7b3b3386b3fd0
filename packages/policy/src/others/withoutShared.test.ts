import { manifest, OTHERS } from '../__fixtures__/others';
import { shopCluster } from '../__fixtures__/shop';
import { createWorld } from '../evaluate/World';
import { diff } from '../reach/diff';
import { withoutSharedOthers } from './withoutShared';

const ORDERS = 'shop/Deployment/orders';
const [[, , CILIUM]] = OTHERS;
const CLOSED = manifest(
  'networking.k8s.io/v1',
  'NetworkPolicy',
  'shop',
  'orders',
  '{ podSelector: { matchLabels: { app: orders } }, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: { matchLabels: { app: checkout } } }], ports: [{ port: 8080 }] }] }',
);

function compared(before: string, after: string) {
  const { findings, ...clusters } = withoutSharedOthers(
    [shopCluster(before)],
    [shopCluster(after)],
  );
  const { gained, lost, changed } = diff(
    createWorld(clusters.before),
    createWorld(clusters.after),
  );
  return {
    gained: gained.map(({ from }) => from),
    lost: lost.map(({ from }) => from),
    changed: changed.map(({ from }) => from),
    to: [...new Set([...gained, ...lost, ...changed].map(({ to }) => to))],
    texts: findings.map(({ code, message }) => `${code}: ${message}`),
  };
}

describe('what is compared', () => {
  it('is told beside a policy of others that is there before and after, which is named once', () => {
    const { texts, ...beside } = compared(CILIUM, `${CILIUM}---\n${CLOSED}`);
    const { texts: none, ...alone } = compared('', CLOSED);
    expect(beside).toEqual(alone);
    expect(beside.lost).toContain('shop/Deployment/cart');
    expect(beside.to).toEqual([ORDERS]);
    expect(none).toEqual([]);
    expect(texts).toEqual([
      'policy-of-others: CiliumNetworkPolicy shop/guard (cilium.io) in prod is there before and after, and Callgate does not judge what it says: it may refuse this, or open more. What is compared is as if it changed nothing.',
    ]);
  });

  it('differs where such a policy comes: what was open is conditional', () => {
    const { lost, changed, to } = compared('', CILIUM);
    expect([...lost, ...changed]).toContain('shop/Deployment/cart');
    expect(to).toEqual([ORDERS]);
  });

  it('differs where one goes: what was conditional is open, and the one that is gone is named', () => {
    const { gained, changed, texts } = compared(CILIUM, '');
    expect([...gained, ...changed]).toContain('shop/Deployment/cart');
    expect(texts).toEqual([
      'policy-of-others: CiliumNetworkPolicy shop/guard (cilium.io) in prod is not there any more as it was: what it touched was conditional.',
    ]);
  });

  it('differs where one changes whom it selects', () => {
    const { lost, changed } = compared(
      CILIUM.replace('app: orders', 'app: stock'),
      CILIUM,
    );
    expect([...lost, ...changed]).toContain('shop/Deployment/cart');
  });
});
