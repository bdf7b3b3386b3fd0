import { finding, findingTexts } from './findings';
import { oncePerApi } from './oncePerApi';

const head = (
  api: string,
  grantId: string,
  object = 'shop/Deployment/a',
  caller = `component:default/${grantId}`,
) =>
  finding('head-not-included', `HEAD is not granted with GET on /${grantId}`, {
    objects: [object],
    api,
    grantId,
    at: { file: 'orders.yaml', line: 7 },
    data: { caller },
  });

const TITLES = {
  workload: (id: string) => id,
  entity: (ref: string) => `the ${ref.replace('component:default/', '')}`,
};

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
        'HEAD is not granted with GET to component:default/one, component:default/two, component:default/three, component:default/four',
      fix: 'If one of them sends HEAD, change its grant so that it has HEAD too.',
      objects: ['shop/Deployment/a', 'shop/Deployment/b'],
      at: { file: 'orders.yaml' },
      data: { grants: ['one', 'two', 'three', 'four'] },
    });
    expect(found[0].grantId).toBeUndefined();
  });

  it('names callers as the reader knows them, each once, and counts more than five', () => {
    const callers = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a'];
    const [found, ...more] = oncePerApi(
      callers.map((caller, index) =>
        head(
          'api:default/orders',
          `grant-${index}`,
          undefined,
          `component:default/${caller}`,
        ),
      ),
    );
    expect(more).toEqual([]);
    expect(findingTexts(found, TITLES)).toEqual({
      message:
        'HEAD is not granted with GET to the a, the b, the c, the d, the e and 2 more',
      fix: 'If one of them sends HEAD, change its grant so that it has HEAD too.',
    });
  });

  it('counts the grants of findings that were kept before they named a caller', () => {
    const [found] = oncePerApi(
      ['one', 'two'].map(grantId => {
        const { data, ...kept } = head('api:default/orders', grantId);
        return kept;
      }),
    );
    expect(found.message).toBe('HEAD is not granted with GET in 2 grants');
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
