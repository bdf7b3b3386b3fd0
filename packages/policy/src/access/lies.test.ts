import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import { withGenerated } from '../compile/generatedObjects';
import { loadManifests } from '../estate/loadManifests';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import { accessOf } from './accessOf';
import { accessTo } from './accessTo';

const API = 'api:default/orders';
const OURS = `labels: { app.kubernetes.io/managed-by: callgate }, annotations: { callgate.dev/api: ${API} }`;

/** Objects that say they are ours, with fields that are of no type that they should be. */
const LIES = [
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: liar, namespace: shop, ${OURS} }
spec: { podSelector: { matchLabels: { app: { toString: 1 } } }, policyTypes: [Ingress] }
`,
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: liar, namespace: { toString: 1 }, ${OURS} }
spec: { podSelector: {}, ingress: [{}] }
`,
  `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: liar, namespace: shop, labels: [a], annotations: { callgate.dev/api: { toString: 1 } } }
spec: { selector: { matchLabels: { app: orders } }, rules: [{}] }
`,
  `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: liar, namespace: shop, labels: { app.kubernetes.io/managed-by: callgate }, annotations: text }
spec: { selector: { matchLabels: 5 }, rules: [{}] }
`,
];

describe('objects that lie about what they are', () => {
  it.each(LIES)('take nobody’s page down: %s', lie => {
    const text = policyText('orders', ['checkout: listOrders']);
    const catalog = shopCatalog();
    const cluster = shopCluster();
    const compilation = compileShop([text], cluster, [], catalog);
    const manifests = loadManifests([
      ...compilation.files,
      { path: 'lie.yaml', text: lie },
    ]);
    const moment = {
      catalog,
      policies: [
        { policy: parseAccessPolicy({ path: 'orders.yaml', text }).policy! },
      ],
      clusters: [withGenerated(cluster, manifests.objects)],
      compilation,
    };
    const { rows } = accessTo(moment, API);
    expect(rows.map(({ caller }) => caller.ref)).toContain(
      'component:default/checkout',
    );
    const own = accessOf(moment, 'component:default/checkout').rows;
    expect(own.filter(({ api }) => api === API)).toHaveLength(1);
  });
});
