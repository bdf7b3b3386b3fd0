import {
  resolvePackagePath,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** The database is the plugin's, whose own migrations are in `knex_migrations`. */
const MIGRATIONS = 'kubernetes_knex_migrations';

/** Brings the module's tables up to date, unless the host does that itself. */
export async function migrate(database: DatabaseService): Promise<Knex> {
  const client = await database.getClient();
  if (!database.migrations?.skip) {
    await client.migrate.latest({
      directory: resolvePackagePath(
        '@callgate/plugin-callgate-backend-module-kubernetes',
        'migrations',
      ),
      tableName: MIGRATIONS,
    });
  }
  return client;
}
