import { TestDatabases } from '@backstage/backend-test-utils';
import fs from 'node:fs';
import { POLICY, ProposalBench } from './__testUtils__/ProposalBench';

jest.setTimeout(60_000);

const APPROVALS = `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
    - name: writes
      when: request.writes
      needs: [{ role: platform }]
      examples:
        hold: [{ request: { writes: true } }]
        not: [{ request: { writes: false } }]
`;

describe('whose approval a request takes', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  const benches: ProposalBench[] = [];
  const bench = async () => {
    const made = await ProposalBench.create(await databases.init('SQLITE_3'));
    benches.push(made);
    return made;
  };
  afterEach(async () => {
    for (const each of benches.splice(0)) await each.close();
  });

  it('is that of everything that it opens, also of what it restores', async () => {
    const first = await bench();
    const placed = await first.planner.preview(
      await first.backend().snapshots.read(),
      first.draft({
        caller: 'component:default/cart',
        operations: [{ id: 'createOrder' }],
      }),
    );
    const second = await bench();
    const seed = (path: string, text: string) => {
      const file = `${second.root}/seed/${path}`;
      fs.mkdirSync(file.slice(0, file.lastIndexOf('/')), { recursive: true });
      fs.writeFileSync(file, text);
    };
    seed('approvals.yaml', APPROVALS);
    for (const { path, after = '' } of placed.files)
      seed(
        path,
        path === POLICY
          ? after.replace(/id: \S*$/m, 'id: cart-places')
          : after
              .replace(
                'cluster.local/ns/shop/sa/cart',
                'cluster.local/ns/x/sa/x',
              )
              .replace('app: cart', 'app: nobody'),
      );
    const snapshot = await second.backend().snapshots.read();
    expect(snapshot.findings).toEqual([]);
    const writes = await second.planner.preview(
      snapshot,
      second.draft({ operations: [{ id: 'createOrder' }] }),
    );
    expect(writes.needs.map(({ kind }) => kind)).toContain('platform');
    const alone = await second.planner.preview(
      snapshot,
      second.draft({ api: 'api:default/stock' }),
    );
    expect(alone.needs.map(({ kind }) => kind)).toEqual(['api-owner']);
    const reads = await second.planner.preview(snapshot, second.draft());
    expect(reads.problem).toBeUndefined();
    expect(reads.meaning.restored).toMatchObject([
      { caller: 'component:default/cart', operations: ['createOrder'] },
    ]);
    expect(reads.needs.map(({ kind }) => kind)).toContain('platform');
  });
});
