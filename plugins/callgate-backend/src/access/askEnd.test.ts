import {
  mockServices,
  type TestDatabaseId,
  TestDatabases,
} from '@backstage/backend-test-utils';
import type { AccessStore } from '../database/AccessStore';
import type { Ownership } from '../ownership';
import { declarationOf } from '../proposals/editDeclaration';
import {
  ORDERS,
  ProposalBench,
} from '../proposals/__testUtils__/ProposalBench';
import type { Snapshot } from '../proposals/types';
import { askEnd } from './askEnd';

jest.setTimeout(120_000);

describe('an end that Callgate asks for', () => {
  const databases = TestDatabases.create({
    ids: process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING
      ? ['SQLITE_3', 'POSTGRES_18']
      : ['SQLITE_3'],
  });
  const auditor = mockServices.auditor.mock();
  const success = jest.fn();
  const fail = jest.fn();
  let bench: ProposalBench;
  let snapshot: Snapshot;

  async function start(id: TestDatabaseId) {
    jest.resetAllMocks();
    auditor.createEvent.mockResolvedValue({ success, fail });
    bench = await ProposalBench.create(await databases.init(id));
    await bench.approved({ caller: 'component:default/cart' });
    const { worker, snapshots } = bench.backend();
    await worker.runOnce();
    await bench.mergedElsewhere(1);
    await worker.syncOnce();
    snapshot = await snapshots.read({ fresh: true });
  }
  afterEach(() => bench.close());

  const ask = (
    requests: Pick<AccessStore, 'createRequest'> = bench.requests,
  ) => {
    const [grant] = declarationOf(snapshot, ORDERS)!.policy!.spec.grants;
    return askEnd(
      {
        requests,
        planner: bench.planner,
        ownership: {
          ownersOf: async () => ['group:default/orders-team'],
        } as unknown as Ownership,
        auditor,
        auth: mockServices.auth({ pluginId: 'callgate' }),
      },
      snapshot,
      {
        api: ORDERS,
        caller: 'component:default/cart',
        grant,
        because: { expired: '2026-11-01' },
      },
    );
  };
  const ends = async () => {
    const [grant] = declarationOf(snapshot, ORDERS)!.policy!.spec.grants;
    return (await bench.requests.requestsOfGrant(ORDERS, grant.id)).filter(
      ({ draft }) => draft.change?.kind === 'end',
    );
  };

  describe.each(databases.eachSupportedId())('on %s', id => {
    it('is asked once, by whichever process is first, and is no trouble to the others', async () => {
      await start(id);
      const outcomes = await Promise.all([ask(), ask(), ask()]);
      const asked = outcomes.flatMap(each => each?.stored.id ?? []);
      expect(asked).toHaveLength(1);
      expect((await ends()).map(each => each.id)).toEqual(asked);
      // Nor to one that comes later, while it is open.
      expect(await ask()).toBeUndefined();
      expect(await ends()).toHaveLength(1);
      expect(success).toHaveBeenCalledTimes(1);
    });

    it('is asked anew once the one before is over', async () => {
      await start(id);
      const first = await ask();
      await bench.requests.change({
        id: first!.stored.id,
        event: 'supersede',
        facts: { code: 'not-over' },
      });
      const second = await ask();
      expect(second?.stored.id).not.toBe(first!.stored.id);
      expect((await ends()).map(({ state }) => state).sort()).toEqual([
        'approved',
        'superseded',
      ]);
    });

    it('is not taken for asked where something else goes wrong', async () => {
      await start(id);
      const broken = new Error('The database is away.');
      await expect(
        ask({ createRequest: async () => Promise.reject(broken) }),
      ).rejects.toBe(broken);
      expect(await ends()).toEqual([]);
      expect(fail).toHaveBeenCalledTimes(1);
    });
  });
});
