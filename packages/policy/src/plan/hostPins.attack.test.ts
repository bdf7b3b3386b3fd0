import { compileShop, shopCatalog, shopCluster } from '../__fixtures__/shop';
import { meaning } from '../meaning/meaning';
import { endsToPin } from './endsToPin';

const API = 'api:default/stock';
const text = (ends: string) =>
  `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: stock }
spec:
  owner: group:default/shop-team
  api: ${API}
  mode: enforce
  grants:
    - id: vm-places
      caller: component:default/vm
      operations: [{ id: createOrder }]
      acknowledges: [identity-not-enforced, method-not-enforced]
${ends}`;

const catalog = [
  ...shopCatalog().map(entity =>
    entity.metadata.name === 'stock' && entity.kind === 'Component'
      ? {
          ...entity,
          metadata: {
            ...entity.metadata,
            annotations: { 'backstage.io/kubernetes-id': 'plain' },
          },
        }
      : entity,
  ),
  {
    ...shopCatalog().find(({ metadata }) => metadata.name === 'cart')!,
    metadata: {
      name: 'vm',
      annotations: { 'backstage.io/kubernetes-id': 'vm' },
    },
  },
];

/** `vm` is a machine of the mesh, `plain` runs outside the mesh. */
const estate = (address: string) =>
  shopCluster(`apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm, namespace: shop, labels: { backstage.io/kubernetes-id: vm } }
spec:
  address: ${address}
  serviceAccount: vm
  labels: { app: vm, backstage.io/kubernetes-id: vm }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: plain, namespace: shop }
spec:
  selector: { matchLabels: { app: plain } }
  template:
    metadata: { labels: { app: plain, backstage.io/kubernetes-id: plain, sidecar.istio.io/inject: "false" } }
    spec: { serviceAccountName: plain, containers: [{ name: app, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: plain, namespace: shop }
spec:
  selector: { app: plain }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`);

describe('the ends of a machine, attacked', () => {
  const cluster = estate('192.0.2.7');
  const first = compileShop([text('')], cluster, [], catalog);
  const ends = endsToPin(first.plan, [cluster], { api: API, id: 'vm-places' });
  const pinned = text(`      ends: ${JSON.stringify(ends)}\n`);

  it('are as they were approved', () => {
    expect(first.plan.edges.map(({ row }) => row)).toEqual(['plain-any']);
    const again = compileShop([pinned], cluster, [], catalog);
    expect(again.plan.unconfirmed).toEqual([]);
    expect(again.files).toEqual(first.files);
  });

  it.each(['198.51.100.9', '10.0.0.9'])(
    'admit no address that was not approved, where it is all that is known: %s',
    address => {
      const after = compileShop([pinned], estate(address), [], catalog);
      expect(JSON.stringify(after.objects)).not.toContain(address);
      expect(after.plan.unconfirmed).toMatchObject([
        { side: 'caller', end: `cidr:${address}/32` },
      ]);
    },
  );

  it('are part of what an approval binds to', () => {
    const digest = (address: string) => {
      const clusters = [estate(address)];
      const state = (each: string[]) => ({
        compilation: compileShop(each, clusters[0], [], catalog),
        clusters,
      });
      return meaning({
        before: state([]),
        after: state([text('')]),
        api: API,
        catalog,
      }).digest;
    };
    expect(digest('192.0.2.7')).toBe(digest('192.0.2.7'));
    expect(digest('198.51.100.9')).not.toBe(digest('192.0.2.7'));
  });
});
