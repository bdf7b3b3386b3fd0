import type { AuthService } from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { CatalogEntity } from '@callgate/policy';
import type { CatalogSource } from './types';

const KINDS = [
  'API',
  'Component',
  'Resource',
  'System',
  'Domain',
  'Group',
  'User',
];
const FIELDS = [
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.annotations',
  'metadata.labels',
  'spec',
  'relations',
];
const PAGE = 500;

/** The catalog through its own API, with the plugin's credentials: generating must not depend on who looks. */
export class CatalogServiceSource implements CatalogSource {
  constructor(
    private readonly options: { catalog: CatalogService; auth: AuthService },
  ) {}

  async entities(): Promise<CatalogEntity[]> {
    const { catalog, auth } = this.options;
    const credentials = await auth.getOwnServiceCredentials();
    const entities: CatalogEntity[] = [];
    let cursor: string | undefined;
    do {
      const page = await catalog.queryEntities(
        cursor
          ? { cursor, limit: PAGE, fields: FIELDS }
          : { filter: { kind: KINDS }, limit: PAGE, fields: FIELDS },
        { credentials },
      );
      entities.push(...(page.items as CatalogEntity[]));
      cursor = page.pageInfo.nextCursor;
    } while (cursor);
    return entities;
  }
}
