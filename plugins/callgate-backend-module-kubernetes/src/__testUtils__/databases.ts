import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { CONTENTS, LEASES, SNAPSHOTS } from '../snapshots/rows';

/** SQLite, and PostgreSQL where there is one for tests. To be called where tests are described. */
export function testDatabases(): TestDatabases {
  return TestDatabases.create({
    ids: process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING
      ? ['SQLITE_3', 'POSTGRES_18']
      : ['SQLITE_3'],
  });
}

/** As they are when the module was never started: a database for each test takes seconds. */
export async function emptyTables(client: Knex): Promise<void> {
  for (const table of [LEASES, SNAPSHOTS, CONTENTS])
    await client(table).delete();
}
