import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  keyIdOf,
  makeReceipt,
  type Receipt,
  type ReceiptStatement,
  readReceipt,
  receiptFile,
  receiptPath,
  receiptPayload,
  textDigest,
} from '@callgate/policy';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';

afterEach(removeFolders);

const ORDERS = 'api:default/orders';
const CARTS = 'api:default/carts';
const REPOSITORY = 'https://git.example/acme/policies';

/** A generated file, as far as its readers know one: its label and its APIs. */
const generated = (
  name: string,
  apis: string,
  port = 8080,
) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: shop
  labels: { app.kubernetes.io/managed-by: callgate }
  annotations: { callgate.dev/api: '${apis}' }
spec:
  podSelector: {}
  ingress: [{ ports: [{ port: ${port} }] }]
`;

const FILE = 'clusters/prod/shop/callgate-orders.yaml';
const SHARED = 'clusters/prod/shop/callgate-egress-checkout.yaml';
const REASON = 'to show the status of an order';

const KEYS = generateKeyPairSync('ed25519');
const OTHERS = generateKeyPairSync('ed25519');

const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });

function sealed(
  statement: ReceiptStatement,
  keys: typeof KEYS | 'none' = KEYS,
): string {
  const payload = receiptPayload(statement);
  return receiptFile(
    payload,
    keys === 'none'
      ? []
      : [
          {
            keyid: keyIdOf(spki(keys.publicKey)),
            // eslint-disable-next-line no-restricted-syntax -- what ed25519 wants
            sig: sign(null, payload.signed, keys.privateKey).toString('base64'),
          },
        ],
  );
}

interface Change {
  api?: string;
  repository?: string;
  changes: Record<string, string | undefined>;
  keys?: typeof KEYS | 'none';
}

/** A policy repository to which proposals are merged. */
class Repository {
  readonly cwd = folderWith({
    'policies/default/orders.yaml': 'kind: AccessPolicy\n',
    'clusters/README.md': '',
    'keys/callgate.pem': KEYS.publicKey
      .export({ type: 'spki', format: 'pem' })
      .toString(),
  });
  readonly files = new Map<string, string>();
  readonly receipts: Receipt[] = [];

  put(path: string, text: string) {
    mkdirSync(dirname(join(this.cwd, path)), { recursive: true });
    writeFileSync(join(this.cwd, path), text);
    return path;
  }

  read(path: string) {
    return readFileSync(join(this.cwd, path), 'utf8');
  }

  /** @returns the path of its receipt */
  merge({ api = ORDERS, changes, keys = KEYS, ...more }: Change): string {
    for (const [path, text] of Object.entries(changes)) {
      if (text === undefined) {
        this.files.delete(path);
        rmSync(join(this.cwd, path));
      } else {
        this.files.set(path, text);
        this.put(path, text);
      }
    }
    return this.add(this.statement({ api, changes, ...more }), keys);
  }

  statement({ api = ORDERS, repository = REPOSITORY, changes }: Change) {
    return makeReceipt({
      api,
      repository,
      engine: { name: 'callgate', version: '1.0.0' },
      declaration: 'policies/default/orders.yaml',
      declared: 'kind: AccessPolicy\n',
      meaning: `sha256:${'0'.repeat(64)}`,
      requests: [
        {
          id: '01J0000000000000000000000A',
          number: 1,
          caller: 'component:default/checkout',
          requestedBy: 'user:default/priya',
          requestedAt: '2026-11-02T10:00:00.000Z',
          reason: `sha256:${textDigest(REASON)}`,
          meaning: {
            digest: `sha256:${'1'.repeat(64)}`,
            content: {} as never,
          },
          approvals: [
            {
              by: 'user:default/omar',
              role: `api-owner ${api}`,
              at: '2026-11-02T11:00:00.000Z',
              meaning: `sha256:${'1'.repeat(64)}`,
            },
          ],
        },
      ],
      changes: new Map(Object.entries(changes)),
      files: [...this.files].map(([path, text]) => ({ path, text })),
      receipts: this.receipts,
      counts: ({ signatures }) => signatures.length > 0,
    });
  }

  add(statement: ReceiptStatement, keys: typeof KEYS | 'none'): string {
    const { digest } = receiptPayload(statement);
    const path = receiptPath('policies', statement.predicate.api, digest);
    const text = sealed(statement, keys);
    this.put(path, text);
    const { receipt } = readReceipt({ path, text }, 'policies');
    this.receipts.push(receipt!);
    return path;
  }

  async verify(...more: string[]) {
    const run = await runCaptured(
      ['verify', '--receipts', '--key', 'keys/callgate.pem', ...more],
      { cwd: this.cwd },
    );
    const { findings } = (run.stdout ? run.json() : {}) as {
      findings: { code: string; at?: { file: string } }[];
    };
    return {
      code: run.code,
      stderr: run.stderr,
      found: findings?.map(({ code, at }) => [code, at?.file]),
    };
  }
}

const GOOD = { code: 0, found: [] };

describe('callgate verify --receipts', () => {
  let repository: Repository;
  let receipt: string;
  beforeEach(() => {
    repository = new Repository();
    receipt = repository.merge({
      changes: { [FILE]: generated('orders', ORDERS) },
    });
  });

  it('takes files that are as they were approved', async () => {
    expect(await repository.verify()).toMatchObject(GOOD);
  });

  it('names people and roles, and nothing that people wrote', () => {
    const { payload } = JSON.parse(repository.read(receipt));
    const text = Buffer.from(payload, 'base64').toString('utf8');
    expect(text).toContain('user:default/omar');
    expect(text).toContain('api-owner api:default/orders');
    expect(text).not.toContain(REASON);
  });

  it('signs what DSSE says is signed', () => {
    // PAE by the letter of the protocol, from the stored payload alone.
    const { payload, payloadType, signatures } = JSON.parse(
      repository.read(receipt),
    );
    const body = Buffer.from(payload, 'base64');
    const pae = Buffer.concat([
      Buffer.from(
        `DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `,
      ),
      body,
    ]);
    // eslint-disable-next-line no-restricted-syntax -- what ed25519 wants
    const again = sign(null, pae, KEYS.privateKey).toString('base64');
    expect(signatures[0].sig).toBe(again);
  });

  it('finds a file that was edited by hand', async () => {
    repository.put(FILE, generated('orders', ORDERS, 9090));
    expect(await repository.verify()).toMatchObject({
      code: 1,
      found: [['generated-edited', FILE]],
    });
  });

  it('finds an edited file that says that it is not generated any more', async () => {
    repository.put(
      FILE,
      generated('orders', ORDERS, 9090).replace('callgate }', 'hand }'),
    );
    expect(await repository.verify()).toMatchObject({
      code: 1,
      found: [['generated-edited', FILE]],
    });
  });

  it('finds a file that is gone', async () => {
    rmSync(join(repository.cwd, FILE));
    expect(await repository.verify()).toMatchObject({
      code: 1,
      found: [['generated-gone', FILE]],
    });
  });

  it('finds a generated file that no receipt covers', async () => {
    const path = repository.put(
      'clusters/prod/shop/callgate-more.yaml',
      generated('more', ORDERS),
    );
    expect(await repository.verify()).toMatchObject({
      code: 1,
      found: [['generated-without-receipt', path]],
    });
  });

  it('leaves hand-written files and a changed declaration to other checks', async () => {
    repository.put(
      'clusters/prod/by-hand.yaml',
      generated('mine', ORDERS).replace('callgate }', 'hand }'),
    );
    repository.put('policies/default/orders.yaml', 'kind: Changed\n');
    expect(await repository.verify()).toMatchObject(GOOD);
  });

  it('takes files from before the first receipt of their API, and says so', async () => {
    repository.put(
      'clusters/prod/shop/callgate-carts.yaml',
      generated('carts', CARTS),
    );
    expect(await repository.verify()).toMatchObject({
      code: 0,
      found: [['api-before-receipts', undefined]],
    });
  });

  it('says that signatures were not looked at where there is no key', async () => {
    const run = await runCaptured(['verify', '--receipts'], {
      cwd: repository.cwd,
    });
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject({
      signatures: 'not-checked',
      findings: [{ code: 'receipt-key-missing' }],
    });
  });

  describe('receipts that somebody made or changed', () => {
    const rewrite = (edit: (text: string) => string) =>
      repository.put(receipt, edit(repository.read(receipt)));
    const withPayload = (edit: (payload: string) => string) =>
      rewrite(text => {
        const envelope = JSON.parse(text);
        const payload = Buffer.from(envelope.payload, 'base64');
        envelope.payload = Buffer.from(edit(payload.toString('utf8'))).toString(
          'base64',
        );
        return `${JSON.stringify(envelope, undefined, 2)}\n`;
      });
    /** The file that it covered is without a receipt; its API's are gone with it, or not. */
    const codes = async () =>
      (await repository.verify()).found.map(([code]) => code);

    it.each([
      [
        'an approver is replaced',
        () => withPayload(text => text.replace('/omar', '/mallory')),
        'receipt-altered',
      ],
      [
        'a key comes twice in the payload',
        () => withPayload(text => text.replace('{', '{"_type":"x",')),
        'receipt-invalid',
      ],
      [
        'a key comes twice in the envelope',
        () => rewrite(text => text.replace('{', '{"payload":"",')),
        'receipt-invalid',
      ],
      [
        'it is spelled otherwise',
        () => rewrite(text => JSON.stringify(JSON.parse(text))),
        'receipt-invalid',
      ],
      ['it is no JSON', () => rewrite(() => '{'), 'receipt-invalid'],
      [
        'it is nested without end',
        () => rewrite(() => '['.repeat(1_000_000)),
        'receipt-invalid',
      ],
      [
        'it has 10 MB',
        () => rewrite(text => text.padEnd(10_000_000, ' ')),
        'receipt-invalid',
      ],
    ])('%s', async (_, change, code) => {
      change();
      expect(await codes()).toContain(code);
      expect(await repository.verify()).toMatchObject({ code: 1 });
    });

    it('is signed with another key', async () => {
      repository.put(receipt, sealed(repository.receipts[0].statement, OTHERS));
      const { code, found } = await repository.verify();
      expect(code).toBe(1);
      expect(found).toContainEqual(['receipt-wrong-key', receipt]);
      // What it says does not count: its file is covered by nothing.
      expect(found).toContainEqual(['generated-without-receipt', FILE]);
    });

    it('says that it is signed with our key, and is not', async () => {
      rewrite(text =>
        text.replace(/"sig": "[^"]*"/, `"sig": "${'A'.repeat(86)}=="`),
      );
      expect(await codes()).toContain('receipt-signature-wrong');
    });

    it('is not signed', async () => {
      repository.put(
        receipt,
        receiptFile(receiptPayload(repository.receipts[0].statement), []),
      );
      expect(await codes()).toContain('receipt-unsigned');
    });

    it('is another API’s, put in the place of this one', async () => {
      const path = repository.put(
        receipt.replace('/orders/', '/carts/'),
        repository.read(receipt),
      );
      expect(await repository.verify()).toMatchObject({
        code: 1,
        found: [['receipt-misplaced', path]],
      });
    });

    it('is of another repository', async () => {
      const repositories = ['--repository', REPOSITORY];
      const path = repository.merge({
        repository: 'https://git.example/test/policies',
        changes: { [FILE]: generated('orders', ORDERS, 9090) },
      });
      const { code, found } = await repository.verify(...repositories);
      expect(code).toBe(1);
      expect(found).toContainEqual(['receipt-foreign', path]);
      expect(found).toContainEqual(['generated-edited', FILE]);
    });

    it.each([
      '../../etc/passwd',
      '/etc/passwd',
      'clusters/../x',
      'a\\b',
      'a//b',
    ])('has the path %s among its files', async name => {
      const { statement } = repository.receipts[0];
      const [subject] = statement.subject;
      const path = repository.put(
        'policies/.receipts/x.json',
        sealed({ ...statement, subject: [{ ...subject, name }] }),
      );
      expect(await repository.verify()).toMatchObject({
        code: 1,
        found: [['receipt-invalid', path]],
      });
    });

    it('names a file twice', async () => {
      const { statement } = repository.receipts[0];
      const [subject] = statement.subject;
      const path = repository.put(
        'policies/.receipts/x.json',
        sealed({ ...statement, subject: [subject, subject] }),
      );
      expect(await repository.verify()).toMatchObject({
        code: 1,
        found: [['receipt-invalid', path]],
      });
    });
  });

  describe('several receipts', () => {
    it('the newest one about a file has the last word', async () => {
      const first = repository.read(FILE);
      repository.merge({ changes: { [FILE]: generated('orders', ORDERS, 1) } });
      expect(await repository.verify()).toMatchObject(GOOD);
      // What was approved once is not what is approved now.
      repository.put(FILE, first);
      expect(await repository.verify()).toMatchObject({
        code: 1,
        found: [['generated-edited', FILE]],
      });
    });

    it('agree on a file that two APIs share, whichever wrote it last', async () => {
      const both = `${CARTS},${ORDERS}`;
      repository.merge({ changes: { [SHARED]: generated('e', both) } });
      repository.merge({
        api: CARTS,
        changes: { [SHARED]: generated('e', both, 2) },
      });
      expect(await repository.verify()).toMatchObject(GOOD);
      repository.merge({ changes: { [FILE]: generated('orders', ORDERS, 3) } });
      expect(await repository.verify()).toMatchObject(GOOD);
    });

    it('that came at once: what one wrote is newer than what the other found', async () => {
      const shared = generated('e', CARTS);
      repository.put(SHARED, shared);
      repository.files.set(SHARED, shared);
      const changes = { [SHARED]: generated('e', CARTS, 2) };
      // Both are made on the same state: each covers the file for the first time.
      const found = repository.statement({ api: CARTS, changes: {} });
      repository.merge({ changes });
      repository.add(found, KEYS);
      expect(found.predicate.found).toEqual([SHARED]);
      expect(await repository.verify()).toMatchObject(GOOD);
    });

    it('that both wrote a file and do not know of each other disagree', async () => {
      const stale = repository.receipts.slice();
      repository.merge({ changes: { [FILE]: generated('orders', ORDERS, 1) } });
      repository.receipts.splice(0, Infinity, ...stale);
      repository.merge({ changes: { [FILE]: generated('orders', ORDERS, 2) } });
      expect(await repository.verify()).toMatchObject({
        code: 1,
        found: [['receipts-disagree', FILE]],
      });
    });

    it('one that others name may not go', async () => {
      repository.merge({ changes: { [FILE]: generated('orders', ORDERS, 1) } });
      rmSync(join(repository.cwd, receipt));
      expect(await repository.verify()).toMatchObject({
        code: 1,
        found: [['receipt-missing', undefined]],
      });
    });

    it('the newest may not go either, with what it approved', async () => {
      const first = repository.read(FILE);
      const last = repository.merge({
        changes: { [FILE]: generated('orders', ORDERS, 1) },
      });
      cpSync(
        join(repository.cwd, 'policies'),
        join(repository.cwd, 'before/policies'),
        {
          recursive: true,
        },
      );
      rmSync(join(repository.cwd, last));
      repository.put(FILE, first);
      expect(await repository.verify('--before', 'before')).toMatchObject({
        code: 1,
        found: [['receipt-missing', undefined]],
      });
    });

    it('a file that a proposal removed may not come back', async () => {
      repository.merge({ changes: { [FILE]: undefined } });
      expect(await repository.verify()).toMatchObject(GOOD);
      repository.put(FILE, generated('orders', ORDERS));
      expect(await repository.verify()).toMatchObject({
        code: 1,
        found: [['generated-edited', FILE]],
      });
    });

    it('those from before there was a key are history once newer ones are signed', async () => {
      repository = new Repository();
      const changes = { [FILE]: generated('orders', ORDERS) };
      const early = repository.merge({ changes, keys: 'none' });
      expect((await repository.verify()).found).toContainEqual([
        'receipt-unsigned',
        early,
      ]);
      repository.merge({
        changes: { [SHARED]: generated('e', ORDERS) },
      });
      expect(await repository.verify()).toMatchObject(GOOD);
    });
  });

  it('does not take receipts for declarations', async () => {
    const run = await runCaptured(
      [
        'compile',
        '--catalog',
        'policies/.receipts/none.yaml',
        '--policies',
        'policies',
        '--estate',
        'clusters',
        '--check',
        '--out',
        '.',
      ],
      {
        cwd:
          (repository.put('policies/.receipts/none.yaml', ''), repository.cwd),
      },
    );
    expect(run.stdout + run.stderr).not.toContain(receipt);
  });

  it.each([
    [['--catalog', 'x'], /does not go with --receipts/],
    [['--policies', '..'], /wants one folder/],
    [['--key', 'clusters/README.md'], /not a public key/],
  ])('refuses %j', async (options, message) => {
    const { code, stderr } = await repository.verify(...options);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('refuses a private key', async () => {
    repository.put(
      'keys/callgate.pem',
      KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    expect(await repository.verify()).toMatchObject({ code: 2 });
  });
});
