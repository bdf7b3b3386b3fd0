import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import semver from 'semver';
import { documented, packagesToAdd } from '../lib/install/documented.mjs';
import { previousApp } from '../lib/install/previousApp.mjs';
import { inRoot } from '../lib/paths.mjs';
import { PUBLISHED } from '../lib/published.mjs';
import { deadLinks } from '../lib/readmeLinks.mjs';

const read = (...file) => fs.readFileSync(inRoot(...file), 'utf8');
const manifest = folder => JSON.parse(read(folder, 'package.json'));

/** Folders of all packages that are not private. */
const publishable = ['packages', 'plugins'].flatMap(parent =>
  fs
    .readdirSync(inRoot(parent))
    .map(name => `${parent}/${name}`)
    .filter(folder => !manifest(folder).private),
);

test('every package that is not private is among the published', () => {
  assert.deepEqual([...publishable].sort(), [...PUBLISHED].sort());
});

test('changesets give exactly the published packages one version', () => {
  const { fixed, ignore, linked, privatePackages } = JSON.parse(
    read('.changeset/config.json'),
  );
  assert.deepEqual(
    fixed.map(group => [...group].sort()),
    [PUBLISHED.map(folder => manifest(folder).name).sort()],
  );
  assert.deepEqual([ignore ?? [], linked ?? []], [[], []]);
  assert.deepEqual(privatePackages, { version: false, tag: false });
});

for (const folder of PUBLISHED) {
  test(`${folder} has its version in its CHANGELOG`, () => {
    const { name, version } = manifest(folder);
    const [title, newest] = read(folder, 'CHANGELOG.md')
      .split('\n')
      .filter(line => /^##? /.test(line));
    assert.deepEqual([title, newest], [`# ${name}`, `## ${version}`]);
  });

  test(`${folder} comes with its license, and says what it is`, () => {
    // A real file: npm leaves out links, and Yarn packs them as links to nothing.
    assert.ok(fs.lstatSync(inRoot(folder, 'LICENSE')).isFile());
    assert.equal(read(folder, 'LICENSE'), read('LICENSE'));
    const { license, description, keywords, publishConfig } = manifest(folder);
    assert.equal(license, 'Apache-2.0');
    assert.ok(description && keywords.length > 0);
    assert.equal(publishConfig.access, 'public');
  });

  test(`${folder} names the repository where the root does, with its folder`, () => {
    const { repository } = JSON.parse(read('package.json'));
    assert.deepEqual(
      manifest(folder).repository,
      repository && { ...repository, directory: folder },
    );
  });

  test(`${folder}: no link of its README is dead on a registry`, () => {
    assert.deepEqual(
      deadLinks(read(folder, 'README.md'), manifest(folder).files),
      [],
    );
  });

  test(`${folder} asks for nothing of Backstage or Callgate that neither its code nor its types name`, () => {
    // Declarations name types that the code has only inferred; the reports of the API say of which packages.
    const sources = fs
      .globSync(['{src,bin}/**/*.{ts,tsx,js}', 'report*.api.md'], {
        cwd: inRoot(folder),
      })
      .filter(file => !/\.test\.tsx?$|__fixtures__|__testUtils__/.test(file))
      .map(file => read(folder, file))
      .join('\n');
    const unused = Object.keys(manifest(folder).dependencies ?? {}).filter(
      name =>
        /^@(backstage|callgate)\//.test(name) &&
        !sources.includes(`'${name}'`) &&
        !sources.includes(`'${name}/`),
    );
    assert.deepEqual(unused, []);
  });
}

test('a link is dead unless its file comes along', () => {
  const readme =
    '[a](../../docs/a.md) [b](schema/b.json#x) [c](https://c.example) [d](#d) [e](testdata/e.md) [f](schemas/f)';
  assert.deepEqual(deadLinks(readme, ['dist', '!dist/**/*.map', 'schema']), [
    '../../docs/a.md',
    'testdata/e.md',
    'schemas/f',
  ]);
});

test('docs/install.md is for the Backstage of backstage.json', () => {
  const { version } = JSON.parse(read('backstage.json'));
  assert.equal(
    /Backstage (\d+\.\d+)\*\*/.exec(read('docs/install.md'))?.[1],
    version.split('.').slice(0, 2).join('.'),
  );
});

/** Packages that docs/install.md adds, and those of ours that come with them. */
function tried() {
  const byName = new Map(
    PUBLISHED.map(folder => [manifest(folder).name, manifest(folder)]),
  );
  const found = new Set();
  const add = name => {
    if (!byName.has(name) || found.has(name)) return;
    found.add(name);
    Object.keys(byName.get(name).dependencies).forEach(add);
  };
  packagesToAdd(documented('packages')).forEach(({ name }) => add(name));
  return [...found].map(name => byName.get(name));
}

test('packages that are tried ask for no more of Backstage than its previous release has', () => {
  // A lock file of that release would otherwise get second versions of what it has.
  const tooNew = tried().flatMap(({ name, dependencies }) =>
    Object.entries(dependencies)
      .filter(([asked]) => asked.startsWith('@backstage/'))
      .filter(
        ([asked, range]) =>
          !semver.satisfies(previousApp.release[asked] ?? '0.0.0', range),
      )
      .map(([asked, range]) => `${name} asks for ${asked} ${range}`),
  );
  assert.deepEqual(tooNew, []);
});
