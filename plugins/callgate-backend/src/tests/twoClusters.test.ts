import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';

jest.setTimeout(120_000);

/** The part of a row that these cases look at. */
interface Row {
  caller: { ref: string };
  status: string;
  clusters: { cluster: string }[];
}

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

  it('lists a caller with a grant in the one as able to call without a grant in the other', async () => {
    const { body } = await shop.as('omar').get('/apis/default/orders');
    const cart = (body.callers as Row[])
      .filter(({ caller }) => caller.ref === 'component:default/cart')
      .map(({ status, clusters }) => [
        status,
        clusters.map(({ cluster }) => cluster),
      ]);
    expect(cart).toEqual([
      ['granted', ['prod-eu']],
      ['granted', ['prod-eu']],
      ['effective-not-declared', ['staging']],
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
