import { TestDatabases } from '@backstage/backend-test-utils';
import { BRANCH, ORDERS, ProposalBench } from './__testUtils__/ProposalBench';

jest.setTimeout(60_000);

const PETRA = 'user:default/petra';
const CART = { caller: 'component:default/cart' };

describe('a pull request', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  const work = async () => bench.backend().worker.runOnce();
  const proposal = async () => (await bench.store.currentProposal(ORDERS))!;

  it('is merged at the head that was shown alone, and it is told which requests came and went', async () => {
    const first = await bench.approved();
    await work();
    const read = await proposal();
    const second = await bench.approved(CART);
    await bench.withdraw(first);
    await work();
    const { reviews } = bench.backend();
    const now = await proposal();
    await expect(
      reviews.merge(now, { by: PETRA, head: read.head! }),
    ).rejects.toMatchObject({
      code: 'head-changed',
      difference: {
        cause: 'rebuilt',
        shown: read.head,
        head: now.head,
        came: [second],
        went: [first],
      },
    });
    expect(bench.git('log', '--merges', '--format=%s', 'main')).toBe('');
    await reviews.merge(now, { by: PETRA, head: now.head! });
  });

  it('is not merged with what somebody pushes between the look and the merge', async () => {
    await bench.approved();
    await work();
    const { connection, reviews } = bench.backend();
    const record = await proposal();
    const repository = await connection.repository();
    const merge = repository.portalReviews!.merge;
    repository.portalReviews!.merge = async (...args) => {
      const head = await repository.fetch(BRANCH);
      const commit = await repository.store.commit({
        parents: [head!],
        changes: new Map([['README.md', 'Theirs\n']]),
        message: 'Theirs',
        timestamp: 1_800_000_000,
      });
      await repository.push(BRANCH, commit, head);
      return merge(...args);
    };
    await expect(
      reviews.merge(record, { by: PETRA, head: record.head! }),
    ).rejects.toMatchObject({
      code: 'head-changed',
      difference: { cause: 'pushed', shown: record.head },
    });
    expect(bench.git('log', '--merges', '--format=%s', 'main')).toBe('');
  });

  it('says in its description which commit it describes', async () => {
    await bench.approved();
    await work();
    const repository = await bench.repository();
    const described = async () => (await repository.readPullRequest(1)).body;
    expect(await described()).toContain(
      `This describes commit \`${(await proposal()).head}\``,
    );
    await bench.approved(CART);
    await work();
    expect(await described()).toContain(
      `This describes commit \`${(await proposal()).head}\``,
    );
    expect((await proposal()).body).toBe(await described());
  });
});
