import { TestDatabases } from '@backstage/backend-test-utils';
import fs from 'node:fs';
import path from 'node:path';
import { ORDERS, ProposalBench } from './__testUtils__/ProposalBench';
import { objectionsTo } from './objectionsTo';

jest.setTimeout(60_000);

const PETRA = 'user:default/petra';
const PAVEL = 'user:default/pavel';
const CART = { caller: 'component:default/cart' };

describe('an objection to a pull request', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  const work = async () => bench.backend().worker.runOnce();
  const proposal = async () => (await bench.store.currentProposal(ORDERS))!;
  const review = async (
    by: string,
    more: {
      decision: 'approved' | 'changes-requested' | 'withdrawn';
      comment?: string;
      objection?: string;
    },
  ) => {
    const record = await proposal();
    await bench
      .backend()
      .reviews.review(record, { by, head: record.head!, ...more });
  };
  const object = () =>
    review(PETRA, { decision: 'changes-requested', comment: 'Too wide' });
  const merge = async (by = PAVEL) => {
    const record = await proposal();
    await bench.backend().reviews.merge(record, { by, head: record.head! });
  };
  const refused = { code: 'changes-requested' };
  const standing = async () => {
    const record = await proposal();
    const repository = await bench.repository();
    return objectionsTo(
      record,
      await repository.readPullRequest(record.number!),
    );
  };

  it('is not washed away by a new head', async () => {
    await bench.approved();
    await work();
    const { head } = await proposal();
    await object();
    await bench.approved(CART);
    await work();
    expect((await proposal()).head).not.toBe(head);
    await expect(merge()).rejects.toMatchObject(refused);
    expect(await standing()).toEqual([
      expect.objectContaining({ by: PETRA, head, comment: 'Too wide' }),
    ]);
  });

  it('is over when its author approves, whatever the head becomes after that', async () => {
    await bench.approved();
    await work();
    await object();
    await review(PETRA, { decision: 'approved' });
    await bench.approved(CART);
    await work();
    expect(await standing()).toEqual([]);
    await merge();
  });

  it('is not taken back by the approval of somebody else', async () => {
    await bench.approved();
    await work();
    await object();
    await review(PAVEL, { decision: 'approved' });
    await expect(merge()).rejects.toMatchObject(refused);
  });

  it('is over when every request it is about has left the pull request, and not before', async () => {
    const first = await bench.approved();
    const second = await bench.approved(CART);
    await work();
    await object();
    const third = await bench.approved({ operations: [{ id: 'getOrder' }] });
    await bench.withdraw(first);
    await work();
    expect((await proposal()).requestIds).toEqual([second, third]);
    await expect(merge()).rejects.toMatchObject(refused);
    await bench.withdraw(second);
    await work();
    expect((await proposal()).requestIds).toEqual([third]);
    await merge();
    expect(await bench.stateOf(third)).toBe('merged');
  });

  it('stands in the next pull request with the same request', async () => {
    const first = await bench.approved();
    await bench.approved(CART);
    await work();
    await object();
    // Withdrawn while nothing can be built: the pull request is closed, and another one opened later.
    await bench.withdraw(first);
    const broken = path.join(bench.root, 'estate/broken.yaml');
    fs.writeFileSync(broken, 'kind: Deployment\nmetadata: [\n');
    await bench.estate.refresh();
    await work();
    fs.rmSync(broken);
    await bench.estate.refresh();
    bench.now += 3_600_000;
    await work();
    expect(await proposal()).toMatchObject({ number: 2, state: 'open' });
    await expect(merge()).rejects.toMatchObject(refused);
  });

  it('is taken back by another of the platform team who says why', async () => {
    await bench.approved();
    await work();
    await object();
    const [{ id: objection }] = await standing();
    await expect(
      review(PAVEL, { decision: 'withdrawn', objection }),
    ).rejects.toMatchObject({ code: 'reason-missing' });
    const comment = 'Agreed with the owners';
    await review(PAVEL, { decision: 'withdrawn', objection, comment });
    await merge();
  });

  it('is not taken back by somebody who took part', async () => {
    await bench.approved();
    await work();
    await object();
    const [{ id: objection }] = await standing();
    await expect(
      review('user:default/priya', {
        decision: 'withdrawn',
        objection,
        comment: 'Mine is fine',
      }),
    ).rejects.toMatchObject({ code: 'involved-in-request' });
  });

  it('stands where it is not known what it was about', async () => {
    const first = await bench.approved();
    await bench.approved(CART);
    await work();
    await object();
    const file = path.join(bench.root, 'data/pull-requests/1.json');
    const stored = JSON.parse(fs.readFileSync(file, 'utf8'));
    delete stored.reviews[0].about;
    fs.writeFileSync(file, JSON.stringify(stored));
    await bench.withdraw(first);
    await work();
    await expect(merge()).rejects.toMatchObject(refused);
  });

  const opinion = (head: string | undefined, more: object = {}) => ({
    by: 'petra',
    decision: 'changes-requested' as const,
    at: '2026-11-02T10:00:00Z',
    ...(head && { head }),
    ...more,
  });
  const of = (requestIds: string[]) => ({
    requestIds,
    head: 'c',
    earlier: [
      { head: 'a', requestIds: ['1', '2'] },
      { head: 'b', requestIds: ['2'] },
    ],
  });
  const stands = (
    requestIds: string[],
    ...reviews: ReturnType<typeof opinion>[]
  ) => objectionsTo(of(requestIds), { reviews }).length > 0;

  it('on a forge that knows the head alone is about the requests that this head carried', () => {
    expect(stands(['2', '3'], opinion('a'))).toBe(true);
    expect(stands(['1', '3'], opinion('b'))).toBe(false);
    // What came later is not objected to by it, and what it is about holds up the whole.
    expect(stands(['3'], opinion('a'))).toBe(false);
    expect(stands(['3'], opinion('c'))).toBe(true);
    expect(stands(['3'], opinion('b'), opinion('c'))).toBe(true);
  });

  it('to a head that is not ours, or to none, is about everything', () => {
    expect(stands(['3'], opinion('d'))).toBe(true);
    expect(stands(['3'], opinion(undefined))).toBe(true);
    expect(stands(['3'], opinion('a'), opinion('d'))).toBe(true);
  });

  it('on a forge ends with the approval of its author', () => {
    expect(
      objectionsTo(of(['2']), {
        reviews: [opinion('a'), { ...opinion('c'), decision: 'approved' }],
      }),
    ).toEqual([]);
  });
});
