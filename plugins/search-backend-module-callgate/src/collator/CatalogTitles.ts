import type { AuthService } from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';

const AT_ONCE = 200;

/** How the catalog calls entities. */
export class CatalogTitles {
  constructor(
    private readonly options: {
      catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
      auth: AuthService;
    },
  ) {}

  /** Titles by ref; none for what is not in the catalog. */
  async of(refs: readonly string[]): Promise<Map<string, string>> {
    const { catalog, auth } = this.options;
    const titles = new Map<string, string>();
    for (let from = 0; from < refs.length; from += AT_ONCE) {
      const entityRefs = refs.slice(from, from + AT_ONCE);
      const { items } = await catalog.getEntitiesByRefs(
        { entityRefs, fields: ['metadata.name', 'metadata.title'] },
        { credentials: await auth.getOwnServiceCredentials() },
      );
      items.forEach((entity, index) => {
        if (entity) {
          const { title, name } = entity.metadata;
          titles.set(entityRefs[index], title ?? name);
        }
      });
    }
    return titles;
  }
}
