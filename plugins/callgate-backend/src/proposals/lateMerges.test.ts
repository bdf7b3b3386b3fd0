import { TestDatabases } from '@backstage/backend-test-utils';
import fs from 'node:fs';
import path from 'node:path';
import { BRANCH, POLICY, ProposalBench } from './__testUtils__/ProposalBench';

jest.setTimeout(60_000);

describe('requests of a pull request that people merge as they like', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  const work = async () => bench.backend().worker.runOnce();
  const look = async () => bench.backend().worker.syncOnce();
  const last = async (id: string) =>
    (await bench.requests.transitions(id)).at(-1);

  it('are not those that somebody only names in what they push there', async () => {
    const undecided = await bench.submitted({
      caller: 'component:default/cart',
    });
    await bench.withdraw(undecided);
    const id = await bench.approved();
    await work();
    const text = bench.git('show', `${BRANCH}:${POLICY}`);
    const repository = await bench.repository();
    const head = await repository.fetch(BRANCH);
    const commit = await repository.store.commit({
      parents: [(await repository.fetch('main'))!],
      changes: new Map([[POLICY, text.replaceAll(id, undecided)]]),
      message: 'By hand',
      timestamp: 1_800_000_000,
    });
    await repository.push(BRANCH, commit, head);
    await bench.mergedElsewhere(1);
    await look();
    expect(await bench.stateOf(undecided)).toBe('withdrawn');
    expect(await bench.stateOf(id)).not.toBe('merged');
  });

  describe('that was merged all the same', () => {
    it('are merged where the meaning had grown, and they were asked again', async () => {
      const id = await bench.approved();
      await work();
      await bench.mergedElsewhere(1);
      // The process that asked again ended before the pull request had lost it.
      await bench.store.saveOutcomes([
        { requestId: id, event: 'meaning-changed' },
      ]);
      expect(await bench.stateOf(id)).toBe('submitted');
      await look();
      expect(await last(id)).toMatchObject({
        from: 'submitted',
        to: 'merged',
        facts: { code: 'merged-all-the-same' },
      });
    });

    it('are merged where somebody rejected them meanwhile', async () => {
      const id = await bench.submitted({
        until: '2026-11-02',
        breakGlass: { expiresAt: bench.now + 3_600_000 },
      });
      await work();
      await bench.mergedElsewhere(1);
      await bench.requests.change({
        id,
        event: 'refuse',
        actor: 'user:default/omar',
        set: { afterwards: 'rejected' },
        rebuild: true,
      });
      expect(await bench.stateOf(id)).toBe('rejected');
      await work();
      expect(await last(id)).toMatchObject({
        from: 'rejected',
        to: 'merged',
        facts: { code: 'merged-all-the-same' },
      });
      expect(await bench.requests.getRequest(id)).toMatchObject({
        breakGlass: { afterwards: 'rejected' },
      });
    });

    it('stay as they are where they ask for something else by now', async () => {
      const id = await bench.approved();
      await work();
      await bench.mergedElsewhere(1);
      await bench.store.saveOutcomes([
        { requestId: id, event: 'meaning-changed' },
      ]);
      await bench.requests.change({
        id,
        event: 'revise',
        actor: 'user:default/priya',
      });
      await look();
      expect(await bench.stateOf(id)).toBe('submitted');
    });

    it('are merged where the pull request was declined, opened again and merged', async () => {
      const id = await bench.approved();
      await work();
      const repository = await bench.repository();
      await repository.closePullRequest(1, 'Not like this.');
      await look();
      expect(await bench.stateOf(id)).toBe('declined');
      const pull = path.join(bench.root, 'data/pull-requests/1.json');
      const {
        closeComment: _,
        head: __,
        ...stored
      } = JSON.parse(fs.readFileSync(pull, 'utf8'));
      fs.writeFileSync(pull, JSON.stringify({ ...stored, state: 'open' }));
      await bench.mergedElsewhere(1);
      await look();
      await work();
      expect(await last(id)).toMatchObject({
        from: 'declined',
        to: 'merged',
        actor: 'user:default/petra',
        facts: { code: 'merged-all-the-same' },
      });
      expect(bench.changes.at(-1)).toEqual({
        event: 'merged',
        requestIds: [id],
      });
    });

    it('stay declined where somebody wrote their grant by hand, and that is asked once', async () => {
      const id = await bench.approved();
      await work();
      const files = bench.git('ls-tree', '-r', '--name-only', BRANCH);
      const written = Object.fromEntries(
        files
          .trim()
          .split('\n')
          .map(file => [file, bench.git('show', `${BRANCH}:${file}`)]),
      );
      await (await bench.repository()).closePullRequest(1, 'By hand.');
      await look();
      await bench.pushToMain(written);
      const { worker } = bench.backend();
      await worker.syncOnce();
      await worker.runOnce();
      await worker.syncOnce();
      expect(await bench.stateOf(id)).toBe('declined');
      expect(await bench.outbox()).toEqual([]);
    });
  });
});
