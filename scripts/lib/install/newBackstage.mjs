import fs from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { must } from '../must.mjs';
import { inRoot, YARN } from '../paths.mjs';
import { npmCommand } from '../process.mjs';

/** Makes an app of Backstage 1.55.0, the one of backstage.json. */
export const CREATE_APP = '@backstage/create-app@0.9.2';

/**
 * Plugins of the template that are left out: the lock file of this repository does not have them, so that they and what
 * comes with them would be of whatever release is the newest, beside the one that is tried. docs/install.md says so.
 */
const LEFT_OUT = {
  '.': ['@backstage/e2e-test-utils'],
  'packages/app': [
    '@backstage/plugin-app-visualizer',
    '@backstage/plugin-auth',
    '@backstage/plugin-catalog-import',
    '@backstage/plugin-home',
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

/** Not in the lock file either, but needed: permissions have no policy without. Taken as the template's release has it. */
const ALLOW_ALL =
  '@backstage/plugin-permission-backend-module-allow-all-policy';

/**
 * A new Backstage as its authors' own command makes one, not yet installed.
 *
 * @param options.into - the folder to make
 * @param options.env - environment with `yarn` on the PATH
 */
export async function newBackstage({ into, env }) {
  const npm = npmCommand();
  await must(
    CREATE_APP,
    npm.program,
    [
      ...npm.args,
      'exec',
      '--yes',
      `--package=${CREATE_APP}`,
      '--',
      'backstage-create-app',
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
  leaveOut(into);
  pinRelease(into);
}

function leaveOut(host) {
  for (const [folder, names] of Object.entries(LEFT_OUT)) {
    edit(path.join(host, folder, 'package.json'), text => {
      const manifest = JSON.parse(text);
      for (const name of names) {
        const { dependencies = {}, devDependencies = {} } = manifest;
        if (!(name in dependencies) && !(name in devDependencies)) {
          throw new Error(`The template has no ${name} in ${folder}.`);
        }
        delete dependencies[name];
        delete devDependencies[name];
      }
      return json(manifest);
    });
  }
  edit(path.join(host, 'packages/backend/src/index.ts'), text =>
    LEFT_OUT['packages/backend'].reduce(
      (rest, name) =>
        without(rest, `backend\\.add\\(\\s*import\\('${name}'\\),?\\s*\\);\n`),
      text,
    ),
  );
  const app = path.join(host, 'packages/app/src');
  // The menu's search, and the home page with its module and its configuration.
  edit(path.join(app, 'modules/nav/Sidebar.tsx'), text =>
    [
      `import SearchIcon [^\n]*\n`,
      `import { SidebarSearchModal } [^\n]*\n`,
      ` *<SidebarGroup label="Search"[^]*?</SidebarGroup>\n`,
    ].reduce(without, text),
  );
  fs.rmSync(path.join(app, 'modules/home'), { recursive: true });
  edit(path.join(app, 'App.tsx'), text =>
    [`import { homeModule } [^\n]*\n`, `, homeModule`].reduce(without, text),
  );
  edit(path.join(host, 'app-config.yaml'), text => {
    const config = parseDocument(text);
    const extensions = config.getIn(['app', 'extensions']);
    extensions.items = extensions.items.filter(
      item => !/home/.test(JSON.stringify(item)),
    );
    return config.toString();
  });
}

/** The text without what the pattern fits, which has to be there. */
function without(text, pattern) {
  const rest = text.replace(new RegExp(pattern), '');
  if (rest === text)
    throw new Error(`The template has nothing like ${pattern}`);
  return rest;
}

/** The versions of this repository's lock file, and its pins for machines on which native packages cannot be compiled. */
function pinRelease(host) {
  fs.copyFileSync(inRoot('yarn.lock'), path.join(host, 'yarn.lock'));
  const { resolutions } = JSON.parse(
    fs.readFileSync(inRoot('package.json'), 'utf8'),
  );
  addResolutions(host, resolutions);
  edit(path.join(host, 'packages/backend/package.json'), text => {
    const manifest = JSON.parse(text);
    manifest.dependencies[ALLOW_ALL] = manifest.dependencies[ALLOW_ALL].replace(
      '^',
      '',
    );
    return json(manifest);
  });
}

/** Adds to the `resolutions` of the root package.json. */
export function addResolutions(host, resolutions) {
  edit(path.join(host, 'package.json'), text => {
    const manifest = JSON.parse(text);
    manifest.resolutions = { ...manifest.resolutions, ...resolutions };
    return json(manifest);
  });
}

/** Changes a text file; a change that changes nothing is an error, since the template is not what was expected. */
export function edit(file, change) {
  const before = fs.readFileSync(file, 'utf8');
  const after = change(before);
  if (after === before) {
    throw new Error(`${file} is not as expected, and was not changed.`);
  }
  fs.writeFileSync(file, after);
}

export const json = value => `${JSON.stringify(value, null, 2)}\n`;

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
