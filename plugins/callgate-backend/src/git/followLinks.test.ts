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
});
