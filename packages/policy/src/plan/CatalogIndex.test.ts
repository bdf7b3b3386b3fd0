import { CatalogEntity } from '../model';
import { CatalogIndex } from './CatalogIndex';

const entity = (
  kind: string,
  name: string,
  spec: Record<string, unknown> = {},
  relations: CatalogEntity['relations'] = [],
): CatalogEntity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name },
  spec,
  relations,
});

describe('CatalogIndex', () => {
  it('reads spec and relations alike', () => {
    const catalog = new CatalogIndex([
      entity('Component', 'a', { providesApis: ['orders'] }),
      entity('Component', 'b', {}, [
        { type: 'providesApi', targetRef: 'api:default/orders' },
      ]),
      entity('Component', 'c', { providesApis: ['other/orders'] }),
    ]);
    expect(catalog.providersOf('api:default/orders')).toEqual([
      'component:default/a',
      'component:default/b',
    ]);
  });

  it('takes references without kind and namespace relative to the entity', () => {
    const api: CatalogEntity = {
      apiVersion: 'v1',
      kind: 'API',
      metadata: { name: 'Orders', namespace: 'sales' },
      spec: { owner: 'Team' },
    };
    const catalog = new CatalogIndex([api]);
    expect(catalog.get('api:sales/orders')?.metadata.name).toBe('Orders');
    expect([...catalog.ownersOf(api)]).toEqual(['group:sales/team']);
  });

  it('ends on domains that are inside each other', () => {
    const catalog = new CatalogIndex([
      entity('Domain', 'x', { subdomainOf: 'y' }),
      entity('Domain', 'y', { subdomainOf: 'x' }),
      entity('System', 's', { domain: 'y' }),
      entity('Component', 'a', { system: 's' }),
    ]);
    expect(catalog.membersOf('domain:default/x')).toEqual([
      'component:default/a',
    ]);
  });

  it('ignores references that are none', () => {
    const catalog = new CatalogIndex([
      entity('Component', 'a', {
        providesApis: [7, 'a/b/c', undefined],
        owner: {},
      }),
    ]);
    expect(catalog.providersOf('api:default/orders')).toEqual([]);
  });
});
