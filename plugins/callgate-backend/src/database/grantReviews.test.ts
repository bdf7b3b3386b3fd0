import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import {
  DatabaseGrantReviews,
  type StoredReview,
} from './DatabaseGrantReviews';
import { migrate } from './migrate';
import { DatabaseReminders } from './Reminders';

jest.setTimeout(120_000);

const OMAR = 'user:default/omar';
const review = (
  change: Partial<StoredReview> = {},
): Omit<StoredReview, 'id' | 'at'> => ({
  api: 'api:default/orders',
  caller: 'component:default/cart',
  grant: 'g',
  declared: '',
  follows: '',
  by: OMAR,
  role: 'api-owner api:default/orders',
  digest: 'sha256:a',
  terms: { operations: [{ id: 'listOrders' }], in: ['prod'] },
  note: 'Still needed',
  ...change,
});

describe('reviews of grants', () => {
  const databases = TestDatabases.create({
    ids: process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING
      ? ['SQLITE_3', 'POSTGRES_18']
      : ['SQLITE_3'],
  });

  describe.each(databases.eachSupportedId())('on %s', databaseId => {
    let client: Knex;
    let now = 1_000;
    let store: DatabaseGrantReviews;
    beforeEach(async () => {
      client = await databases.init(databaseId);
      await migrate({ getClient: async () => client });
      store = DatabaseGrantReviews.create({ client, now: () => now });
    });
    afterEach(() => client.destroy());

    it('follow each record once, in however many processes', async () => {
      const all = await Promise.all([1, 2, 3].map(() => store.keep(review())));
      const [kept, ...none] = all.filter(Boolean);
      expect(none).toEqual([]);
      expect(await store.reviews({ api: 'api:default/orders' })).toEqual([
        kept,
      ]);
      expect(kept).toMatchObject(review());
      const next = review({ follows: kept!.id });
      expect(await store.keep(next)).toMatchObject(next);
      // Another grant of that id, because another request is in it.
      const other = review({ declared: 'R' });
      expect(await store.keep(other)).toMatchObject(other);
      expect(await store.reviews({ grant: 'other' })).toEqual([]);
    });

    it('are known by the key of their write', async () => {
      const key = { key: 'k', bodyHash: 'a' };
      const kept = await store.keep(review(), key);
      expect(await store.answered(OMAR, key)).toEqual(kept);
      expect(await store.answered('user:default/lena', key)).toBeUndefined();
      await expect(
        store.answered(OMAR, { ...key, bodyHash: 'b' }),
      ).rejects.toMatchObject({ code: 'idempotency-key-reused' });
      // A second write with it at the same moment is none.
      expect(await store.keep(review({ follows: 'x' }), key)).toBeUndefined();
    });

    it('are read page by page up to a moment, and lose their notes alone', async () => {
      for (const [index, at] of [10, 20, 20, 30].entries()) {
        now = at;
        await store.keep(review({ grant: `g${index}` }));
      }
      const first = await store.page(20, undefined, 2);
      const second = await store.page(20, first[1], 2);
      expect([...first, ...second].map(({ at }) => at)).toEqual([10, 20, 20]);
      expect(new Set([...first, ...second].map(({ grant }) => grant))).toEqual(
        new Set(['g0', 'g1', 'g2']),
      );
      expect(await store.blankNotes(20)).toBe(1);
      expect(await store.blankNotes(20)).toBe(0);
      expect(
        (await store.reviews()).map(({ note, digest }) => [note, digest]),
      ).toEqual([
        [undefined, 'sha256:a'],
        ['Still needed', 'sha256:a'],
        ['Still needed', 'sha256:a'],
        ['Still needed', 'sha256:a'],
      ]);
    });

    it('are reminded of again after so many days, also where a clock was wrong by weeks', async () => {
      const reminders = DatabaseReminders.create({ client });
      const due = { kind: 'review-due' as const, subject: ['g'], again: 7 };
      const told = async (day: string) =>
        (await reminders.claim(OMAR, day, [due])).length;
      expect(await told('2027-03-01')).toBe(1);
      expect(await told('2027-03-07')).toBe(0);
      expect(await told('2027-03-08')).toBe(1);
      expect(await told('2027-03-14')).toBe(0);
      expect(await told('2027-06-01')).toBe(1);
      expect(await told('2027-05-30')).toBe(0);
      expect(await told('2027-03-20')).toBe(1);
    });
  });

  it('came with one table of reminders, which knows what was told before', async () => {
    const client = await databases.init('SQLITE_3');
    const directory = resolvePackagePath(
      '@callgate/plugin-callgate-backend',
      'migrations',
    );
    for (const name of [
      '20261101_init.js',
      '20261129_transition_facts.js',
      '20261130_approvals.js',
      '20261201_confirm.js',
      '20261202_claims.js',
      '20261202_platform_notices.js',
      '20261203_grant_changes.js',
      '20261203_request_search.js',
      '20261204_approval_reminders.js',
    ])
      await client.migrate.up({ directory, name } as object);
    const id = '01J9ZX3Q8M0000000000ABCDEF';
    await client('access_requests').insert({
      ...{ id, number: 1, api_ref: 'api:default/orders' },
      caller_ref: 'component:default/cart',
      ...{ draft: '{}', state: 'submitted', requested_by: OMAR },
      ...{ digest: 'sha256:a', shown: '{}', risk: 0, version: 1 },
      ...{ created_at: 1, updated_at: 1 },
    });
    await client('grant_reminders').insert({
      ...{ person: OMAR, api_ref: 'api:default/orders', grant_id: 'g' },
      ...{ until: '2027-03-01', step: 14, told_on: '2027-02-15' },
    });
    await client('approval_reminders').insert({
      ...{ person: OMAR, request_id: id, since: 5, step: 'remind' },
      told_on: '2027-02-15',
    });
    await migrate({ getClient: async () => client });
    const reminders = DatabaseReminders.create({ client });
    expect(
      await reminders.claim(OMAR, '2027-02-20', [
        {
          kind: 'grant-ends',
          subject: ['api:default/orders', 'g', '2027-03-01', 14],
        },
        { kind: 'request-waits', subject: [id, 5, 'remind'] },
      ]),
    ).toEqual([]);
    await client.migrate.down({
      directory,
      name: '20261205_reviews.js',
    } as object);
    expect(await client('grant_reminders').select('step', 'until')).toEqual([
      { step: 14, until: '2027-03-01' },
    ]);
    expect(
      await client('approval_reminders').select('request_id', 'step'),
    ).toEqual([{ request_id: id, step: 'remind' }]);
    await client.destroy();
  });
});
