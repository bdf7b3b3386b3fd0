import { TestDatabases } from '@backstage/backend-test-utils';
import { ProposalBench } from './__testUtils__/ProposalBench';
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
