import { followLinks } from './followLinks';

const read = (
  texts: Record<string, string>,
  links: Record<string, string>,
  bytes: string[] = [],
) =>
  followLinks(
    new Map(Object.entries({ ...texts, ...links })),
    [...Object.keys(texts), ...Object.keys(links), ...bytes].sort(),
    new Map(Object.entries(links)),
  );

describe('followLinks', () => {
  it('reads a link as the file that it leads to, also through another link', () => {
    const { files, notText, broken } = read(
      { 'shared/base.yaml': 'base' },
      {
        'clusters/prod/a.yaml': '../../shared/base.yaml',
        'clusters/prod/b.yaml': './a.yaml',
      },
    );
    expect(Object.fromEntries(files)).toEqual({
      'clusters/prod/a.yaml': 'base',
      'clusters/prod/b.yaml': 'base',
      'shared/base.yaml': 'base',
    });
    expect([notText, broken]).toEqual([[], []]);
  });

  it('names links to nothing and to folders, whose text is none of a file', () => {
    const { files, notText, broken } = read(
      { 'shared/base.yaml': 'base' },
      { 'a.yaml': 'gone.yaml', 'b.yaml': 'shared', 'c.yaml': './c.yaml' },
    );
    expect([...files.keys()]).toEqual(['shared/base.yaml']);
    expect(notText).toEqual([]);
    expect(broken).toEqual([
      { path: 'a.yaml', why: 'is a link to gone.yaml, where nothing is' },
      {
        path: 'b.yaml',
        why: 'is a link to shared, which is a folder: what is in it is read where it is',
      },
      {
        path: 'c.yaml',
        why: 'is a link to ./c.yaml, and so leads back to itself',
      },
    ]);
  });

  it.each([
    ['/etc/passwd', 'is a link to /etc/passwd, out of the repository'],
    ['../../x.yaml', 'is a link to ../../x.yaml, out of the repository'],
    ['bytes.yaml', 'is a link to bytes.yaml, which is not UTF-8 text'],
  ])('does not know what %s says', (target, why) => {
    const { files, notText, broken } = read({}, { 'p/a.yaml': target }, [
      'p/bytes.yaml',
    ]);
    expect([...files]).toEqual([]);
    expect(broken).toEqual([]);
    expect(notText.find(({ path }) => path === 'p/a.yaml')?.why).toContain(why);
  });

  it('goes through links to folders as a checkout does: what is applied by them is read', () => {
    const { files, notText, broken } = read(
      { 'teams/shop/open.yaml': 'open', 'teams/base.yaml': 'base' },
      {
        shared: 'teams/shop',
        'clusters/prod/a.yaml': '../../shared/open.yaml',
        // Above the folder that is meant, not above the link to it.
        'clusters/prod/b.yaml': '../../shared/../base.yaml',
      },
    );
    expect(files.get('clusters/prod/a.yaml')).toBe('open');
    expect(files.get('clusters/prod/b.yaml')).toBe('base');
    expect(notText).toEqual([]);
    expect(broken.map(({ path }) => path)).toEqual(['shared']);
  });

  it.each(['../base.yaml/', '../base.yaml/../base.yaml', '../no/../base.yaml'])(
    'reads nothing by %s, where a checkout has nothing',
    target => {
      const { files, broken } = read(
        { 'base.yaml': 'base' },
        { 'clusters/a.yaml': target },
      );
      expect([...files.keys()]).toEqual(['base.yaml']);
      expect(broken).toHaveLength(1);
    },
  );

  it('leads out through a link to a folder no more than through others', () => {
    const { files, notText } = read(
      { 'a/b/c.yaml': 'c' },
      { up: 'a', 'x.yaml': 'up/../../etc/passwd' },
    );
    expect([...files.keys()]).toEqual(['a/b/c.yaml']);
    expect(notText.map(({ path }) => path)).toEqual(['x.yaml']);
  });

  it('keeps nobody waiting: tens of thousands of links, and folders that lead through each other', () => {
    const links = Object.fromEntries(
      Array.from({ length: 30_000 }, (_, index) => [
        `p/${index}.yaml`,
        `gone/${index}.yaml`,
      ]),
    );
    const tangled = Object.fromEntries(
      Array.from({ length: 39 }, (_, index) => [
        `t${index}`,
        `${'./'.repeat(1000)}t${index + 1}/../t${index + 1}`,
      ]),
    );
    const started = Date.now();
    const { broken, notText } = read({ 'a.yaml': 'a' }, links);
    expect(broken).toHaveLength(30_000);
    expect(notText).toEqual([]);
    expect(
      read(
        { 't39/a.yaml': 'a' },
        { ...tangled, 'x.yaml': 't0/a.yaml' },
      ).notText.map(({ path }) => path),
    ).toContain('x.yaml');
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});
