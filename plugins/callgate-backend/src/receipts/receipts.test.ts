import { ConfigReader } from '@backstage/config';
import { TestDatabases } from '@backstage/backend-test-utils';
import { checkReceipts, readReceipt, type SourceFile } from '@callgate/policy';
import { generateKeyPairSync } from 'node:crypto';
import { readPolicies } from '../proposals/readPolicies';
import {
  BRANCH,
  ORDERS,
  POLICY,
  ProposalBench,
} from '../proposals/__testUtils__/ProposalBench';
import { SigningKey } from './SigningKey';

jest.setTimeout(120_000);

const newKey = () =>
  generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

const GENERATED = 'clusters/prod/shop/callgate-orders.yaml';

describe('the receipt of a proposal', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    bench.key = SigningKey.ofPem(newKey(), 'test');
  });
  afterEach(() => bench.close());

  const work = async () => bench.backend().worker.runOnce();
  const filesAt = (ref: string, folder: string): SourceFile[] =>
    bench
      .git('ls-tree', '-r', '--name-only', ref, folder)
      .split('\n')
      .filter(path => path !== '')
      .map(path => ({ path, text: bench.git('show', `${ref}:${path}`) }));
  const receiptsAt = (ref: string) => filesAt(ref, 'policies/.receipts');
  const check = (ref: string) =>
    checkReceipts({
      policiesFolder: 'policies',
      receipts: receiptsAt(ref),
      manifests: filesAt(ref, 'clusters'),
      judge: (signed, { keyid, sig }) =>
        keyid === bench.key!.id && bench.key!.sign(signed).sig === sig
          ? 'valid'
          : 'other-key',
    });
  const merge = async () =>
    bench.mergedElsewhere((await bench.store.currentProposal(ORDERS))!.number!);

  it('covers what is generated, with who approved what, and not with the reason', async () => {
    const id = await bench.approved({ reason: 'for the status page' });
    await work();
    const [file] = receiptsAt(BRANCH);
    // Pages show the files of a proposal; a receipt has names that not every reader may see.
    const shown = (await bench.store.currentProposal(ORDERS))!.files;
    expect(shown.map(({ path }) => path)).toEqual([POLICY, GENERATED]);
    const { receipt } = readReceipt(file, 'policies');
    const { subject, predicate } = receipt!.statement;
    expect(subject.map(({ name }) => name)).toEqual([GENERATED, POLICY]);
    expect(predicate).toMatchObject({
      api: ORDERS,
      repository: 'local://policies',
      replaces: [],
      requests: [
        {
          id,
          requestedBy: 'user:default/priya',
          approvals: [
            {
              by: 'user:default/omar',
              role: `api-owner ${ORDERS}`,
              at: '2026-11-02T10:00:00.000Z',
              meaning: (await bench.requests.getRequest(id))!.shown.digest,
            },
          ],
        },
      ],
    });
    expect(JSON.stringify(receipt!.statement)).not.toContain('status page');
    expect(check(BRANCH)).toMatchObject({ findings: [], covered: 1 });
  });

  it('is the same when it is built again, and comes after the one before', async () => {
    await bench.approved();
    await work();
    const head = bench.git('rev-parse', BRANCH);
    await bench.store.enqueue(ORDERS);
    bench.now += 60_000;
    await work();
    expect(bench.git('rev-parse', BRANCH)).toBe(head);

    await merge();
    await bench.approved({ caller: 'component:default/cart' });
    await work();
    await merge();
    expect(check('main')).toMatchObject({ findings: [], covered: 1 });
    expect(receiptsAt('main')).toHaveLength(2);
    const read = receiptsAt('main').map(
      file => readReceipt(file, 'policies').receipt!,
    );
    const first = read.find(
      ({ statement }) => statement.predicate.replaces.length === 0,
    )!;
    const second = read.find(each => each !== first)!;
    expect(second.statement.predicate.replaces).toEqual([first.digest]);
  });

  it('of somebody who pushed by hand covers nothing', async () => {
    await bench.approved();
    await work();
    await merge();
    const [{ path, text }] = receiptsAt('main');
    bench.key = SigningKey.ofPem(newKey(), 'test');
    expect(check('main').findings.map(({ code }) => code)).toContain(
      'receipt-wrong-key',
    );
    // The next proposal of the API covers its files with its own signature.
    await bench.approved({ caller: 'component:default/cart' });
    await work();
    expect(
      check(BRANCH).findings.map(({ code, at }) => [code, at?.file]),
    ).toEqual([['receipt-wrong-key', path]]);
    expect(receiptsAt(BRANCH)).toContainEqual({ path, text });
  });
});

describe('receipts and declarations', () => {
  it('are told apart by the folder', () => {
    const files = new Map([
      ['policies/.receipts/default/orders.yaml', 'kind: AccessPolicy'],
      ['policies/.receipts/default/orders/x.json', '{}'],
    ]);
    expect(readPolicies(files, 'policies')).toEqual([]);
  });
});

describe('callgate.signing', () => {
  const read = (signing: object) =>
    SigningKey.fromConfig(new ConfigReader({ callgate: { signing } }));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

  it('may be left out', () => {
    expect(SigningKey.fromConfig(new ConfigReader({}))).toBeUndefined();
  });

  it('takes a key', () => {
    expect(read({ key: newKey() })!.id).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each([
    ['nothing', {}, /either key or keyFile/],
    ['both', { key: 'x', keyFile: 'y' }, /either key or keyFile/],
    ['no key', { key: 'hunter2' }, /key is not a private key/],
    ['another kind', { key: rsa }, /for rsa/],
    ['no file', { keyFile: '/nowhere/key.pem' }, /cannot be read: ENOENT/],
  ])('refuses %s, and does not repeat it', (_, signing, message) => {
    expect(() => read(signing)).toThrow(message);
    expect(() => read(signing)).not.toThrow(/hunter2/);
  });
});
