import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../paths.mjs';
import { addDependency, edit, write } from './edit.mjs';
import { copyHostCode } from './hostCode.mjs';
import { inlineCatalog } from './inlineCatalog.mjs';

/**
 * What a company has already: people who sign in, perhaps a permission policy, a catalog, a database, and something that
 * runs. The catalog and what runs are Shop's; the code is in `host`.
 *
 * @param app - one of apps.mjs
 * @param options.connection - where its database is, as `backend.database` has it
 */
export function addCompany(app, host, { connection }) {
  addDependency(
    host,
    'packages/backend',
    '@backstage/backend-plugin-api',
    versionHere('packages/backend', '@backstage/backend-plugin-api'),
  );
  addToBackend(host, 'people');
  if (app.policy) addToBackend(host, 'policy');
  copyHostCode(host, 'app/PeopleSignIn.tsx');
  app.addSignIn(host);
  write(host, 'shop.yaml', inlineCatalog(inRoot('examples/shop/catalog')));
  fs.cpSync(
    inRoot('examples/shop/estate/prod-eu'),
    path.join(host, 'callgate/estate/prod-eu'),
    { recursive: true },
  );
  fs.appendFileSync(
    path.join(host, 'app-config.local.yaml'),
    `
auth:
  providers:
    people: {}
backend:
  database: ${JSON.stringify({ client: app.database, connection })}
catalog:
  locations:
    - type: file
      target: ../../shop.yaml
      rules:
        - allow: [Domain, System, Component, API, Resource, Group, User]
`,
  );
}

function addToBackend(host, module) {
  copyHostCode(host, `backend/${module}.ts`);
  edit(path.join(host, 'packages/backend/src/index.ts'), text =>
    text.replace('backend.start();', `backend.add(import('./${module}'));\n$&`),
  );
}

function versionHere(folder, name) {
  return JSON.parse(fs.readFileSync(inRoot(folder, 'package.json'), 'utf8'))
    .dependencies[name];
}
