import fs from 'node:fs';
import path from 'node:path';
import { must } from '../must.mjs';
import { inRoot, YARN } from '../paths.mjs';
import { npmCommand } from '../process.mjs';
import { addResolutions, edit, editJson, without } from './edit.mjs';

/**
 * Plugins of every template that are left out: the lock file of this repository does not have them, so that they and what
 * comes with them would be of whatever release is the newest, beside the one that is tried. docs/install.md says so.
 */
const LEFT_OUT = {
  '.': ['@backstage/e2e-test-utils'],
  'packages/app': [
    '@backstage/plugin-catalog-import',
    '@backstage/plugin-kubernetes',
    '@backstage/plugin-scaffolder',
    '@backstage/plugin-search',
    '@backstage/plugin-techdocs',
    '@backstage/plugin-techdocs-module-addons-contrib',
  ],
  'packages/backend': [
    '@backstage/plugin-auth-backend-module-guest-provider',
    '@backstage/plugin-catalog-backend-module-scaffolder-entity-model',
    '@backstage/plugin-kubernetes-backend',
    '@backstage/plugin-mcp-actions-backend',
    '@backstage/plugin-proxy-backend',
    '@backstage/plugin-scaffolder-backend',
    '@backstage/plugin-scaffolder-backend-module-github',
    '@backstage/plugin-scaffolder-backend-module-notifications',
    '@backstage/plugin-search-backend-module-catalog',
    '@backstage/plugin-search-backend-module-pg',
    '@backstage/plugin-search-backend-module-techdocs',
    '@backstage/plugin-techdocs-backend',
  ],
};

/** Not in the lock file either; an app that keeps it takes it as the template's release has it. */
const ALLOW_ALL =
  '@backstage/plugin-permission-backend-module-allow-all-policy';

/**
 * A new Backstage as its authors' own command makes one, not yet installed.
 *
 * @param app - which frontend system, and what goes with it: apps.mjs
 * @param options.into - the folder to make
 * @param options.env - environment with `yarn` on the PATH
 */
export async function newBackstage(app, { into, env }) {
  const npm = npmCommand();
  const createApp = `@backstage/create-app@${app.createApp.version}`;
  await must(
    createApp,
    npm.program,
    [
      ...npm.args,
      'exec',
      '--yes',
      `--package=${createApp}`,
      '--',
      'backstage-create-app',
      ...app.createApp.options,
      '--skip-install',
      '--path',
      into,
    ],
    {
      cwd: path.dirname(into),
      shell: npm.shell,
      env: { ...env, BACKSTAGE_APP_NAME: 'host' },
    },
  );
  for (const [folder, names] of Object.entries(LEFT_OUT)) {
    drop(into, folder, names);
  }
  drop(into, 'packages/app', app.leftOut);
  removeFromBackend(into, LEFT_OUT['packages/backend']);
  app.leaveOut(into);
  if (app.policy) {
    drop(into, 'packages/backend', [ALLOW_ALL]);
    removeFromBackend(into, [ALLOW_ALL]);
  } else {
    pin(into, ALLOW_ALL);
  }
  pinRelease(app, into);
}

/** Takes packages out of a package.json that has them. */
function drop(host, folder, names) {
  if (names.length === 0) return;
  editJson(path.join(host, folder, 'package.json'), manifest => {
    const { dependencies = {}, devDependencies = {} } = manifest;
    for (const name of names) {
      if (!(name in dependencies) && !(name in devDependencies)) {
        throw new Error(`The template has no ${name} in ${folder}.`);
      }
      delete dependencies[name];
      delete devDependencies[name];
    }
  });
}

function removeFromBackend(host, names) {
  edit(path.join(host, 'packages/backend/src/index.ts'), text =>
    without(
      text,
      ...names.map(
        name => `backend\\.add\\(\\s*import\\('${name}'\\),?\\s*\\);\n`,
      ),
    ),
  );
}

/** Exactly the version that the template names, and none that came later. */
function pin(host, name) {
  editJson(path.join(host, 'packages/backend/package.json'), manifest => {
    manifest.dependencies[name] = manifest.dependencies[name].replace('^', '');
  });
}

/**
 * The versions of this repository's lock file, its pins for machines on which native packages cannot be compiled, and all of
 * Backstage as an app has it that stays on an earlier release.
 */
function pinRelease(app, host) {
  fs.copyFileSync(inRoot('yarn.lock'), path.join(host, 'yarn.lock'));
  const { resolutions } = JSON.parse(
    fs.readFileSync(inRoot('package.json'), 'utf8'),
  );
  addResolutions(host, { ...resolutions, ...app.release });
}

/**
 * What Yarn and Backstage's commands run with in the new app.
 *
 * @param bin - an existing folder that gets a command `yarn`
 * @param registry - Yarn's settings for the way to the registry
 */
export function hostEnvironment(bin, registry) {
  const yarn = path.join(bin, 'yarn');
  fs.writeFileSync(
    yarn,
    `#!/bin/sh\nexec '${process.execPath}' '${YARN}' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    ...registry,
    PATH: [bin, process.env.PATH].join(path.delimiter),
    YARN_ENABLE_TELEMETRY: '0',
    // The lock file is that of another app, and is completed.
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    // Nothing of what is left needs to compile anything.
    YARN_ENABLE_SCRIPTS: 'false',
    // A registry that does not say when a version came has none that is old enough.
    YARN_NPM_MINIMAL_AGE_GATE: '0',
  };
}
