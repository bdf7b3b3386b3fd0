import { loadManifests } from '../estate/loadManifests';
import { diff } from '../reach/diff';
import { effectiveAccess } from '../reach/effectiveAccess';
import { foldedReach } from '../reach/foldedReach';
import { reach } from '../reach/reach';
import { evaluate } from './evaluate';
import { policy, peerAuthentication } from './__testUtils__/ask';
import { worldOf } from './__testUtils__/worlds';
import { amendWorld } from './World';

const PROXY = ', { name: istio-proxy, args: [proxy, sidecar] }';

const namespaces = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Namespace
metadata: { name: other }
---
`;

const deployment = (id: string, port = 8080) => {
  const [namespace, name] = id.split('/');
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: 2
  template:
    metadata: { labels: { app: ${name} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: main, ports: [{ name: http, containerPort: ${port} }] }] }
---
`;
};

const pod = (
  id: string,
  suffix: string,
  { proxy = '', port = 8080, account = '', spec = '' } = {},
) => {
  const [namespace, name] = id.split('/');
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}-${suffix}
  namespace: ${namespace}
  labels: { app: ${name} }
  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: ${name}, controller: true }]
spec: { serviceAccountName: ${
    account || name
  }, containers: [{ name: main, ports: [{ name: http, containerPort: ${port} }] }${proxy}]${spec} }
status: { phase: Running }
---
`;
};

const estate =
  namespaces +
  ['shop/orders', 'shop/web', 'other/stranger']
    .map(id => deployment(id))
    .join('') +
  pod('shop/orders', 'new', { proxy: PROXY }) +
  pod('shop/orders', 'old');
const strict = peerAuthentication('{ mtls: { mode: STRICT } }');
const toOrders = {
  from: 'other/Deployment/stranger',
  to: 'shop/Deployment/orders',
  port: 8080,
};

describe('pods of one workload that differ in more than labels', () => {
  it('make an answer conditional that one kind of them gives otherwise, and both are named', () => {
    const { verdict, conditions } = evaluate(
      worldOf(estate + strict),
      toOrders,
    );
    expect(verdict).toBe('conditional');
    expect(conditions).toEqual([
      {
        kind: 'pods-differ',
        text: 'The pods of shop/Deployment/orders differ: shop/Pod/orders-new with a sidecar; shop/Pod/orders-old outside the mesh. Restart them where the older ones are to be as the newer.',
      },
    ]);
  });

  it('leave an answer sure that both give', () => {
    expect(evaluate(worldOf(estate), toOrders).verdict).toBe('allow');
  });

  it('are told by what differs: account, ports, network', () => {
    const text = (more: Parameters<typeof pod>[2], rules: string) => {
      const world = worldOf(
        namespaces +
          deployment('shop/orders') +
          deployment('shop/web') +
          pod('shop/web', 'new', { proxy: PROXY }) +
          pod('shop/web', 'old', { proxy: PROXY, ...more }) +
          rules,
      );
      return [
        ...evaluate(world, { ...toOrders, from: 'shop/Deployment/web' })
          .conditions,
        ...evaluate(world, {
          from: 'shop/Deployment/orders',
          to: 'shop/Deployment/web',
          port: 8080,
        }).conditions,
      ].map(condition => condition.text);
    };
    const np = (spec: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: np, namespace: shop }\nspec: ${spec}\n---\n`;
    expect(
      text(
        { account: 'default' },
        policy(
          '{ selector: { matchLabels: { app: orders } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }',
        ),
      ),
    ).toEqual([
      expect.stringContaining(
        'shop/Pod/web-new as web; shop/Pod/web-old as default.',
      ),
    ]);
    expect(
      text(
        { port: 9090 },
        np(
          '{ podSelector: { matchLabels: { app: web } }, ingress: [{ ports: [{ port: http }] }] }',
        ),
      ),
    ).toEqual([
      expect.stringContaining(
        'shop/Pod/web-new with the ports http 8080; shop/Pod/web-old with the ports http 9090.',
      ),
    ]);
    expect(
      text(
        { spec: ', hostNetwork: true' },
        np('{ podSelector: { matchLabels: { app: web } }, ingress: [] }'),
      ),
    ).toContainEqual(
      expect.stringContaining(
        'shop/Pod/web-new off the host network; shop/Pod/web-old on the host network.',
      ),
    );
  });

  it('may do surely what all of them may, and possibly what any may', () => {
    const { sure, possible, conditions } = effectiveAccess(
      worldOf(estate + strict),
      toOrders.from,
      toOrders.to,
    );
    const call = { protocol: 'TCP' as const, port: 8080 };
    expect([sure.mayContain(call), possible.mayContain(call)]).toEqual([
      false,
      true,
    ]);
    expect(conditions.map(({ kind }) => kind)).toEqual(['pods-differ']);
  });

  it('are the same in a list that folds as in one that does not', () => {
    const world = worldOf(estate + strict);
    const folded = foldedReach(world, { fewest: 100, outside: false });
    const plain = reach(world, { outside: false });
    expect(JSON.stringify(folded.edges)).toBe(JSON.stringify(plain.edges));
  });

  it('are judged anew where a policy is added', () => {
    const world = worldOf(estate);
    const { objects } = loadManifests([{ path: 'p.yaml', text: strict }]);
    const amended = amendWorld(world, { apply: objects });
    expect(evaluate(amended, toOrders).verdict).toBe('conditional');
    expect(evaluate(world, toOrders).verdict).toBe('allow');
    expect(diff(world, amended).changed).toContainEqual(
      expect.objectContaining({ from: toOrders.from, to: toOrders.to }),
    );
  });

  it('are not judged where they are of more kinds than can be told apart', () => {
    const many = Array.from({ length: 17 }, (_, index) =>
      pod('shop/orders', `p${index}`, { port: 9000 + index }),
    );
    const world = worldOf(
      namespaces + deployment('shop/orders') + many.join(''),
    );
    expect(evaluate(world, { ...toOrders, from: '192.0.2.1' })).toMatchObject({
      verdict: 'conditional',
      conditions: [{ kind: 'pods-differ' }],
    });
    expect(effectiveAccess(world, '192.0.2.1', toOrders.to).sure.isEmpty).toBe(
      true,
    );
  });
});
