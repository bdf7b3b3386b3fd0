import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../paths.mjs';
import { documented, packagesToAdd } from './documented.mjs';
import { inlineCatalog } from './inlineCatalog.mjs';
import { addResolutions, edit, json } from './newBackstage.mjs';

const HOST_CODE = inRoot('scripts/lib/install/host');

/**
 * Does in a new Backstage what docs/install.md says, with its code blocks.
 *
 * @param host - folder of the app
 * @param options.tarballs - by the name of their package; in `resolutions`, they stand for a registry that has them
 */
export function addCallgate(host, { tarballs }) {
  addResolutions(
    host,
    Object.fromEntries(
      [...tarballs].map(([name, tarball]) => [name, `file:${tarball}`]),
    ),
  );
  for (const { folder, name } of packagesToAdd(documented('packages'))) {
    addDependency(host, folder, name, `file:${tarballs.get(name)}`);
  }
  edit(path.join(host, 'packages/backend/src/index.ts'), text =>
    text.replace('backend.start();', `${documented('backend')}\n\n$&`),
  );
  write(host, 'app-config.local.yaml', documented('config'));
  write(host, 'callgate/policies/profiles/prod-eu.yaml', documented('profile'));
}

/**
 * What a company has already: people who sign in, a catalog, and something that runs. The catalog and what runs are
 * Shop's; the code is in `host`.
 */
export function addCompany(host, { connection }) {
  addDependency(
    host,
    'packages/backend',
    '@backstage/backend-plugin-api',
    versionHere('packages/backend', '@backstage/backend-plugin-api'),
  );
  copyCode(host, 'backend/people.ts', 'packages/backend/src/people.ts');
  edit(path.join(host, 'packages/backend/src/index.ts'), text =>
    text.replace('backend.start();', `backend.add(import('./people'));\n$&`),
  );
  copyCode(host, 'app/PeopleSignIn.tsx', 'packages/app/src/PeopleSignIn.tsx');
  copyCode(host, 'app/peopleModule.ts', 'packages/app/src/peopleModule.ts');
  edit(path.join(host, 'packages/app/src/App.tsx'), text =>
    `import { peopleModule } from './peopleModule';\n${text}`.replace(
      'features: [',
      'features: [peopleModule, ',
    ),
  );
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
  database: ${JSON.stringify(connection)}
catalog:
  locations:
    - type: file
      target: ../../shop.yaml
      rules:
        - allow: [Domain, System, Component, API, Resource, Group, User]
`,
  );
}

function copyCode(host, from, to) {
  fs.copyFileSync(path.join(HOST_CODE, from), path.join(host, to));
}

function write(host, file, text) {
  const target = path.join(host, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, `${text}\n`);
}

function addDependency(host, folder, name, version) {
  edit(path.join(host, folder, 'package.json'), text => {
    const manifest = JSON.parse(text);
    manifest.dependencies[name] = version;
    return json(manifest);
  });
}

function versionHere(folder, name) {
  return JSON.parse(fs.readFileSync(inRoot(folder, 'package.json'), 'utf8'))
    .dependencies[name];
}
