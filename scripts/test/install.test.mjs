import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { documented, packagesToAdd } from '../lib/install/documented.mjs';
import { above, without } from '../lib/install/edit.mjs';
import { inlineCatalog } from '../lib/install/inlineCatalog.mjs';
import { twoVersions } from '../lib/install/twoVersions.mjs';
import { APPS } from '../lib/install/apps.mjs';
import { inRoot } from '../lib/paths.mjs';

test('a code block is found by the comment above it', () => {
  const page =
    'Text\n\n<!-- test:install one -->\n\n```ts\na\nb\n```\n\n<!-- test:install two -->\n\n```yaml\nc: 1\n```\n';
  assert.equal(documented('one', page), 'a\nb');
  assert.equal(documented('two', page), 'c: 1');
});

test('a comment without a code block right below it is an error', () => {
  const page = '<!-- test:install one -->\n\nText\n\n```ts\na\n```\n';
  assert.throws(() => documented('one', page), /test:install one/);
  assert.throws(() => documented('other', page), /test:install other/);
});

test('commands say what is added where, and others are refused', () => {
  assert.deepEqual(packagesToAdd('yarn --cwd packages/app add a @b/c\n'), [
    { folder: 'packages/app', name: 'a' },
    { folder: 'packages/app', name: '@b/c' },
  ]);
  assert.throws(() => packagesToAdd('npm install a'), /npm install a/);
});

test('what a template is changed by has to fit it', () => {
  const template = 'a\n  b\nc\nb\n';
  assert.equal(without(template, ' *b\n'), 'a\nc\nb\n');
  assert.equal(without(template, ' *b\n', 'b\n'), 'a\nc\n');
  assert.throws(() => without(template, 'a\n', 'a\n'), /nothing like a/);
  assert.equal(above(template, 'b', '1\n2'), 'a\n1\n2\n  b\nc\nb\n');
  assert.throws(() => above(template, 'd', '1'), /no line d/);
});

test('--only takes the names of the apps, and no others', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [inRoot('scripts/run.mjs'), 'test:install', '--only', 'other'],
    { encoding: 'utf8' },
  );
  assert.equal(status, 1);
  assert.ok(
    stderr.includes(`--only takes ${Object.keys(APPS).join(' or ')}, not`),
    stderr,
  );
});

test('a catalog in one file has its definitions in it, and no location', t => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-catalog-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.writeFileSync(
    path.join(folder, 'apis.yaml'),
    'kind: API\nspec:\n  definition:\n    $text: ./a.proto\n---\nkind: Component\n',
  );
  fs.writeFileSync(path.join(folder, 'all.yaml'), 'kind: Location\n');
  fs.writeFileSync(path.join(folder, 'a.proto'), 'syntax = "proto3";\n\nx\n');
  const entities = parseAllDocuments(inlineCatalog(folder)).map(d => d.toJS());
  assert.deepEqual(entities, [
    { kind: 'API', spec: { definition: 'syntax = "proto3";\n\nx\n' } },
    { kind: 'Component' },
  ]);
});

test('packages of Backstage in two versions are named, others are not', () => {
  const lock = `
__metadata:
  version: 8

"@backstage/ui@npm:^0.17.0":
  version: 0.17.0
  resolution: "@backstage/ui@npm:0.17.0"

"@backstage/ui@npm:^0.18.0":
  version: 0.18.0
  resolution: "@backstage/ui@npm:0.18.0"

"@backstage/config@npm:^1.3.0, @backstage/config@npm:^1.3.9":
  version: 1.3.9
  resolution: "@backstage/config@npm:1.3.9"

"semver@npm:^6.0.0":
  version: 6.3.1
  resolution: "semver@npm:6.3.1"

"semver@npm:^7.0.0":
  version: 7.7.0
  resolution: "semver@npm:7.7.0"
`;
  assert.deepEqual(twoVersions(lock), ['@backstage/ui 0.17.0, 0.18.0']);
});

test('docs/install.md is for the Backstage of backstage.json', () => {
  const { version } = JSON.parse(
    fs.readFileSync(inRoot('backstage.json'), 'utf8'),
  );
  const page = fs.readFileSync(inRoot('docs/install.md'), 'utf8');
  assert.equal(
    /Backstage (\d+\.\d+)\*\*/.exec(page)?.[1],
    version.split('.').slice(0, 2).join('.'),
  );
});
