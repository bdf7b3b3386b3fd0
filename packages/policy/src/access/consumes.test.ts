import { shopCluster } from '../__fixtures__/shop';
import { compile } from '../compile/compile';
import type { CatalogEntity } from '../model/types';
import { accessOf } from './accessOf';

describe('what an entity consumes', () => {
  it('is read from the catalog in full, passing over what stands there and is no text', () => {
    const catalog: CatalogEntity[] = [
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'cart' },
        spec: { consumesApis: [{ toString: 1 }, null, 5, 'retail/orders'] },
        relations: [
          { type: 'consumesApi', targetRef: 'api:default/pricing' },
          { type: 'providesApi', targetRef: 'api:default/cart' },
        ],
      },
    ];
    const clusters = [shopCluster()];
    const { consumes } = accessOf(
      {
        catalog,
        clusters,
        policies: [],
        compilation: compile({ catalog, clusters, policies: [] }),
      },
      'component:default/cart',
    );
    expect(consumes).toEqual(['api:default/pricing', 'api:retail/orders']);
  });
});
