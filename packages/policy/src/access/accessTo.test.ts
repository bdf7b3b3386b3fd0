import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import { withGenerated } from '../compile/generatedObjects';
import { loadManifests } from '../estate/loadManifests';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import { accessTo } from './accessTo';
import { describeApiAccess } from './describeApiAccess';

/** The shop in which the cart's grant was sound once and names an operation now that the API lacks: its old access is held. */
function withHeldGrant() {
  const [sound, broken] = ['listOrders', 'listNothing'].map(operation =>
    policyText('orders', ['checkout: listOrders', `cart: ${operation}`]),
  );
  const cluster = shopCluster();
  const { files } = compileShop([sound], cluster);
  const compilation = compileShop([broken], cluster, files);
  const { policy } = parseAccessPolicy({ path: 'orders.yaml', text: broken });
  return {
    catalog: shopCatalog(),
    policies: [{ policy: policy! }],
    clusters: [
      withGenerated(cluster, loadManifests(compilation.files).objects),
    ],
    compilation,
  };
}

describe('whether an API is closed', () => {
  it('is conditional by a caller who may be able to call alone, without any policy that is to blame', () => {
    const found = accessTo(withHeldGrant(), 'api:default/orders');
    // Neither a policy of others nor a condition of an object stands beside the cart, of whom nobody says what is meant.
    expect(found.clusters).toMatchObject([{ conditions: [], policies: [] }]);
    expect(found.counts).toMatchObject({ callers: 1, perhaps: 1 });
    expect(found.state).toBe('conditional');
    expect(found.clusters[0].state).toBe('conditional');
    expect(describeApiAccess(found)).toBe(
      'Closed to everyone but 1 caller; 1 more may be able to call',
    );
  });
});
