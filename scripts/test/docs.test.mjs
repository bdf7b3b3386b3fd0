import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { inRoot } from '../lib/paths.mjs';
import { headingsOf, linksOf } from '../lib/pageLinks.mjs';

const pages = fs
  .globSync('**/*.md', { cwd: inRoot('docs') })
  .map(page => page.split(path.sep).join('/'))
  .sort();
const textOf = page => fs.readFileSync(inRoot('docs', page), 'utf8');

test('there are pages', () => {
  assert.ok(pages.includes('README.md') && pages.length > 20);
});

test('every page is once in the navigation of TechDocs, and nothing else is', () => {
  const config = fs.readFileSync(inRoot('mkdocs.yml'), 'utf8');
  const nav = config.slice(config.indexOf('\nnav:'));
  const named = [...nav.matchAll(/: (\S+\.md)$/gm)].map(([, page]) => page);
  assert.deepEqual(named.sort(), pages);
});

for (const page of pages) {
  test(`docs/${page}: every link leads to a page, a picture or a heading below docs`, () => {
    // TechDocs has nothing but this folder: what is elsewhere in the repository is named, not linked.
    const dead = linksOf(textOf(page)).filter(target => {
      const [file, heading] = target.split('#');
      const at = file ? path.posix.join(path.posix.dirname(page), file) : page;
      const stat =
        !at.startsWith('../') &&
        fs.statSync(inRoot('docs', at), { throwIfNoEntry: false });
      return !(
        stat &&
        stat.isFile() &&
        (!heading || headingsOf(textOf(at)).has(heading))
      );
    });
    assert.deepEqual(dead, []);
  });
}

test('a link is found, and what only looks like one is not', () => {
  assert.deepEqual(
    linksOf(
      [
        'See [a page](a.md) and ![a picture](images/b.png).',
        '[elsewhere](https://shop.example) `[code](c.md)`',
        '```md\n[example](d.md)\n```',
        '[a heading](#there)',
      ].join('\n\n'),
    ),
    ['a.md', 'images/b.png', '#there'],
  );
});

test('headings have the names that the forge and TechDocs give them', () => {
  assert.deepEqual(
    [
      ...headingsOf(
        '# Who may\n\n## When it _cannot_ wait: `a.b`\n\n```sh\n# no heading\n```\n',
      ),
    ],
    ['who-may', 'when-it-cannot-wait-ab'],
  );
});
