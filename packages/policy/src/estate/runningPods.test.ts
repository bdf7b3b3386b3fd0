import { buildCluster } from './buildCluster';
import { loadManifests } from './loadManifests';

const ORDERS = `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: shop }
spec:
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec: { serviceAccountName: orders, containers: [{ name: app }] }
`;
const PROXY = ', { name: istio-proxy, args: [proxy, sidecar] }';
const ENDING = 'deletionTimestamp: "2026-01-01T00:00:00Z"';

/** A Pod; of the Deployment where no other owner is given. */
const pod = (
  name: string,
  {
    proxy = true,
    metadata = '',
    phase = 'Running',
    owner = 'kind: ReplicaSet, name: orders-abc',
  }: {
    proxy?: boolean;
    metadata?: string;
    phase?: string;
    owner?: string;
  } = {},
) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels: { app: orders, pod-template-hash: abc }
  ownerReferences: [${owner && `{ ${owner}, controller: true }`}]
  ${metadata}
spec: { serviceAccountName: orders, containers: [{ name: app }${
  proxy ? PROXY : ''
}] }
status: { phase: ${phase} }
`;

const read = (...manifests: string[]) => {
  const text = [
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n',
    ...manifests,
  ].join('---\n');
  const { objects } = loadManifests([{ path: 'estate.yaml', text }]);
  return buildCluster({ name: 'prod', objects }).cluster.workloads.map(
    ({ id, mesh, replicas, kinds = [] }) => ({
      id,
      mesh,
      replicas,
      kinds: kinds.map(each => each.id),
    }),
  );
};

const ONE = {
  id: 'shop/Deployment/orders',
  mesh: 'sidecar',
  replicas: 'one',
  kinds: [],
};

describe('pods of a workload', () => {
  it.each([
    ['succeeded', { phase: 'Succeeded' }],
    ['failed', { phase: 'Failed' }],
    ['are being deleted', { metadata: ENDING }],
  ])('that %s are none of it beside one that runs', (_, how) => {
    const old = pod('old', { proxy: false, ...how });
    expect(read(ORDERS, pod('new'), old)).toEqual([ONE]);
    expect(read(pod('new'), old)).toEqual([ONE]);
    // Its template makes the next ones.
    expect(read(ORDERS, old)).toEqual([ONE]);
  });

  it('that run are several replicas, whatever its template says', () => {
    expect(read(ORDERS, pod('a'), pod('b'))).toEqual([
      { ...ONE, replicas: 'many' },
    ]);
    expect(read(ORDERS, pod('a'), pod('b', { metadata: ENDING }))).toEqual([
      ONE,
    ]);
  });

  it('that another Pod owns run beside it, as executors do beside their driver', () => {
    const driver = pod('driver', { owner: '' });
    const executor = pod('executor', {
      proxy: false,
      owner: 'kind: Pod, name: driver',
    });
    expect(read(driver, executor)).toEqual([
      {
        id: 'shop/Pod/driver',
        mesh: 'sidecar',
        replicas: 'many',
        kinds: ['shop/Pod/driver', 'shop/Pod/executor'],
      },
    ]);
  });

  it('are told apart by the thousand', () => {
    const pods = Array.from({ length: 3_000 }, (_, index) =>
      pod(`p${index}`, { proxy: index % 2 === 0 }),
    );
    expect(read(ORDERS, ...pods)).toEqual([
      { ...ONE, replicas: 'many', kinds: ['shop/Pod/p0', 'shop/Pod/p1'] },
    ]);
  });
});
