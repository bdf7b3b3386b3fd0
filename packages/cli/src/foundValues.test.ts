import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { SHOP, SHOP_INPUT } from './__fixtures__/shopFiles';

const MESH = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    rootNamespace: istio-system
    trustDomain: eu.example
`;

const FOUND = {
  field: 'mesh.trustDomain',
  value: 'eu.example',
  source: {
    object: 'ConfigMap istio-system/istio',
    at: { file: 'estate/mesh.yaml', line: 7, field: 'data.mesh' },
  },
};

const profile = (name: string, spec: string) =>
  `apiVersion: callgate.dev/v1alpha1\nkind: PlatformProfile\nmetadata: { name: ${name} }\nspec: ${spec}\n`;

afterEach(removeFolders);

describe('values that the estate says', () => {
  const cwd = () => folderWith({ ...SHOP, 'estate/mesh.yaml': MESH });
  const world = ['--world', 'estate'];

  it.each([
    ['lint', ...world],
    ['reach', ...world],
    [
      'explain',
      ...world,
      '--from',
      'shop/Deployment/cart',
      '--to',
      'shop/Deployment/orders',
      '--port',
      '8080',
    ],
    [
      'compile',
      ...SHOP_INPUT.filter(each => !/profile/.test(each)),
      '--out',
      '.',
    ],
  ])(
    'are listed by %s with object, file and line, and are no guesses',
    async (...args) => {
      const { json } = await runCaptured([...args, '-o', 'json'], {
        cwd: cwd(),
      });
      const { found, guesses } = json() as {
        found: unknown[];
        guesses: string[];
      };
      expect(found).toContainEqual(FOUND);
      expect(guesses).toContain('mesh.pathNormalization');
      expect(guesses).not.toContain('mesh.trustDomain');
    },
  );

  it('are listed by diff for each side', async () => {
    const folder = folderWith({ ...SHOP, 'after/mesh.yaml': MESH });
    const { json } = await runCaptured(
      ['diff', '--before', 'estate', '--after', 'after', '-o', 'json'],
      { cwd: folder },
    );
    expect(json()).toMatchObject({
      found: {
        before: [],
        after: [{ field: 'mesh.rootNamespace' }, { field: 'mesh.trustDomain' }],
      },
    });
  });

  it('have the name of their cluster before them where there are several', async () => {
    const { json } = await runCaptured(
      ['lint', '--world', 'eu=estate', 'us=estate/mesh.yaml', '-o', 'json'],
      { cwd: cwd() },
    );
    const { found } = json() as { found: { field: string }[] };
    expect(found.map(({ field }) => field)).toEqual([
      'eu:mesh.rootNamespace',
      'eu:mesh.trustDomain',
      'us:mesh.rootNamespace',
      'us:mesh.trustDomain',
    ]);
  });

  it('are shown by lint to people, beside what is only guessed', async () => {
    const { stdout } = await runCaptured(['lint', ...world], {
      cwd: cwd(),
      isTerminal: true,
    });
    expect(stdout).toMatch(
      /mesh\.trustDomain +"eu\.example" +ConfigMap istio-system\/istio at estate\/mesh\.yaml:7\n/,
    );
    expect(stdout).toMatch(/mesh\.pathNormalization +"BASE" +guess\n/);
  });

  it('leave CSV one table', async () => {
    const { stdout } = await runCaptured(['lint', ...world, '-o', 'csv'], {
      cwd: cwd(),
    });
    expect(stdout).not.toContain('mesh.trustDomain');
  });

  it('that the profile contradicts are a warning, and the profile counts', async () => {
    const folder = folderWith({
      ...SHOP,
      'estate/mesh.yaml': MESH,
      'p.yaml': profile('prod', '{ mesh: { trustDomain: us.example } }'),
    });
    const { code, json } = await runCaptured(
      ['lint', ...world, '--profile', 'p.yaml', '-o', 'json'],
      { cwd: folder },
    );
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({
          code: 'profile-disagrees',
          at: expect.objectContaining({ file: 'p.yaml', line: 4 }),
          message: expect.stringContaining('estate/mesh.yaml:7'),
        }),
      ]),
    });
  });

  it('that cannot be read are a warning with the line, and the command goes on', async () => {
    const folder = folderWith({
      ...SHOP,
      'estate/mesh.yaml': MESH.replace('trustDomain:', 'trustDomain: ['),
    });
    const { code, json } = await runCaptured(['lint', ...world, '-o', 'json'], {
      cwd: folder,
    });
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({
          code: 'platform-not-readable',
          at: expect.objectContaining({ file: 'estate/mesh.yaml' }),
        }),
      ]),
      found: [],
    });
  });
});
