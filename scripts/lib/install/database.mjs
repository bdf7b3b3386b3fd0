import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../paths.mjs';

/**
 * A database of an app's own, empty.
 *
 * @param client - as `backend.database.client` has it
 * @param folder - for its files
 * @param host - the app, whose driver is asked
 * @returns `connection`, as `backend.database` has it; `check`, which throws if Callgate has not written there; and `stop`
 */
export function startDatabase(client, folder, host) {
  return client === 'pg' ? postgres(folder, host) : sqlite(folder);
}

function sqlite(directory) {
  return {
    connection: { directory },
    check() {
      if (!fs.existsSync(path.join(directory, 'callgate.sqlite'))) {
        throw new Error(`Nothing of Callgate is in ${directory}.`);
      }
    },
    stop() {},
  };
}

function postgres(folder, host) {
  const run = action =>
    execFileSync(inRoot('.ci/postgres'), [action, folder], {
      encoding: 'utf8',
    }).trim();
  const connection = run('start');
  return {
    connection,
    check() {
      // A process of its own, since a driver answers later, and in the app's folder, which has the driver.
      const script = `
        const { Client } = require('pg');
        const url = new URL(${JSON.stringify(connection)});
        url.pathname = '/backstage_plugin_callgate';
        const client = new Client({ connectionString: url.href });
        client
          .connect()
          .then(() => client.query('select count(*) from access_requests'))
          .then(({ rows }) => {
            if (Number(rows[0].count) === 0) throw new Error('No request is in PostgreSQL.');
            return client.end();
          });`;
      execFileSync(process.execPath, ['-e', script], {
        cwd: path.join(host, 'packages/backend'),
        stdio: 'inherit',
      });
    },
    stop: () => run('stop'),
  };
}
