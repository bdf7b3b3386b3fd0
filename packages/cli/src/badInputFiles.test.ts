import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { SHOP, SHOP_INPUT } from './__fixtures__/shopFiles';

afterEach(removeFolders);

/** What each option wants is of this kind; each command takes `bad.yaml` for one of them. */
const OPTIONS: [string, string[]][] = [
  ['lint --world', ['lint', '--world', 'bad.yaml']],
  ['reach --world', ['reach', '--world', 'bad.yaml']],
  ['reach --profile', ['reach', '--world', 'estate', '--profile', 'bad.yaml']],
  ['lint --rules', ['lint', '--world', 'estate', '--rules', 'bad.yaml']],
  ['eval --calls', ['eval', '--world', 'estate', '--calls', 'bad.yaml']],
  ['bench --compare', ['bench', '--only', 'parse', '--compare', 'bad.yaml']],
  ['diff --before', ['diff', '--before', 'bad.yaml', '--after', 'estate']],
  ['diff --after', ['diff', '--before', 'estate', '--after', 'bad.yaml']],
  [
    'explain --world',
    [
      ...['explain', '--world', 'bad.yaml', '--port', '80'],
      ...['--from', 'a/Deployment/b', '--to', 'a/Deployment/c'],
    ],
  ],
  ...['--catalog', '--policies', '--estate', '--profile'].map(
    (option): [string, string[]] => [
      `compile ${option}`,
      [
        'compile',
        ...SHOP_INPUT.map((value, index) =>
          SHOP_INPUT[index - 1] === option ? 'bad.yaml' : value,
        ),
        ...['--out', 'out'],
      ],
    ],
  ),
  ['verify --manifests', ['verify', ...SHOP_INPUT, '--manifests', 'bad.yaml']],
];

const namespace =
  'apiVersion: v1\nkind: Namespace\nmetadata: { name: added }\n';

/** Nothing that could be read as text: how to make it, and what is said. */
const UNREADABLE: [string, (path: string) => void, RegExp][] = [
  [
    'a link that leads nowhere',
    path => symlinkSync('/nowhere/at-all', path),
    /bad\.yaml: no such file or folder; check --/,
  ],
  [
    'a link that leads to itself',
    path => symlinkSync(path, path),
    /bad\.yaml: its links lead in a circle; check --/,
  ],
  [
    'a pipe that nobody writes to',
    path => execFileSync('mkfifo', [path]),
    /bad\.yaml: it is a pipe, socket or device; --\w+ wants files/,
  ],
  [
    'a device without an end',
    path => symlinkSync('/dev/zero', path),
    /bad\.yaml: it is a pipe, socket or device/,
  ],
  [
    'bytes that are no text',
    path =>
      writeFileSync(
        path,
        Buffer.concat([
          Buffer.from(namespace),
          Buffer.from([0x23, 0xc3, 0x28, 0xff]),
        ]),
      ),
    /bad\.yaml:4 is not text in UTF-8; save it as UTF-8/,
  ],
  [
    'a picture',
    path =>
      writeFileSync(
        path,
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]),
      ),
    /bad\.yaml:1 is not text in UTF-8/,
  ],
];

describe('input that cannot be read', () => {
  describe.each(UNREADABLE)('%s', (_, make, message) => {
    it.each(OPTIONS)(
      'as %s ends with 2 and one line that names it, and writes nothing',
      async (option, argv) => {
        const cwd = folderWith(SHOP);
        make(join(cwd, 'bad.yaml'));
        const { code, stdout, stderr } = await runCaptured(argv, { cwd });
        expect(stderr).toMatch(message);
        expect(stderr).toMatch(/^callgate: .+\n$/);
        expect(`${stderr} ${option}`).toMatch(/(--\w+)(?= wants|\n).* \1/s);
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(existsSync(join(cwd, 'out'))).toBe(false);
      },
    );
  });

  it('names a pipe that lies in a folder, instead of waiting for somebody to write to it', async () => {
    const cwd = folderWith(SHOP);
    execFileSync('mkfifo', [join(cwd, 'estate/waits.yaml')]);
    const { code, stderr } = await runCaptured(['lint', '--world', 'estate'], {
      cwd,
    });
    expect(stderr).toMatch(/estate\/waits\.yaml: it is a pipe/);
    expect(code).toBe(2);
  });

  it('names a socket', async () => {
    const cwd = folderWith(SHOP);
    const server = createServer();
    await new Promise<void>(resolve =>
      server.listen(join(cwd, 'bad.yaml'), resolve),
    );
    const { code, stderr } = await runCaptured(
      ['lint', '--world', 'bad.yaml'],
      { cwd },
    );
    await new Promise(resolve => server.close(resolve));
    expect(stderr).toMatch(/bad\.yaml: it is a pipe, socket or device/);
    expect(code).toBe(2);
  });

  it('reads the empty device, as what has no calls', async () => {
    const cwd = folderWith(SHOP);
    const argv = ['eval', '--world', 'estate', '--calls', '/dev/null'];
    expect(await runCaptured(argv, { cwd })).toMatchObject({
      code: 0,
      stdout: '',
    });
  });

  it('names the definition that a catalog leads to, also when it would never end', async () => {
    const cwd = folderWith({
      ...SHOP,
      'catalog/shop.yaml': SHOP['catalog/shop.yaml'].replace(
        './orders.openapi.yaml',
        '/dev/zero',
      ),
    });
    const { code, stderr } = await runCaptured(
      ['compile', ...SHOP_INPUT, '--out', 'out'],
      { cwd },
    );
    expect(stderr).toMatch(
      /catalog\/shop\.yaml: the definition of orders is in \/dev\/zero, .+ it is a pipe, socket or device/,
    );
    expect(code).toBe(2);
  });
});

describe('a folder or a file in place of the other', () => {
  it.each(
    OPTIONS.filter(([option]) => /profile|rules|calls|compare/.test(option)),
  )('%s refuses a folder', async (_, argv) => {
    const cwd = folderWith(SHOP);
    mkdirSync(join(cwd, 'bad.yaml'));
    const { code, stderr } = await runCaptured(argv, { cwd });
    expect(stderr).toMatch(
      /^callgate: bad\.yaml is a folder; --\w+ wants one file\n$/,
    );
    expect(code).toBe(2);
  });

  it.each(OPTIONS)('%s refuses an empty path', async (option, argv) => {
    // What a shell makes of "$UNSET"; the working folder is not meant.
    const cwd = folderWith(SHOP);
    const { code, stderr } = await runCaptured(
      argv.map(value => (value === 'bad.yaml' ? '' : value)),
      { cwd },
    );
    expect(stderr).toContain(option.split(' ')[1]);
    expect(stderr).toMatch(/^callgate: .+\n$/);
    expect(code).toBe(2);
  });
});

describe('text of other encodings', () => {
  const encodings: [string, (text: string) => Buffer][] = [
    ['UTF-8 with a byte order mark', text => Buffer.from(`\ufeff${text}`)],
    ['UTF-16', text => Buffer.from(`\ufeff${text}`, 'utf16le')],
    [
      'UTF-16, big end first',
      text => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
    ],
  ];

  it.each(encodings)('%s means the same in every input', async (_, encode) => {
    const run = async (as: (text: string) => Buffer) => {
      const cwd = folderWith({});
      for (const [path, text] of Object.entries(SHOP)) {
        mkdirSync(join(cwd, path, '..'), { recursive: true });
        writeFileSync(join(cwd, path), as(text));
      }
      writeFileSync(
        join(cwd, 'calls.jsonl'),
        as(
          '{"from":"shop/Deployment/checkout","to":"shop/Deployment/orders","port":8080}\n',
        ),
      );
      const compiled = await runCaptured(
        ['compile', ...SHOP_INPUT, '--out', 'out'],
        { cwd },
      );
      const judged = await runCaptured(
        ['eval', '--world', 'estate', '--calls', 'calls.jsonl'],
        { cwd },
      );
      return [compiled.code, compiled.stdout, compiled.stderr, judged.stdout];
    };
    expect(await run(encode)).toEqual(await run(text => Buffer.from(text)));
  });

  it('counts columns without the mark', async () => {
    const cwd = folderWith({ ...SHOP, 'bad.yaml': '\ufeffa: [\n' });
    const plain = folderWith({ ...SHOP, 'bad.yaml': 'a: [\n' });
    const argv = ['compile', ...SHOP_INPUT, 'bad.yaml', '--out', 'out'];
    const at = argv.indexOf('--profile');
    argv.splice(at, 3, 'bad.yaml', '--profile', 'profile.yaml');
    const [marked, without] = [
      await runCaptured(argv, { cwd }),
      await runCaptured(argv, { cwd: plain }),
    ];
    expect(without.stderr).toMatch(/bad\.yaml:\d+:\d+/);
    expect(marked.stderr).toBe(without.stderr);
  });
});

describe('text that is not what an option wants', () => {
  const texts: [string, string][] = [
    ['nothing', ''],
    ['null', 'null\n'],
    ['a list', '- a\n- b\n'],
    ['a number', '42\n'],
    ['a NUL', 'kind: a\0b\n'],
    ['flow that goes deep', '['.repeat(20_000)],
    ['flow that goes deep and comes back', '['.repeat(9e3) + ']'.repeat(9e3)],
    [
      'aliases that multiply',
      [...'bcdefghijk'].reduce(
        (text, name, index) =>
          `${text}${name}: &${name} [${Array(9)
            .fill(`*${'abcdefghijk'[index]}`)
            .join()}]\n`,
        'a: &a [x,x,x,x,x,x,x,x,x]\n',
      ),
    ],
  ];

  describe.each(texts)('%s', (name, text) => {
    it.each(OPTIONS.filter(([option]) => /profile|rules|compare/.test(option)))(
      'as %s ends with 2 and one line that names file and line',
      async (_, argv) => {
        const cwd = folderWith({ ...SHOP, 'bad.yaml': text });
        const { code, stdout, stderr } = await runCaptured(argv, { cwd });
        expect(stderr).toMatch(
          /^callgate: .*bad\.yaml(:1:\d+: | is no earlier run).+\n$/,
        );
        expect(stderr).not.toMatch(/should not happen|Invalid input/);
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      },
    );

    it('as a policy is an error with its place, and leaves nothing written', async () => {
      const cwd = folderWith({ ...SHOP, 'policies/bad.yaml': text });
      const { code, stderr } = await runCaptured(
        ['compile', ...SHOP_INPUT, '--out', 'out'],
        { cwd },
      );
      expect(stderr).toMatch(/^error: policies\/bad\.yaml:1:\d+: .+\[policy-/m);
      expect(stderr).not.toMatch(/should not happen|Invalid input/);
      expect(code).toBe(1);
    });

    it.each([
      [
        'as a manifest is an error with its place',
        'apiVersion: v1\nkind: Pod\n---\n',
        1,
      ],
      ['where no manifest is, is passed over, which is said', '', 0],
    ])('%s, or says nothing about access', async (__, head, ends) => {
      const saysNothing = ['nothing', 'null', 'a list', 'a number'];
      const cwd = folderWith({ ...SHOP, 'estate/bad.yaml': head + text });
      const { code, json, stderr } = await runCaptured(
        ['lint', '--world', 'estate'],
        { cwd },
      );
      const own = (json().findings as { at?: { file: string } }[]).filter(
        ({ at }) => at?.file === 'estate/bad.yaml',
      );
      expect(own).toHaveLength(saysNothing.includes(name) ? 0 : 1);
      expect(code).toBe(
        saysNothing.includes(name)
          ? 0
          : Math.max(ends, Number(name === 'a NUL')),
      );
      expect(stderr).toBe('');
    });
  });

  it.each([
    '{"measurements": [null]}',
    '{"measurements": [{"id": 1}]}',
    '{"measurements": [{"id": "parse"}]}',
    '{"measurements": {}}',
    'null',
  ])('bench takes %s for no earlier run', async text => {
    const cwd = folderWith({ 'earlier.json': text });
    const { code, stderr } = await runCaptured(
      ['bench', '--only', 'parse', '--compare', 'earlier.json'],
      { cwd },
    );
    expect(stderr).toMatch(/^callgate: earlier\.json is no earlier run/);
    expect(code).toBe(2);
  });
});

describe('compile and what it cannot write', () => {
  const compile = (cwd: string, out = 'out') =>
    runCaptured(['compile', ...SHOP_INPUT, '--out', out], { cwd });

  it.each<[string, string, (cwd: string) => void, RegExp]>([
    [
      'a file in place of the folder',
      'profile.yaml',
      () => {},
      /profile\.yaml\/clusters.*: a part of the path is a file; check --out/,
    ],
    [
      'a file in place of a folder below',
      'out',
      cwd => {
        mkdirSync(join(cwd, 'out'));
        writeFileSync(join(cwd, 'out/clusters'), 'mine');
      },
      /out\/clusters.*: a part of the path is a file; check --out/,
    ],
    [
      'a folder in place of a file',
      'out',
      cwd =>
        mkdirSync(join(cwd, 'out/clusters/prod/shop/callgate-orders.yaml'), {
          recursive: true,
        }),
      /callgate-orders\.yaml: it is a folder; check --out/,
    ],
    [
      'a link that leads nowhere',
      'out',
      cwd => symlinkSync('/nowhere/at-all', join(cwd, 'out')),
      /out.*: .+; check --out/,
    ],
    ['a place that takes nothing', '/proc', () => {}, /\/proc.*; check --out/],
    ['an empty path', '', () => {}, /--out has an empty path/],
  ])(
    'names %s, ends with 2 and prints no result',
    async (_, out, make, said) => {
      const cwd = folderWith(SHOP);
      make(cwd);
      const { code, stdout, stderr } = await compile(cwd, out);
      expect(stderr).toMatch(said);
      expect(stderr).toMatch(/^callgate: .+\n$/);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
  );

  it('leaves nothing unfinished beside what it wrote', async () => {
    const cwd = folderWith(SHOP);
    expect((await compile(cwd)).code).toBe(0);
    expect(readdirSync(join(cwd, 'out/clusters/prod/shop'))).toEqual([
      'callgate-orders.yaml',
    ]);
  });
});
