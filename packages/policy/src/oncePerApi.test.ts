import { finding } from './findings';
import { oncePerApi } from './oncePerApi';

const head = (api: string, grantId: string, object = 'shop/Deployment/a') =>
  finding('head-not-included', `HEAD is not granted with GET on /${grantId}`, {
    objects: [object],
    api,
    grantId,
    at: { file: 'orders.yaml', line: 7 },
  });

describe('oncePerApi', () => {
  it('says once for an API that its grants leave out HEAD, and of which', () => {
    const found = oncePerApi([
      head('api:default/orders', 'one'),
      head('api:default/orders', 'two', 'shop/Deployment/b'),
      head('api:default/orders', 'three'),
      head('api:default/orders', 'four'),
    ]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      message:
        'HEAD is not granted with GET in 4 grants: one, two, three and 1 more',
      objects: ['shop/Deployment/a', 'shop/Deployment/b'],
      at: { file: 'orders.yaml' },
      data: { grants: ['one', 'two', 'three', 'four'] },
    });
    expect(found[0].grantId).toBeUndefined();
  });

  it('leaves alone what is of one grant, of another API, or of another kind', () => {
    const all = [
      head('api:default/orders', 'one'),
      head('api:default/carts', 'one'),
      ...['one', 'two'].map(grantId =>
        finding('unknown-operation', 'No such operation', {
          objects: [],
          api: 'api:default/orders',
          grantId,
        }),
      ),
    ];
    expect(oncePerApi(all)).toEqual(all);
  });
});
