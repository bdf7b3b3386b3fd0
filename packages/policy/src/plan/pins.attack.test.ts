import { compileShop, shopCatalog, shopCluster } from '../__fixtures__/shop';
import { endsToPin } from './endsToPin';

const API = 'api:default/orders';
const policy = (ends: string, caller = 'component:default/batch') =>
  `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/shop-team
  api: ${API}
  mode: enforce
  grants:
    - id: batch-places
      caller: ${caller}
      operations: [{ id: createOrder }]
${ends}`;

const catalog = [
  ...shopCatalog(),
  {
    ...shopCatalog().find(({ metadata }) => metadata.name === 'cart')!,
    metadata: {
      name: 'batch',
      annotations: { 'backstage.io/kubernetes-id': 'batch' },
    },
  },
];
/** Labels as Kubernetes takes them, as many as somebody likes. */
const many = Array.from(
  { length: 8 },
  (_, index) =>
    [
      `${'p'.repeat(60)}.${'q'.repeat(60)}.${'r'.repeat(60)}/k${index}`,
      'v'.repeat(63),
    ] as const,
);
const shown = (labels: (readonly [string, string])[]) =>
  JSON.stringify(
    Object.fromEntries([...labels, ['backstage.io/kubernetes-id', 'batch']]),
  );
const estate = (sa: string, labels: (readonly [string, string])[]) =>
  shopCluster(`apiVersion: apps/v1
kind: Deployment
metadata: { name: batch, namespace: shop }
spec:
  selector: { matchLabels: ${shown(labels)} }
  template:
    metadata: { labels: ${shown(labels)} }
    spec: { serviceAccountName: ${sa}, containers: [{ name: app }] }
`);

describe('pins, attacked', () => {
  it.each([
    ['an account that is no name', 'Batch', []],
    ['more labels than fit, under a shared account', 'cart', many],
  ])(
    'every end that something is opened for can be pinned: %s',
    (_, sa, labels) => {
      const cluster = estate(sa, labels);
      const { plan } = compileShop([policy('')], cluster, [], catalog);
      const ends = endsToPin(plan, [cluster], { api: API, id: 'batch-places' });
      expect([plan.edges.length > 0, ends === undefined]).not.toEqual([
        true,
        true,
      ]);
    },
  );
});
