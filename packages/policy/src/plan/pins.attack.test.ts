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
const estate = (sa: string, label: string) =>
  shopCluster(`apiVersion: apps/v1
kind: Deployment
metadata: { name: batch, namespace: shop }
spec:
  selector: { matchLabels: { app: "${label}" } }
  template:
    metadata: { labels: { app: "${label}", backstage.io/kubernetes-id: batch } }
    spec: { serviceAccountName: ${sa}, containers: [{ name: app }] }
`);

describe('pins, attacked', () => {
  it.each([
    ['an account that is no name', 'Batch', 'batch'],
    ['a label that is none, under a shared account', 'cart', 'ba tch'],
  ])(
    'every end that something is opened for can be pinned: %s',
    (_, sa, label) => {
      const cluster = estate(sa, label);
      const { plan } = compileShop([policy('')], cluster, [], catalog);
      const ends = endsToPin(plan, [cluster], {
        api: API,
        id: 'batch-places',
      });
      expect(plan.edges.length > 0 && ends === undefined).toBe(false);
    },
  );
});
