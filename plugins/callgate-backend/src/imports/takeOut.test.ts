import { keyOf, takeOut } from './takeOut';

const policy = (name: string) =>
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: crm }
spec: { podSelector: {} }
`;

const from = (text: string, ...names: string[]) =>
  takeOut(
    { path: 'clusters/prod/crm.yaml', text },
    new Set(
      names.map(name =>
        keyOf({ kind: 'NetworkPolicy', namespace: 'crm', name }),
      ),
    ),
  );

describe('taking an object out of a file', () => {
  // YAML 1.2, 9.1.2: a document begins with its `---`. What stands between two of these is one document.
  it.each([
    [
      'the first one, without its ---',
      `${policy('a')}---\n${policy('b')}`,
      'a',
      `---\n${policy('b')}`,
    ],
    [
      'one in the middle',
      `---\n${policy('a')}---\n${policy('b')}---\n${policy('c')}`,
      'b',
      `---\n${policy('a')}---\n${policy('c')}`,
    ],
    [
      'the last one',
      `${policy('a')}--- # the second\n${policy('b')}`,
      'b',
      policy('a'),
    ],
    [
      'with the comments in it, and not those above and below',
      `# of the platform team\n\n# about a\n${policy(
        'a',
      )}\n# about b\n---\n# who calls b\n${policy(
        'b',
      )}# end of b\n---\n${policy('c')}`,
      'b',
      `# of the platform team\n\n# about a\n${policy(
        'a',
      )}\n# about b\n# end of b\n---\n${policy('c')}`,
    ],
    [
      'the first one, and the head of the file stays',
      `# of the platform team\n\n# about a\n${policy('a')}---\n${policy('b')}`,
      'a',
      `# of the platform team\n\n---\n${policy('b')}`,
    ],
    [
      'and other line ends, spaces and quotes stay as they are',
      `---\r\n${policy('a').replace(
        /\n/g,
        '\r\n',
      )}---   \nkind:   "ConfigMap"\napiVersion: v1\nmetadata: {name:   'x'}\ndata: {t: "a\\tb"}  `,
      'a',
      `---   \nkind:   "ConfigMap"\napiVersion: v1\nmetadata: {name:   'x'}\ndata: {t: "a\\tb"}  `,
    ],
    [
      'one JSON value of several',
      `{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a","namespace":"crm"},"spec":{}}\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}\n`,
      'a',
      `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}\n`,
    ],
    [
      'although a text has what looks like a comment at its end',
      `${policy(
        'a',
      )}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata:\n  t: |\n    # no comment\n`,
      'a',
      `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata:\n  t: |\n    # no comment\n`,
    ],
  ])('%s', (_, text, name, rest) => {
    expect(from(text, name)).toMatchObject({ text: rest });
  });

  it('takes several, and says what went', () => {
    const text = `---\n${policy('a')}---\n${policy('b')}---\n${policy('c')}`;
    expect(from(text, 'a', 'c')).toEqual({
      text: `---\n${policy('b')}`,
      documents: [`---\n${policy('a')}`, `---\n${policy('c')}`],
    });
  });

  it.each([
    ['it alone', policy('a')],
    ['comments and empty documents beside it', `# x\n---\n${policy('a')}---\n`],
    [
      'JSON',
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'a', namespace: 'crm' },
        spec: { podSelector: {} },
      }),
    ],
  ])('removes the file that has %s', (_, text) => {
    expect(from(text, 'a')).toMatchObject({ text: undefined });
  });

  it('keeps a file that has something else, also what is no object', () => {
    expect(
      from(`${policy('a')}---\nsettings: of somebody\n`, 'a'),
    ).toMatchObject({ text: '---\nsettings: of somebody\n' });
  });

  const list = (...names: string[]) =>
    `apiVersion: v1\nkind: List\nitems:\n${names
      .map(name =>
        policy(name)
          .split('\n')
          .filter(Boolean)
          .map((line, index) => `${index === 0 ? '- ' : '  '}${line}\n`)
          .join(''),
      )
      .join('')}`;

  it.each([
    ['an item of a List', list('a', 'b'), { why: 'list-item', line: 1 }],
    ['the only item of a List', list('a'), { why: 'list-item', line: 1 }],
    [
      'what a template makes',
      `${policy('a')}---\n# {{ .Values.more }}\n${policy('b')}`,
      { why: 'template' },
    ],
    [
      'what is there twice',
      `${policy('a')}---\n${policy('a')}`,
      { why: 'twice', line: 6 },
    ],
    [
      'what stands beside something that cannot be read',
      `${policy('a')}---\nkind: [\n`,
      { why: 'unreadable', line: 5 },
    ],
    [
      'what stands before a document that only the end of it sets apart',
      `${policy('x')}---\n${policy('a')}...\n${policy('c')}`,
      { why: 'not-separable', line: 6 },
    ],
  ])('does not take apart %s', (_, text, why) => {
    expect(from(text, 'a')).toEqual(why);
  });

  it('takes out what an end of document sets apart', () => {
    const [a, b, c] = ['a', 'b', 'c'].map(policy);
    expect(from(`${a}...\n${b}...\n${c}`, 'b')).toMatchObject({
      text: `${a}...\n${c}`,
    });
  });
});
