import type { AccessRow } from '@callgate/plugin-callgate-common';
import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';

jest.setTimeout(120_000);

describe('an API that is closed in one cluster and open in another', () => {
  let shop: ChangedShop;

  // The cart has a grant in prod-eu, here written in two parts; staging has no policy for orders at all.
  beforeAll(async () => {
    shop = await startChangedShop({
      files: {
        'repository/policies/default/orders.yaml': text =>
          text.replace(
            '  grants:\n',
            [
              '  grants:',
              '    - id: cart-places-orders-too',
              '      caller: component:default/cart',
              '      in: [prod-eu]',
              '      operations:',
              '        - id: createOrder',
              '      reason: The same again',
              '',
            ].join('\n'),
          ),
      },
    });
  });
  afterAll(() => shop?.stop());

  it('lists a caller once, with its grants in the one and what it can do without a grant in the other', async () => {
    const { body } = await shop.as('omar').get('/apis/default/orders');
    const cart = (body.callers as AccessRow[]).filter(
      ({ caller }) => caller.ref === 'component:default/cart',
    );
    expect(cart).toHaveLength(1);
    const [{ compared, grants, beyond, clusters }] = cart;
    expect(compared).toBe('more');
    expect(grants.map(({ id, api, status }) => [id, api, status])).toEqual([
      ['cart-places-orders-too', 'api:default/orders', 'granted'],
      ['cart-places-orders', 'api:default/orders', 'granted'],
    ]);
    expect(beyond).toMatchObject([
      { clusters: ['staging'], because: 'Nothing restricts it.' },
    ]);
    expect(clusters.map(({ cluster }) => cluster)).toEqual([
      'prod-eu',
      'staging',
    ]);
  });

  it('counts callers, not their grants', async () => {
    const { body } = await shop.as('omar').get('/apis/default/orders');
    // The declaration grants access to six; legacy-batch comes in by a hand-written policy.
    expect(body.headline.text).toBe(
      'Closed in prod-eu to everyone but 7 callers, 1 of them without a grant; open to everyone in staging',
    );
  });
});
