import fs from 'node:fs';
import path from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ORDERS,
  ProposalBench,
} from '../proposals/__testUtils__/ProposalBench';
import { importOf } from './importOf';
import { removalOf } from './removalOf';

jest.setTimeout(120_000);

const HAND = 'clusters/prod/shop/hand.yaml';

/** @param egress - rules of the way out, which it closes but for these; absent: it says nothing of it */
const policy = (name: string, egress?: string) =>
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  policyTypes: [Ingress${egress === undefined ? '' : ', Egress'}]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: checkout } } }]
      ports: [{ port: 8080 }]
${egress === undefined ? '' : `  egress: ${egress}\n`}`;

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

describe('what of policies by hand can be deleted', () => {
  let bench: ProposalBench;
  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  const snapshot = () => bench.backend().snapshots.read({ fresh: true });
  /** Has the Orders API imported. */
  const imported = async (
    repository: Record<string, string>,
    estate?: string,
  ) => {
    if (estate !== undefined)
      fs.writeFileSync(path.join(bench.root, 'estate/by-hand.yaml'), estate);
    await bench.pushToMain(repository);
    const { written } = await importOf(await snapshot(), ORDERS, bench.config);
    await bench.pushToMain(Object.fromEntries(written!.changes));
  };
  const found = async () =>
    (await removalOf(await snapshot(), ORDERS, bench.config))!;
  const left = async () =>
    (await found()).policies.map(({ name, goes, leaving }) => [
      name,
      goes || leaving?.reason,
    ]);

  it('is nothing before what is generated is in force', async () => {
    await bench.pushToMain({ [HAND]: policy('hand') });
    const before = await snapshot();
    expect(await removalOf(before, ORDERS, bench.config)).toBeUndefined();
    const { written } = await importOf(before, ORDERS, bench.config);
    const [declaration] = written!.changes;
    // The declaration is there, and its manifests are not.
    await bench.pushToMain(Object.fromEntries([declaration]));
    expect(
      await removalOf(await snapshot(), ORDERS, bench.config),
    ).toBeUndefined();
  });

  it('is several of a file, and other terms where one of them says something else', async () => {
    const both = `${policy('one')}---\n# two\n${policy('two')}`;
    await imported({ [HAND]: both });
    const first = await found();
    expect([...first.written!.changes]).toEqual([[HAND, undefined]]);
    expect(await left()).toEqual([
      ['one', true],
      ['two', true],
    ]);
    // Another line, the same policies: what goes is the same, and where it stands is not what was read.
    await bench.pushToMain({ [HAND]: `# moved\n\n${both}` });
    const moved = await found();
    expect(moved.written!.terms).toBe(first.written!.terms);
    expect(moved.written!.digest).not.toBe(first.written!.digest);
    await bench.pushToMain({ [HAND]: both.replace('# two', '# 2') });
    expect((await found()).written!.terms).not.toBe(first.written!.terms);
  });

  it('is none that can go only with another one which stays', async () => {
    // `opens` undoes what `shuts` does to the way out: both can go, and without `opens` alone nothing would get out.
    await imported({ [HAND]: policy('opens', '[{}]') }, policy('shuts', '[]'));
    expect(await left()).toEqual([
      ['opens', 'not-without-others'],
      ['shuts', 'elsewhere'],
    ]);
    expect((await found()).written).toBeUndefined();
  });

  it.each([
    ['a link', 'clusters/prod/shop/a-link.yaml'],
    [
      'where a link of another cluster leads',
      'clusters/staging/shop/link.yaml',
    ],
  ])('is none in a file that is %s', async (_, link) => {
    await imported({ [HAND]: policy('hand') });
    await bench.pushLinkToMain(
      link,
      path.posix.relative(path.posix.dirname(link), HAND),
    );
    expect(await left()).toEqual([['hand', 'linked']]);
  });

  it('is none that another manifest gives as well, and otherwise', async () => {
    await imported(
      { [HAND]: policy('hand') },
      policy('hand').replace('checkout', 'cart'),
    );
    expect(await left()).toEqual([['hand', 'given-twice']]);
  });
});
