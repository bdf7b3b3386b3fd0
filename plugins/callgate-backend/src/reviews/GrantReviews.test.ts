import { TestDatabases } from '@backstage/backend-test-utils';
import { DatabaseAccessStore, migrate } from '../database';
import { DatabaseGrantReviews } from '../database/DatabaseGrantReviews';
import type { Snapshot } from '../proposals/types';
import { GrantReviews } from './GrantReviews';

jest.setTimeout(60_000);

const DAY = 86_400_000;
const API = 'api:default/orders';
const snapshot = {
  policies: [
    {
      policy: {
        metadata: { name: 'orders', namespace: 'default' },
        spec: {
          api: API,
          grants: [
            {
              id: 'g',
              caller: 'component:default/cart',
              operations: [{ id: 'listOrders' }],
            },
          ],
        },
      },
    },
  ],
  compilation: { plan: { edges: [] } },
  ...{ catalog: [], clusters: [], approvalRules: [] },
} as unknown as Snapshot;

describe('reviews of one grant', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  it('by two who looked before either decided are one, and the next is another', async () => {
    const client = await databases.init('SQLITE_3');
    await migrate({ getClient: async () => client });
    let now = 1_000 * DAY;
    const process = () =>
      new GrantReviews({
        store: DatabaseGrantReviews.create({ client, now: () => now }),
        requests: DatabaseAccessStore.create({ client }),
        reviewEvery: 30,
        now: () => now,
      });
    const [one, other] = [process(), process()];
    const looked = await Promise.all(
      [one, other].map(each => each.of(snapshot, API, 'g')),
    );
    expect(looked.map(each => each?.term)).toEqual([
      { due: true },
      { due: true },
    ]);
    const role = `api-owner ${API}`;
    const kept = await Promise.all([
      one.keep(looked[0]!, { by: 'user:default/omar', role }),
      other.keep(looked[1]!, { by: 'user:default/lena', role }),
    ]);
    expect(kept.filter(Boolean)).toHaveLength(1);
    expect(await one.due(snapshot)).toEqual([]);
    now += 31 * DAY;
    const [again] = await other.due(snapshot, [API]);
    expect(again.record.last?.id).toBe(kept.find(Boolean)?.id);
    expect(await other.due(snapshot, ['api:default/other'])).toEqual([]);
    expect(
      await other.keep(again, { by: 'user:default/omar', role }),
    ).toMatchObject({ grant: 'g', follows: again.record.last?.id });
    await client.destroy();
  });
});
