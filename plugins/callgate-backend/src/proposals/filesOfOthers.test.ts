import { TestDatabases } from '@backstage/backend-test-utils';
import { ORDERS, ProposalBench } from './__testUtils__/ProposalBench';
import type { Snapshot } from './types';

jest.setTimeout(60_000);

describe('a generated file of another API', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  it('is not removed by a proposal, also where nothing generates it any more', async () => {
    const bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    const stock = bench.draft({ api: 'api:default/stock' });
    const read = () => bench.backend().snapshots.read({ fresh: true });
    const { files } = await bench.planner.preview(await read(), stock);
    await bench.pushToMain(
      Object.fromEntries(files.map(({ path, after }) => [path, after])),
    );
    const snapshot = await read();
    const file = snapshot.state.files!.find(({ text }) =>
      text.includes('api:default/stock'),
    )!;
    const earlier = { ...file, path: file.path.replace('stock', 'earlier') };
    // As it was compiled before the proposal's change, which compiles it to another name.
    const before: Snapshot = {
      ...snapshot,
      compilation: {
        ...snapshot.compilation,
        files: [...snapshot.compilation.files, earlier],
      },
      state: {
        ...snapshot.state,
        files: [...snapshot.state.files!, earlier],
      },
      repository: new Map([
        ...snapshot.repository,
        [earlier.path, earlier.text],
      ]),
    };
    const preview = await bench.planner.preview(before, bench.draft());
    expect(preview.files.length).toBeGreaterThan(0);
    expect(preview.files.map(({ path }) => path)).not.toContain(earlier.path);
    await bench.close();
  });
});

describe('a file that people wrote where a generated one belongs', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  // It closes another API: written over, everybody could call that.
  const BY_HAND = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: stock-callers, namespace: shop }
spec:
  podSelector: { matchLabels: { app: stock } }
  policyTypes: [Ingress]
  ingress: []
`;
  const file = 'clusters/prod/shop/callgate-orders.yaml';

  it('is replaced by no proposal, and what is asked says which it is', async () => {
    const bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    await bench.pushToMain({ [file]: BY_HAND });
    const preview = await bench.planner.preview(
      await bench.backend().snapshots.read({ fresh: true }),
      bench.draft(),
    );
    expect(preview.findings).toContainEqual(
      expect.objectContaining({
        code: 'file-not-generated',
        severity: 'error',
        at: { file },
      }),
    );
    await bench.close();
  });

  it('stops what was approved before it came, until it is moved', async () => {
    const bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    const id = await bench.approved();
    await bench.pushToMain({ [file]: BY_HAND });
    await bench.backend().worker.runOnce();
    expect(await bench.stateOf(id)).toBe('approved');
    const { problem } = (await bench.store.currentProposal(ORDERS))!;
    expect(JSON.stringify(problem)).toContain(file);
    await bench.close();
  });
});
