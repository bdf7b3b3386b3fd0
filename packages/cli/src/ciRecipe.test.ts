import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  generateKeyPairSync,
  type KeyPairKeyObjectResult,
  sign,
} from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import {
  keyIdOf,
  makeReceipt,
  readReceipt,
  type Receipt,
  receiptFile,
  receiptPath,
  receiptPayload,
} from '@callgate/policy';
import { runGithubJob } from './__fixtures__/ciRunner';
import {
  policyRepository,
  type PolicyRepository,
} from './__fixtures__/policyRepository';
import { removeFolders, runCaptured } from './__fixtures__/runCaptured';

/*
 * What the checks of the template for GitHub let through and what they stop, on a repository of one API. That the template
 * for GitLab asks the same, and all of Shop: ciTemplates.test.ts.
 */

afterEach(removeFolders);

const TEMPLATE = readFileSync(
  resolve(__dirname, '../../../deploy/ci/github.yml'),
  'utf8',
);

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

const GENERATED = 'clusters/prod/shop/callgate-orders.yaml';

function writeAll(folder: string, files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Generates what the declarations of a repository say, as somebody with a checkout would. */
async function compile(cwd: string) {
  const { code, stderr } = await runCaptured(
    [
      'compile',
      ...['--catalog', 'catalog', '--policies', 'policies'],
      ...[
        '--estate',
        'prod=estate/prod',
        '--profile',
        'prod=profiles/prod.yaml',
      ],
      ...['--out', '.'],
    ],
    { cwd },
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
}

/** A policy repository after its first proposal was merged. */
async function repositoryWithGrant() {
  const repository = policyRepository(folder => writeAll(folder, FILES));
  await compile(repository.folder);
  repository.commit('main', () => {});
  return repository;
}

/** The checks of a pull request with this commit, on a machine of GitHub's. */
function check(repository: PolicyRepository, commit: string) {
  const base = repository.git('rev-parse', 'main');
  return runGithubJob(
    TEMPLATE,
    'check',
    {
      cwd: repository.checkout(commit, base),
      env: { ...repository.env, RUNNER_TEMP: repository.temporary() },
    },
    {
      event: {
        pull_request: { number: 1, base: { sha: base }, head: { sha: commit } },
      },
    },
    { CLUSTERS: 'prod' },
  );
}

describe('the checks of CI', () => {
  it('tell what a hand-written policy opens, and let it pass: surplus of others is told, not refused', async () => {
    const repository = await repositoryWithGrant();
    const commit = repository.commit('change', folder =>
      writeFileSync(
        join(folder, 'clusters/prod/by-hand.yaml'),
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
      ),
    );
    const { failedAt, log } = await check(repository, commit);
    expect(failedAt).toBeUndefined();
    expect(log).toContain('shop/Deployment/cart');
  }, 120_000);

  it('ask the rules that the repository has', async () => {
    const repository = await repositoryWithGrant();
    const commit = repository.commit('change', folder =>
      writeFileSync(join(folder, 'guardrails.yaml'), 'no rules at all\n'),
    );
    const { failedAt, log } = await check(repository, commit);
    expect(failedAt).toBe('Mistakes in policies, and our own rules');
    expect(log).toContain('guardrails.yaml');
  }, 120_000);

  describe('with receipts', () => {
    const OURS = generateKeyPairSync('ed25519');
    const KEY = 'keys/callgate.pub.pem';

    const pem = ({ publicKey }: KeyPairKeyObjectResult) =>
      publicKey.export({ type: 'spki', format: 'pem' }).toString();

    /** Writes a receipt that takes the generated file as it is for approved. */
    function writeReceipt(
      folder: string,
      keys: KeyPairKeyObjectResult,
      inPlaceOf: readonly Receipt[] = [],
    ): Receipt {
      const text = readFileSync(join(folder, GENERATED), 'utf8');
      const payload = receiptPayload(
        makeReceipt({
          api: 'api:default/orders',
          repository: 'https://git.example/acme/policies',
          engine: { name: 'callgate', version: '1.0.0' },
          declaration: 'policies/orders.yaml',
          declared: readFileSync(join(folder, 'policies/orders.yaml'), 'utf8'),
          meaning: `sha256:${'0'.repeat(64)}`,
          requests: [],
          changes: new Map([[GENERATED, text]]),
          files: [{ path: GENERATED, text }],
          receipts: inPlaceOf,
          counts: () => true,
        }),
      );
      const spki = keys.publicKey.export({ type: 'spki', format: 'der' });
      // eslint-disable-next-line no-restricted-syntax -- what ed25519 wants
      const sig = sign(null, payload.signed, keys.privateKey);
      const path = receiptPath(
        'policies',
        'api:default/orders',
        payload.digest,
      );
      const signed = receiptFile(payload, [
        { keyid: keyIdOf(spki), sig: sig.toString('base64') },
      ]);
      writeAll(folder, { [path]: signed });
      return readReceipt({ path, text: signed }, 'policies').receipt!;
    }

    /** The repository after Callgate has merged a proposal with a signed receipt. */
    async function approved() {
      const repository = await repositoryWithGrant();
      repository.commit('main', folder =>
        writeAll(folder, { [KEY]: pem(OURS) }),
      );
      const receipt = writeReceipt(repository.folder, OURS);
      repository.commit('main', () => {});
      return { repository, receipt };
    }

    /** Gives `cart` what was approved for `checkout`, and generates that: all but the receipt is as it should be. */
    async function grantUnasked(repository: PolicyRepository) {
      repository.git('checkout', '--quiet', '-b', 'change', 'main');
      const { folder } = repository;
      const policy = readFileSync(join(folder, 'policies/orders.yaml'), 'utf8');
      writeAll(folder, {
        'catalog/cart.yaml': component('cart', 'consumesApis: [orders]'),
        'policies/orders.yaml': policy.replace(
          'default/checkout',
          'default/cart',
        ),
      });
      await compile(folder);
    }

    it('take what was approved', async () => {
      const { repository } = await approved();
      const commit = repository.commit('change', folder =>
        writeAll(folder, { 'NOTES.md': 'What was said\n' }),
      );
      const { failedAt, log } = await check(repository, commit);
      expect(failedAt).toBeUndefined();
      expect(log).toContain(
        '1 receipt; 1 generated file is as the newest one has it',
      );
    }, 120_000);

    it('stop at a grant that somebody wrote and compiled without asking', async () => {
      const { repository } = await approved();
      await grantUnasked(repository);
      const { failedAt, log } = await check(
        repository,
        repository.commit('change', () => {}),
      );
      expect(failedAt).toBe('What is generated was approved');
      expect(log).toContain('generated-edited');
    }, 120_000);

    it('stop at a receipt that somebody signed with a key that they bring along', async () => {
      const { repository, receipt } = await approved();
      await grantUnasked(repository);
      const commit = repository.commit('change', folder => {
        const theirs = generateKeyPairSync('ed25519');
        writeReceipt(folder, theirs, [receipt]);
        writeAll(folder, { 'keys/one-more.pub.pem': pem(theirs) });
      });
      const { failedAt } = await check(repository, commit);
      expect(failedAt).toBe('What is generated was approved');
    }, 120_000);
  });
});
