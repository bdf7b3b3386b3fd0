import { TestDatabases } from '@backstage/backend-test-utils';
import { DatabaseCounts } from './DatabaseCounts';
import { migrate } from './migrate';

jest.setTimeout(120_000);

describe('counts of everything', () => {
  const databases = TestDatabases.create({
    ids: process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING
      ? ['SQLITE_3', 'POSTGRES_18']
      : ['SQLITE_3'],
  });

  it.each(databases.eachSupportedId())('are numbers on %p', async id => {
    const client = await databases.init(id);
    await migrate({ getClient: async () => client });
    const counts = DatabaseCounts.create({ client });
    expect(await counts.read()).toEqual({
      requests: [],
      proposals: [],
      queue: { waiting: 0, failing: 0 },
    });
    const waits = (api: string, attempts: number) => ({
      api_ref: api,
      version: 1,
      attempts,
      due_at: 0,
      leased_until: 0,
    });
    await client('outbox').insert([
      waits('api:default/orders', 0),
      waits('api:default/stock', 3),
    ]);
    const asked = (number: number, kind: string, at: number) => ({
      id: `${number}`,
      number,
      kind,
      state: 'submitted',
      api_ref: 'api:default/orders',
      caller_ref: 'component:default/checkout',
      draft: '{}',
      requested_by: 'user:default/priya',
      digest: '',
      shown: '{}',
      words: '',
      risk: 0,
      version: 1,
      created_at: at,
      updated_at: at,
    });
    await client('access_requests').insert([
      asked(1, 'new', 2_000_000_000_001),
      asked(2, 'new', 2_000_000_000_000),
      asked(3, 'end', 5),
    ]);
    const { requests, queue } = await counts.read();
    expect(requests).toHaveLength(2);
    expect(requests).toEqual(
      expect.arrayContaining([
        { kind: 'new', state: 'submitted', count: 2, since: 2_000_000_000_000 },
        { kind: 'end', state: 'submitted', count: 1, since: 5 },
      ]),
    );
    expect(queue).toEqual({ waiting: 2, failing: 1 });
    await client.destroy();
  });
});
