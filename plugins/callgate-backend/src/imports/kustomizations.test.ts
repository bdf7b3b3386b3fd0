import { Kustomizations } from './kustomizations';

const FILE = 'clusters/prod/crm/callers.yaml';
const LIST = 'clusters/prod/crm/kustomization.yaml';

const of = (files: Record<string, string>) =>
  new Kustomizations(new Map(Object.entries(files)));

describe('kustomizations that name a file', () => {
  it('lose its entry, and nothing else of them changes', () => {
    const changes = new Map<string, string | undefined>();
    const found = of({
      [LIST]:
        '# what crm has\nkind: Kustomization\nresources:\n- web.yaml   # web\n-   "./callers.yaml" # who calls\n- ../base\n',
      'clusters/prod/other/kustomization.yaml': 'resources: [callers.yaml]\n',
    });
    expect(found.problemOf(FILE)).toBeUndefined();
    expect(found.forget(FILE, changes)).toBeUndefined();
    expect([...changes]).toEqual([
      [
        LIST,
        '# what crm has\nkind: Kustomization\nresources:\n- web.yaml   # web\n- ../base\n',
      ],
    ]);
  });

  it('lose one entry after the other', () => {
    const changes = new Map<string, string | undefined>();
    const found = of({
      [LIST]: 'resources:\n  - a.yaml\n  - callers.yaml\n  - b.yaml\n',
    });
    found.forget(FILE, changes);
    found.forget('clusters/prod/crm/a.yaml', changes);
    expect(changes.get(LIST)).toBe('resources:\n  - b.yaml\n');
    // A list of nothing is not what anybody meant.
    expect(found.forget('clusters/prod/crm/b.yaml', changes)).toEqual({
      why: 'not-editable',
      file: LIST,
      line: 2,
    });
  });

  it.each([
    ['in brackets', 'resources: [callers.yaml, web.yaml]\n', 1],
    ['alone', 'resources:\n- callers.yaml\n', 2],
    ['twice', 'resources:\n- callers.yaml\n- ./callers.yaml\n', undefined],
    ['over two lines', 'resources:\n- web.yaml\n-\n  callers.yaml\n', 4],
    ['by an anchor', 'resources:\n- &a callers.yaml\n- *a\n', 2],
    ['elsewhere', 'bases:\n- callers.yaml\n', undefined],
  ])('keep an entry that stands %s, and the file with it', (_, text, line) => {
    const found = of({ [LIST]: text });
    expect(found.forget(FILE, new Map())).toEqual({
      why: 'not-editable',
      file: LIST,
      ...(line !== undefined && { line }),
    });
  });

  it.each([
    [
      'has patches',
      { [LIST]: 'resources: [callers.yaml]\npatches: []\n' },
      LIST,
    ],
    [
      'is built on by one that has',
      {
        [LIST]: 'resources: [callers.yaml]\n',
        'overlays/eu/kustomization.yml':
          'resources: [../../clusters/prod/crm/]\nnamePrefix: eu-\n',
      },
      'overlays/eu/kustomization.yml',
    ],
    [
      'has the file as a patch',
      { [LIST]: 'patches:\n- path: callers.yaml\n' },
      LIST,
    ],
  ])('stand in the way where one %s', (_, files, file) => {
    expect(of(files as Record<string, string>).problemOf(FILE)).toEqual({
      why: 'transforms',
      file,
    });
  });

  it('stand in the way where one cannot be read and may name it', () => {
    expect(of({ [LIST]: 'resources: [callers.yaml' }).problemOf(FILE)).toEqual({
      why: 'unreadable',
      file: LIST,
    });
  });

  it('stand in the way where one is nested deeper than anybody writes', () => {
    const text = `# callers.yaml\nresources: ${'['.repeat(50_000)}`;
    expect(of({ [LIST]: text }).problemOf(FILE)?.why).toBe('unreadable');
  });

  it('may be built on each other in a circle', () => {
    expect(
      of({
        [LIST]: 'resources: [callers.yaml, ../other]\n',
        'clusters/prod/other/kustomization.yaml': 'resources: [../crm]\n',
      }).problemOf(FILE),
    ).toBeUndefined();
  });
});
