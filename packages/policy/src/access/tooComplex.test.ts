import { crossedPolicy } from '../__fixtures__/crossedPaths';
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
const CHECKOUT = 'component:default/checkout';

/** The shop with a hand-written policy of more patterns than can be compared. */
function shopWith(action: 'ALLOW' | 'DENY') {
  const text = policyText('orders', ['checkout: listOrders, getOrder']);
  const catalog = shopCatalog();
  const cluster = shopCluster(crossedPolicy(24, 'a', action));
  const compilation = compileShop([text], cluster, [], catalog);
  const { policy } = parseAccessPolicy({ path: 'orders.yaml', text });
  return {
    catalog,
    policies: [{ policy: policy! }],
    clusters: [
      withGenerated(cluster, loadManifests(compilation.files).objects),
    ],
    compilation,
  };
}

describe('beside a policy of too many patterns', () => {
  const ask = (action: 'ALLOW' | 'DENY') => {
    const { rows, counts } = accessTo(shopWith(action), API);
    return { counts, row: rows.find(({ caller }) => caller.ref === CHECKOUT) };
  };

  it('that refuses, nobody is said to get through surely', () => {
    const { row, counts } = ask('DENY');
    expect(row).toMatchObject({ certainty: 'unknown' });
    expect(row?.grants).not.toMatchObject([{ standing: 'effective' }]);
    expect(counts.callers).toBe(0);
  });

  it('that admits, what was granted gets through, and what else does is not known', () => {
    const { row, counts } = ask('ALLOW');
    expect(row).toMatchObject({
      certainty: 'unknown',
      grants: [{ standing: 'effective' }],
    });
    expect(counts).toMatchObject({ callers: 1, moreThanGranted: 0 });
  });

  it('the page of a caller has the same row', () => {
    const moment = shopWith('DENY');
    const [row] = accessOf(moment, CHECKOUT).rows;
    expect(row).toEqual(
      accessTo(moment, API).rows.find(({ caller }) => caller.ref === CHECKOUT),
    );
  });
});
