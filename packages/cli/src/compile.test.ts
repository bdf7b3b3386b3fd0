import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { ordersPolicy, SHOP, SHOP_INPUT } from './__fixtures__/shopFiles';

const FILE = 'clusters/prod/shop/callgate-orders.yaml';

const compileIn = (cwd: string, ...more: string[]) =>
  runCaptured(['compile', ...SHOP_INPUT, '--out', '.', ...more], { cwd });

afterEach(removeFolders);

describe('callgate compile', () => {
  it('writes manifests and says which', async () => {
    const cwd = folderWith(SHOP);
    const { code, json } = await compileIn(cwd);
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      schemaVersion: 1,
      files: [{ path: FILE, state: 'added' }],
      failedApis: [],
      guesses: [],
    });
    expect(readFileSync(join(cwd, FILE), 'utf8')).toContain(
      'kind: NetworkPolicy',
    );
  });

  it('writes nothing with --check and ends with 1 as long as there is a difference', async () => {
    const cwd = folderWith(SHOP);
    expect((await compileIn(cwd, '--check')).code).toBe(1);
    expect(existsSync(join(cwd, 'clusters'))).toBe(false);
    await compileIn(cwd);
    const { code, json } = await compileIn(cwd, '--check');
    expect(code).toBe(0);
    expect(json().files).toEqual([{ path: FILE, state: 'unchanged' }]);
  });

  it('sees with --check that somebody edited a generated file', async () => {
    const cwd = folderWith(SHOP);
    await compileIn(cwd);
    const edited = `${readFileSync(join(cwd, FILE), 'utf8')}# mine\n`;
    writeFileSync(join(cwd, FILE), edited);
    expect((await compileIn(cwd, '--check')).code).toBe(1);
    expect(readFileSync(join(cwd, FILE), 'utf8')).toBe(edited);
  });

  it('keeps what a grant with an error has in force, and ends with 1', async () => {
    const cwd = folderWith(SHOP);
    await compileIn(cwd);
    const before = readFileSync(join(cwd, FILE), 'utf8');
    writeFileSync(
      join(cwd, 'policies/orders.yaml'),
      ordersPolicy('[{ id: listOrders }, { id: dropOrders }]'),
    );
    const { code, json, stderr } = await compileIn(cwd);
    expect(code).toBe(1);
    expect(json().files).toEqual([{ path: FILE, state: 'changed' }]);
    expect(json().failedApis).toEqual([]);
    expect(json().held).toMatchObject([
      { api: 'api:default/orders', inForce: true },
    ]);
    // Each line of it that opens something is still there, and no other.
    const after = readFileSync(join(cwd, FILE), 'utf8');
    const opening = (text: string) =>
      [...text.matchAll(/^ +- .*(?:sa\/|\/orders|GET|POST).*$/gm)].map(
        ([line]) => line,
      );
    expect(opening(after)).toEqual(opening(before));
    expect(opening(before).length).toBeGreaterThan(1);
    expect((await compileIn(cwd)).json().files).toEqual([
      { path: FILE, state: 'unchanged' },
    ]);
    expect(stderr).toContain('[unknown-operation]');
    expect(stderr).toContain('policies/orders.yaml');
  });

  it('writes nothing at all for a declaration that does not parse, and says where', async () => {
    const cwd = folderWith({
      ...SHOP,
      'policies/orders.yaml': SHOP['policies/orders.yaml'].replace(
        '  mode: enforce\n',
        '  mode: enforce\n  expires: never\n',
      ),
    });
    const { code, stderr } = await compileIn(cwd);
    expect(code).toBe(1);
    expect(existsSync(join(cwd, 'clusters'))).toBe(false);
    expect(stderr).toMatch(/policies\/orders\.yaml:8:\d+: /);
  });

  it('removes files that no declaration asks for any more, and only its own', async () => {
    const cwd = folderWith({
      ...SHOP,
      'clusters/prod/shop/allow-ops.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: allow-ops, namespace: shop }\nspec: { podSelector: {} }\n',
    });
    await compileIn(cwd);
    rmSync(join(cwd, 'policies/orders.yaml'));
    const { code, json } = await compileIn(cwd);
    expect(code).toBe(0);
    expect(json().files).toEqual([{ path: FILE, state: 'removed' }]);
    expect(existsSync(join(cwd, FILE))).toBe(false);
    expect(existsSync(join(cwd, 'clusters/prod/shop/allow-ops.yaml'))).toBe(
      true,
    );
  });

  it('touches no files of clusters that it was not asked about', async () => {
    const cwd = folderWith(SHOP);
    await compileIn(cwd);
    const { json } = await runCaptured(
      [
        'compile',
        ...['--catalog', 'catalog', '--policies', 'policies'],
        ...['--estate', 'staging=estate', '--profile', 'staging=profile.yaml'],
        ...['--out', '.'],
      ],
      { cwd },
    );
    expect(json().files).toEqual([
      {
        path: 'clusters/staging/shop/callgate-orders.yaml',
        state: 'added',
      },
    ]);
    expect(existsSync(join(cwd, FILE))).toBe(true);
  });

  it('writes nothing when a part of the estate cannot be read', async () => {
    const cwd = folderWith({
      ...SHOP,
      'estate/broken.yaml': 'apiVersion: v1\nkind: Pod\na: [1\n',
    });
    const { code, stderr } = await compileIn(cwd);
    expect(code).toBe(1);
    expect(existsSync(join(cwd, 'clusters'))).toBe(false);
    expect(stderr).toContain('estate/broken.yaml:');
  });

  it('fails where methods cannot be enforced instead of opening the port', async () => {
    const cwd = folderWith(SHOP);
    const { code, stderr } = await runCaptured(
      [
        'compile',
        ...['--catalog', 'catalog', '--policies', 'policies'],
        ...['--estate', 'estate', '--out', '.', '--mesh', 'none'],
      ],
      {
        cwd: folderWith({
          ...SHOP,
          'estate/shop.yaml': SHOP['estate/shop.yaml'].replace(
            ', labels: { istio-injection: enabled }',
            '',
          ),
        }),
      },
    );
    expect(code).toBe(1);
    expect(stderr).toContain('[method-not-enforceable]');
    expect(existsSync(join(cwd, 'clusters'))).toBe(false);
  });
});
