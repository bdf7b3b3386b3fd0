import { excludes } from './globs';

describe('excludes', () => {
  it.each<[string, string, boolean]>([
    ['charts/**', 'charts/x/templates/d.yaml', true],
    ['charts/**', 'other/charts/x.yaml', false],
    ['charts/', 'charts/x.yaml', true],
    ['*.json', 'data/rows.json', true],
    ['*.json', 'rows.json', true],
    ['*.json', 'rows.json.yaml', false],
    ['data/*.json', 'data/deep/rows.json', false],
    ['**/templates/**', 'a/b/templates/c/d.yaml', true],
    ['**/templates/**', 'templates/d.yaml', true],
    ['**/templates/**', 'a/xtemplates/d.yaml', false],
    ['templates/', 'a/templates/d.yaml', true],
    ['./a.yaml', 'a.yaml', true],
    ['a?.yaml', 'ab.yaml', true],
    ['a.yaml', 'abyaml', false],
  ])('%s leaves out %s: %p', (glob, path, isOut) => {
    expect(excludes([glob])(path)).toBe(isOut);
  });

  it('leaves out nothing without globs', () => {
    expect(excludes([])('a.yaml')).toBe(false);
  });
});
