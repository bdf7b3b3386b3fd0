import { crossedPolicy } from '../__fixtures__/crossedPaths';
import { compileShop, policyText, shopCluster } from '../__fixtures__/shop';
import { withGenerated } from '../compile/generatedObjects';
import { loadManifests } from '../estate/loadManifests';
import type { Compilation } from '../compile/types';
import { createWorld } from '../evaluate/World';
import { evaluate } from '../evaluate/evaluate';
import { verify } from './verify';

const ORDERS = policyText('orders', ['checkout: listOrders, getOrder']);
const CHECKOUT = 'shop/Deployment/checkout';
const CART = 'shop/Deployment/cart';
const PROVIDER = 'shop/Deployment/orders';

/** What is compiled, with manifests changed as text and hand-written ones added. */
function judge(
  compilation: Compilation,
  change: (text: string) => string = text => text,
  handWritten = '',
) {
  const cluster = withGenerated(
    shopCluster(handWritten),
    loadManifests(
      compilation.files.map(({ path, text }) => ({ path, text: change(text) })),
    ).objects,
  );
  return {
    cluster,
    ...verify({ plan: compilation.plan, clusters: [cluster] }),
  };
}

describe('verify', () => {
  it('finds effective access equal to what is declared', () => {
    const result = judge(
      compileShop([ORDERS, policyText('orders-admin', ['cart: refund'])]),
    );
    expect(result).toMatchObject({
      equal: true,
      missing: [],
      surplusOurs: [],
      surplusForeign: [],
      findings: [],
    });
  });

  it('names what is missing and the DENY that refuses it', () => {
    const { equal, missing, findings, cluster } = judge(
      compileShop([ORDERS]),
      undefined,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: freeze, namespace: shop }
spec:
  selector: { matchLabels: { app: orders } }
  action: DENY
  rules: [{ to: [{ operation: { paths: ['/orders'] } }] }]
`,
    );
    expect(equal).toBe(false);
    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatchObject({
      from: CHECKOUT,
      to: PROVIDER,
      text: 'TCP 8080: GET /orders',
      conditional: false,
      grants: [{ api: 'api:default/orders', grantId: 'checkout-orders' }],
      call: { port: 8080, http: { method: 'GET', path: '/orders' } },
    });
    expect(missing[0].by.join()).toContain('AuthorizationPolicy shop/freeze');
    expect(evaluate(createWorld([cluster]), missing[0].call).verdict).toBe(
      'deny',
    );
    expect(findings).toMatchObject([
      { code: 'access-missing', severity: 'error', api: 'api:default/orders' },
    ]);
  });

  it('takes nothing for sure beside a DENY of too many patterns, and names it', () => {
    const { equal, missing, surplusOurs, findings } = judge(
      compileShop([ORDERS]),
      undefined,
      crossedPolicy(24, 'a', 'DENY'),
    );
    expect(equal).toBe(false);
    expect(missing.map(({ from, conditional }) => [from, conditional])).toEqual(
      [[CHECKOUT, true]],
    );
    expect(surplusOurs).toEqual([]);
    expect(findings).toMatchObject([
      { code: 'too-complex', objects: ['AuthorizationPolicy shop/by-hand'] },
      { code: 'access-missing' },
    ]);
    expect(findings[0].message).toContain(`${CHECKOUT} → ${PROVIDER}`);
  });

  it('stays exact about other workloads beside one whose patterns are too many', () => {
    const result = judge(
      compileShop([ORDERS]),
      undefined,
      crossedPolicy(24, 'a', 'DENY').replace('app: orders', 'app: cart'),
    );
    expect(result).toMatchObject({ equal: true, missing: [], findings: [] });
  });

  it('blames generated objects for what they open too much', () => {
    const { equal, surplusOurs, surplusForeign } = judge(
      compileShop([ORDERS]),
      text => text.replace('- GET\n', '- GET\n              - POST\n'),
    );
    expect(equal).toBe(false);
    expect(surplusForeign).toEqual([]);
    expect(surplusOurs).toMatchObject([
      {
        from: CHECKOUT,
        text: 'TCP 8080: POST /orders /orders/{*}',
        call: { http: { method: 'POST' } },
      },
    ]);
  });

  it('sees a rule whose list of callers was lost, which admits everyone (S1)', () => {
    const { surplusOurs } = judge(compileShop([ORDERS]), text =>
      text
        .replace(/ {4}- from:\n(?: {8}- source:\n)[\s\S]*?( {6}to:)/, '    -$1')
        .replace('    -      to:', '    - to:')
        .replace(
          / {4}- from:\n {8}- namespaceSelector[\s\S]*?ports:/,
          '    - ports:',
        ),
    );
    expect(surplusOurs.map(({ from }) => from)).toContain(CART);
  });

  it('tells what hand-written objects open from what is ours', () => {
    const { equal, surplusOurs, surplusForeign, findings } = judge(
      compileShop([ORDERS]),
      undefined,
      `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-ops, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow-ops, namespace: shop }
spec:
  action: ALLOW
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/cart] } }] }]
`,
    );
    expect(equal).toBe(true);
    expect(surplusOurs).toEqual([]);
    expect(surplusForeign.map(({ from, to }) => [from, to])).toEqual([
      [CART, PROVIDER],
    ]);
    expect(surplusForeign[0].by.join()).toContain('allow-ops');
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['surplus-foreign', 'warning'],
    ]);
  });

  it('names none of our own objects among those that open more by hand', () => {
    const { surplusForeign, findings } = judge(
      compileShop([ORDERS]),
      undefined,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow-checkout, namespace: shop }
spec:
  selector: { matchLabels: { app: orders } }
  action: ALLOW
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/checkout] } }] }]
`,
    );
    // Checkout was granted the port, so that our NetworkPolicy admits it, and may: what opens more is the other policy.
    expect(surplusForeign.map(({ from, by }) => [from, by])).toEqual([
      [CHECKOUT, ['AuthorizationPolicy shop/allow-checkout rules[0]']],
    ]);
    expect(findings).toMatchObject([
      {
        code: 'surplus-foreign',
        objects: [
          'AuthorizationPolicy shop/allow-checkout rules[0]',
          CHECKOUT,
          PROVIDER,
        ],
      },
    ]);
  });

  it('does not judge what no declaration closes', () => {
    const observed = ORDERS.replace('mode: enforce', 'mode: observe');
    expect(judge(compileShop([observed]))).toMatchObject({
      equal: true,
      surplusForeign: [],
    });
  });

  it('finds everything missing when nothing was applied but a wall', () => {
    const { missing } = judge(
      compileShop([ORDERS]),
      () => '',
      `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: wall, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`,
    );
    expect(missing.map(({ text }) => text)).toEqual([
      'TCP 8080: GET /orders /orders/{*}',
    ]);
  });

  it('does not blame anybody for what a node can do with its own pods', () => {
    const { equal, platform, surplusForeign, surplusOurs } = judge(
      compileShop([ORDERS]),
      undefined,
      `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: node-exporter, namespace: shop }
spec:
  selector: { matchLabels: { app: node-exporter } }
  template:
    metadata: { labels: { app: node-exporter } }
    spec: { hostNetwork: true, containers: [{ name: app }] }
`,
    );
    expect({ equal, surplusForeign, surplusOurs }).toEqual({
      equal: true,
      surplusForeign: [],
      surplusOurs: [],
    });
    expect(
      platform.map(({ from, conditional }) => [from, conditional]),
    ).toEqual([['shop/DaemonSet/node-exporter', true]]);
  });

  describe('of an agent on the host network, and a closed caller that needs the API server', () => {
    const AGENT = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: { istio-injection: enabled }
  annotations: { callgate.dev/egress: enforce }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: kube-system }
spec:
  template:
    metadata: { labels: { app: agent } }
    spec: { hostNetwork: true, containers: [{ name: app }] }
`;
    /** The nodes of the shop have addresses of 10.1.0.0/16. */
    const judgeWith = (apiServer: string, opened: string) => {
      const shop = shopCluster(AGENT);
      const { profile } = shop;
      const cluster = {
        ...shop,
        profile: {
          ...profile,
          apiServer: [
            { cidrs: [apiServer], ports: [{ port: 6443, protocol: 'TCP' }] },
          ] satisfies typeof profile.apiServer,
        },
      };
      const { plan, files } = compileShop([ORDERS], cluster);
      expect(files.map(({ text }) => text).join()).toContain(apiServer);
      const manifests = loadManifests(
        files.map(({ path, text }) => ({
          path,
          text: text.replaceAll(apiServer, opened),
        })),
      );
      const applied = withGenerated(cluster, manifests.objects);
      return verify({ plan, clusters: [applied] }).surplusOurs.map(
        ({ from, to, text }) => [from, to, text],
      );
    };

    it('says nothing where the API server has the address of a node', () => {
      expect(judgeWith('10.1.0.1/32', '10.1.0.1/32')).toEqual([]);
    });

    it('says nothing where it has none of a node', () => {
      expect(judgeWith('192.0.2.1/32', '192.0.2.1/32')).toEqual([]);
    });

    it('sees a block of nodes that nobody declared', () => {
      expect(judgeWith('192.0.2.1/32', '10.1.0.1/32')).toContainEqual([
        CHECKOUT,
        'kube-system/DaemonSet/agent',
        'TCP 6443',
      ]);
    });
  });

  it('judges an ambient caller that no grant names: it is refused, and nothing is unknown', () => {
    const { equal, unknown } = judge(
      compileShop([ORDERS]),
      undefined,
      `apiVersion: v1
kind: Pod
metadata:
  name: trends
  namespace: insight
  labels: { app: trends, istio.io/dataplane-mode: ambient }
spec: { containers: [{ name: app }] }
`,
    );
    expect(equal).toBe(true);
    expect(unknown).toEqual([]);
  });
});
