import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { SHOP, SHOP_INPUT } from './__fixtures__/shopFiles';

afterEach(removeFolders);

const COMMANDS = [
  'compile',
  'verify',
  'access',
  'onboard',
  'reach',
  'diff',
  'explain',
  'eval',
  'lint',
  'doctor',
  'agent',
  'bench',
  'completion',
];

describe('callgate', () => {
  it.each(COMMANDS)('explains %s with an example', async command => {
    const { code, stdout } = await runCaptured([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`callgate ${command}`);
    expect(stdout).toMatch(/Example/);
  });

  it.each([
    ['an unknown command', ['frobnicate'], /unknown command/],
    [
      'an unknown option',
      ['reach', '--world', '.', '--lyer', 'x'],
      /unknown option/,
    ],
    ['a missing option', ['reach'], /--world/],
    [
      'a path that is not there',
      ['reach', '--world', 'nowhere'],
      /nowhere.*--world/,
    ],
    ['a wrong format', ['reach', '--world', '.', '-o', 'xml'], /json, yaml/],
    [
      'a format that makes no sense',
      ['diff', '--before', '.', '--after', '.', '-o', 'dot'],
      /-o dot/,
    ],
    [
      'a mesh mode that does not exist',
      ['reach', '--world', '.', '--mesh', 'linkerd'],
      /sidecar/,
    ],
    [
      'a layer that does not exist',
      ['reach', '--world', '.', '--layer', 'l7'],
      /kernel/,
    ],
    [
      'mixed clusters',
      ['reach', '--world', 'catalog', 'eu=estate'],
      /NAME=PATH/,
    ],
    ['a name without a path', ['reach', '--world', 'eu='], /eu=PATH/],
    [
      'a profile of another cluster',
      ['reach', '--world', 'eu=estate', '--profile', 'us=profile.yaml'],
      /us/,
    ],
    [
      'a profile that is none',
      ['reach', '--world', 'estate', '--profile', 'estate/shop.yaml'],
      /profile/,
    ],
    [
      'a port that is none',
      [
        'explain',
        '--world',
        'estate',
        '--from',
        'a',
        '--to',
        'b',
        '--port',
        'http',
      ],
      /65535/,
    ],
    [
      'a workload that is not there',
      [
        ...['explain', '--world', 'estate', '--port', '8080'],
        ...['--from', 'shop/Deployment/chekout'],
        ...['--to', 'shop/Deployment/orders'],
      ],
      /--from shop\/Deployment\/chekout is neither .* near it: shop\/Deployment\/checkout/,
    ],
    [
      'a workload that is like none',
      [
        ...['explain', '--world', 'estate', '--port', '8080'],
        ...['--from', '203.0.113.7', '--to', 'somewhere'],
      ],
      /--to somewhere is neither .* write namespace\/Kind\/name/,
    ],
    [
      'a method without a path',
      [
        'explain',
        '--world',
        'estate',
        '--from',
        'a',
        '--to',
        'b',
        '--port',
        '1',
        '--method',
        'GET',
      ],
      /--path/,
    ],
    [
      'rules that are not there',
      ['lint', '--world', 'estate', '--rules', 'x'],
      /cannot read x.*check --rules/,
    ],
    ['a benchmark of nothing', ['bench', '--large', 'many'], /--large/],
    [
      'a benchmark that does not exist',
      ['bench', '--only', 'speed'],
      /no benchmark speed.*reach-400/,
    ],
  ])('ends with 2 and one line that helps for %s', async (_, argv, message) => {
    const { code, stdout, stderr } = await runCaptured(argv, {
      cwd: folderWith(SHOP),
    });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('reads every call before it answers the first', async () => {
    const cwd = folderWith({
      ...SHOP,
      'calls.jsonl':
        '{"from":"shop/Deployment/cart","to":"shop/Deployment/orders","port":8080}\nnot json\n',
    });
    const { code, stdout, stderr } = await runCaptured(
      ['eval', '--world', 'estate', '--calls', 'calls.jsonl'],
      { cwd },
    );
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('calls.jsonl:2');
  });

  it.each([
    ['port', '"port":{"toString":1}', 'port is {"toString":1}'],
    ['port', '"to":"b"', 'port is missing'],
    [
      'via.port',
      '"port":80,"via":{"service":"shop/orders","port":{"toString":1}}',
      'via.port is {"toString":1}',
    ],
  ])(
    'ends with 2 for a call whose %s is no number: %s',
    async (_, rest, text) => {
      const cwd = folderWith({
        ...SHOP,
        'calls.jsonl': `{"from":"shop/Deployment/cart","to":"shop/Deployment/orders",${rest}}\n`,
      });
      const { code, stderr } = await runCaptured(
        ['eval', '--world', 'estate', '--calls', 'calls.jsonl'],
        { cwd },
      );
      expect(code).toBe(2);
      expect(stderr).toContain(text);
    },
  );

  it('ends with 2 for a catalog that is not YAML, and says where', async () => {
    const cwd = folderWith({
      ...SHOP,
      'catalog/more.yaml': 'apiVersion: backstage.io/v1alpha1\nkind: {\n',
    });
    const { code, stderr } = await runCaptured(
      ['compile', ...SHOP_INPUT, '--out', '.'],
      { cwd },
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/catalog\/more\.yaml:\d+:\d+ /);
  });

  it('runs as a process, with its exit code', () => {
    const bin = resolve(__dirname, '../bin/callgate.js');
    const help = execFileSync(process.execPath, [bin, '--help'], {
      encoding: 'utf8',
    });
    expect(help).toContain('Usage: callgate');
    const failed = spawnSync(process.execPath, [bin, 'reach'], {
      encoding: 'utf8',
    });
    expect(failed.status).toBe(2);
    expect(failed.stdout).toBe('');
    expect(failed.stderr).toMatch(/^callgate: .*--world.*\n$/);
  });
});
