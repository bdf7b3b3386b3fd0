import { code, md, plain, table } from './markdown';

/** What a Markdown renderer leaves of backslash escapes and entities: the text that a reader sees. */
function seen(markdown: string): string {
  return markdown
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&ZeroWidthSpace;/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

describe('md', () => {
  it.each([
    ['markup', '**bold** _it_ ~~no~~ `code`'],
    ['a link', '[click](javascript:alert(1)) ![x](http://evil.example/p.png)'],
    ['HTML', '<img src=x onerror=alert(1)> <!-- hidden --> &lt;'],
    ['a table', 'a | b | c'],
    ['mathematics', '$\\unicode{x}$'],
    ['an escape of our escapes', '\\*not bold\\*'],
    ['a footnote', '[^1] and ^up^'],
  ])('shows %s as it was typed', (_, text) => {
    expect(seen(md(text))).toBe(text);
  });

  it.each([
    ['emphasis', '**a**', /(^|[^\\])\*/],
    ['code', '`a`', /(^|[^\\])`/],
    ['links', '[a](b)', /(^|[^\\])[[(]/],
    ['HTML tags', '<script>alert(1)</script>', /[<>]/],
    [
      'HTML entities',
      '&#64;admin &commat;admin',
      /&(?!amp;|lt;|gt;|ZeroWidthSpace;)/,
    ],
    ['cells of a table', 'a|b', /(^|[^\\])\|/],
    ['mentions of people and teams', '@octocat and @org/team', /@[\w]/],
    ['references to issues', 'closes #1, org/repo#2', /#\d/],
    ['references to issues by GH-', 'fixes GH-12', /GH\\?-\d/],
    [
      'addresses',
      'see https://evil.example and www.evil.example',
      /:\/\/|www\./,
    ],
    ['mail addresses', 'mail me@evil.example', /@[\w]/],
    ['emoji', ':skull:', /:skull:/],
    ['comments', '<!-- x -->', /<!--|-->/],
    [
      'headings and lists on lines of their own',
      'a\n# b\n- c\r\n---\n',
      /[\r\n]/,
    ],
    ['further rows of a table', 'a\u2028| b |\u2029', /[\u2028\u2029]/],
  ])('makes no %s', (_, text, markup) => {
    expect(md(text)).not.toMatch(markup);
  });

  it('drops characters that reorder or hide text', () => {
    expect(md('admin\u202e\u200bnimda\u0000\u0007')).toBe('adminnimda');
  });

  it('shortens by whole characters', () => {
    expect(md('\u{1F512}'.repeat(30), 5)).toBe(`${'\u{1F512}'.repeat(4)}…`);
    expect(md('a'.repeat(100_000)).length).toBeLessThan(600);
  });
});

describe('code', () => {
  it('keeps names as they are', () => {
    expect(code('GET /orders/{id}')).toBe('`GET /orders/{id}`');
  });

  it('cannot be left by backticks', () => {
    expect(code('a`b``c')).toBe('```a`b``c```');
    expect(code('`')).toBe('`` ` ``');
  });

  it('stays in its cell and on its line', () => {
    expect(code('a|b\nc')).toBe('`a\\|b c`');
  });

  it('writes nothing for nothing', () => {
    expect(code(' \n')).toBe('');
  });
});

describe('plain', () => {
  it('is one line', () => {
    expect(plain(' a\r\n\tb ')).toBe('a b');
  });
});

describe('table', () => {
  it('counts the rows that it leaves out', () => {
    expect(table(['a'], [['1'], ['2'], ['3']], 2)).toBe(
      '| a |\n| --- |\n| 1 |\n| 2 |\n\n… and 1 more.',
    );
  });
});
