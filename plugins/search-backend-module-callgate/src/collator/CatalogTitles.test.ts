import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { CatalogTitles } from './CatalogTitles';

const entity = (name: string, title?: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'API',
  metadata: { name, namespace: 'default', ...(title && { title }) },
});

it('asks for many in portions, and has titles, names, and nothing for what is not there', async () => {
  const names = Array.from({ length: 450 }, (_, index) => `api-${index}`);
  const catalog = catalogServiceMock({
    entities: names
      .filter(name => name !== 'api-7')
      .map(name => entity(name, name === 'api-449' ? 'The last' : undefined)),
  });
  const asked: number[] = [];
  const titles = await new CatalogTitles({
    auth: mockServices.auth(),
    catalog: {
      getEntitiesByRefs: async (request, options) => {
        asked.push(request.entityRefs.length);
        return catalog.getEntitiesByRefs(request, options);
      },
    },
  }).of(names.map(name => `api:default/${name}`));
  expect(asked).toEqual([200, 200, 50]);
  expect(titles.size).toBe(449);
  expect(titles.has('api:default/api-7')).toBe(false);
  expect(titles.get('api:default/api-8')).toBe('api-8');
  expect(titles.get('api:default/api-449')).toBe('The last');
});
