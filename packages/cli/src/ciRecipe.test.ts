import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { generateKeyPairSync, sign } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import {
  keyIdOf,
  makeReceipt,
  receiptFile,
  receiptPath,
  receiptPayload,
} from '@callgate/policy';
import { folderWith, removeFolders } from './__fixtures__/runCaptured';

afterEach(removeFolders);

const DOC = readFileSync(
  resolve(__dirname, '../../../docs/ci-recipe.md'),
  'utf8',
);
const SCRIPT = /```sh\n([^]*?)```/.exec(DOC)![1];
const BIN = resolve(__dirname, '../bin/callgate.js');

const workload = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, backstage.io/kubernetes-id: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: tcp, port: 8080 }] }
`;

const component = (
  name: string,
  spec: string,
) => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name}, annotations: { backstage.io/kubernetes-id: ${name} } }
spec: { type: service, owner: team, ${spec} }
`;

const FILES = {
  'catalog/all.yaml': [
    'apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: { name: orders }\nspec: { type: tcp, owner: team, definition: x }\n',
    component('orders', 'providesApis: [orders]'),
    component('checkout', 'consumesApis: [orders]'),
  ].join('---\n'),
  'policies/orders.yaml': `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/team
  api: api:default/orders
  mode: enforce
  grants:
    - id: checkout
      caller: component:default/checkout
      operations: [{ tcp: { port: 8080 } }]
`,
  'profiles/prod.yaml': `apiVersion: callgate.dev/v1alpha1
kind: PlatformProfile
metadata: { name: prod }
spec:
  mesh: { mode: none }
  dns: []
  controlPlane: []
`,
  'estate/prod/shop.yaml': ['orders', 'checkout', 'cart']
    .map(workload)
    .join('---\n'),
  'clusters/prod/README.txt': '',
};

/** A policy repository after its first proposal, with `callgate` on the PATH as an installation puts it there. */
function repository() {
  const cwd = folderWith(FILES);
  mkdirSync(join(cwd, 'bin'));
  writeFileSync(
    join(cwd, 'bin/callgate'),
    `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`,
  );
  chmodSync(join(cwd, 'bin/callgate'), 0o755);
  const run = (script: string) =>
    spawnSync('sh', ['-c', script], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(cwd, 'bin')}:${process.env.PATH}` },
    });
  const made = run(
    'callgate compile --catalog catalog --policies policies --estate prod=estate/prod --profile prod=profiles/prod.yaml --out . -o table',
  );
  expect({ status: made.status, stderr: made.stderr }).toMatchObject({
    status: 0,
  });
  for (const folder of ['estate', 'clusters'])
    cpSync(join(cwd, folder), join(cwd, 'before', folder), { recursive: true });
  return { cwd, run };
}

const GENERATED = 'clusters/prod/shop/callgate-orders.yaml';

describe('the recipe for CI', () => {
  it('takes a repository as Callgate leaves it', () => {
    const { cwd, run } = repository();
    const { status, stdout, stderr } = run(SCRIPT);
    expect(`${status}\n${stdout}\n${stderr}`).toMatch(/^0\n/);
    expect(readFileSync(join(cwd, 'access.md'), 'utf8')).toContain(
      'Nobody gains or loses access',
    );
  }, 120_000);

  it('stops at a generated file that somebody edited', () => {
    const { cwd, run } = repository();
    const path = join(cwd, GENERATED);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('port: 8080', 'port: 9090'),
    );
    const { status, stdout } = run(SCRIPT);
    expect(status).toBe(1);
    expect(stdout).toMatch(/changed +clusters/);
  }, 120_000);

  it('tells what a hand-written policy opens, and lets it pass: surplus of others is told, not refused', () => {
    const { cwd, run } = repository();
    writeFileSync(
      join(cwd, 'clusters/prod/by-hand.yaml'),
      `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: cart } } }]
      ports: [{ port: 8080, protocol: TCP }]
`,
    );
    const { status, stdout, stderr } = run(SCRIPT);
    expect(`${status}\n${stderr}`).toMatch(/^0\n/);
    expect(stdout).toContain('shop/Deployment/cart');
    expect(readFileSync(join(cwd, 'access.md'), 'utf8')).toContain(
      'shop/Deployment/cart',
    );
  }, 120_000);

  describe('with receipts', () => {
    const KEYS = generateKeyPairSync('ed25519');

    /** The repository after Callgate has merged a proposal with a signed receipt. */
    function approved() {
      const { cwd, run } = repository();
      const text = readFileSync(join(cwd, GENERATED), 'utf8');
      const declared = FILES['policies/orders.yaml'];
      const payload = receiptPayload(
        makeReceipt({
          api: 'api:default/orders',
          repository: 'https://git.example/acme/policies',
          engine: { name: 'callgate', version: '1.0.0' },
          declaration: 'policies/orders.yaml',
          declared,
          meaning: `sha256:${'0'.repeat(64)}`,
          requests: [],
          changes: new Map([[GENERATED, text]]),
          files: [{ path: GENERATED, text }],
          receipts: [],
          counts: () => true,
        }),
      );
      const spki = KEYS.publicKey.export({ type: 'spki', format: 'der' });
      const path = join(
        cwd,
        receiptPath('policies', 'api:default/orders', payload.digest),
      );
      mkdirSync(dirname(path), { recursive: true });
      mkdirSync(join(cwd, 'keys'));
      // eslint-disable-next-line no-restricted-syntax -- what ed25519 wants
      const sig = sign(null, payload.signed, KEYS.privateKey);
      writeFileSync(
        path,
        receiptFile(payload, [
          { keyid: keyIdOf(spki), sig: sig.toString('base64') },
        ]),
      );
      writeFileSync(
        join(cwd, 'keys/callgate.pub.pem'),
        KEYS.publicKey.export({ type: 'spki', format: 'pem' }),
      );
      return { cwd, run, path };
    }

    it('takes what was approved', () => {
      const { status, stdout, stderr } = approved().run(SCRIPT);
      expect(`${status}\n${stdout}\n${stderr}`).toMatch(/^0\n/);
      expect(stdout).toContain(
        '1 receipt; 1 generated file is as the newest one has it',
      );
    }, 120_000);

    it('stops at a grant that somebody wrote and compiled without asking', () => {
      const { cwd, run } = approved();
      const policy = join(cwd, 'policies/orders.yaml');
      writeFileSync(
        join(cwd, 'catalog/cart.yaml'),
        component('cart', 'consumesApis: [orders]'),
      );
      writeFileSync(
        policy,
        readFileSync(policy, 'utf8').replace(
          'default/checkout',
          'default/cart',
        ),
      );
      const made = run(
        'callgate compile --catalog catalog --policies policies --estate prod=estate/prod --profile prod=profiles/prod.yaml --out . -o table',
      );
      expect(made.status).toBe(0);
      const { status, stdout, stderr } = run(
        SCRIPT.slice(SCRIPT.indexOf('# 4.'), SCRIPT.indexOf('# 5.')),
      );
      expect(`${status} ${stdout}${stderr}`).toMatch(/^1 [^]*generated-edited/);
    }, 120_000);
  });
});
