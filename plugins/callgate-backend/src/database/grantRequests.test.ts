import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Meaning } from '@callgate/policy';
import type { Knex } from 'knex';
import type { GrantChange } from '../proposals/types';
import type { NewStoredRequest, StoredRequest } from './AccessStore';
import { DatabaseAccessStore } from './DatabaseAccessStore';
import { DatabaseReminders } from './Reminders';
import { DatabaseProposalStore } from './DatabaseProposalStore';
import { migrate } from './migrate';

jest.setTimeout(60_000);

const API = 'api:default/orders';

const shown = {
  digest: 'sha256:a',
  content: { api: API },
  ...{ gained: [], lost: [], flips: [], plumbing: [] },
  ...{ findings: [], layersByCluster: [] },
} as unknown as Meaning;

const about = (
  kind: GrantChange['kind'],
  more: Partial<NewStoredRequest> & { expired?: string } = {},
): NewStoredRequest => {
  const { expired, ...over } = more;
  return {
    apiRef: API,
    callerRef: 'component:default/cart',
    draft: {
      change: {
        kind,
        grant: 'cart-lists',
        side: 'caller',
        ...(expired !== undefined && { expired }),
      },
      operations: [{ id: 'listOrders' }],
      in: [],
      reason: 'x',
      acknowledges: [],
    },
    requestedBy: 'user:default/cora',
    shown,
    risk: 0,
    parties: [{ role: 'requester', ref: 'user:default/cora' }],
    ...over,
  };
};

describe('requests about grants', () => {
  const databases = TestDatabases.create({
    ids: process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING
      ? ['SQLITE_3', 'POSTGRES_18']
      : ['SQLITE_3'],
  });

  describe.each(databases.eachSupportedId())('on %s', databaseId => {
    let client: Knex;
    let requests: DatabaseAccessStore;
    let proposals: DatabaseProposalStore;

    beforeEach(async () => {
      client = await databases.init(databaseId);
      await migrate({ getClient: async () => client });
      requests = DatabaseAccessStore.create({ client });
      proposals = DatabaseProposalStore.create({ client });
    });
    afterEach(() => client.destroy());

    it('go on at once where nobody has to approve, with both steps recorded and the build due', async () => {
      const { id, state } = await requests.createRequest(
        about('end', { needs: [] }),
      );
      expect(state).toBe('approved');
      expect(await requests.transitions(id)).toMatchObject([
        { event: 'submit', to: 'submitted', actor: 'user:default/cora' },
        {
          event: 'approve',
          from: 'submitted',
          to: 'approved',
          facts: { code: 'no-approval-needed' },
        },
      ]);
      const due = await proposals.claim({ limit: 5, leaseMs: 1000 });
      expect(due.map(({ api }) => api)).toEqual([API]);
      expect(await proposals.carriedRequests(API)).toMatchObject([
        { id, approvals: [], change: { kind: 'end', grant: 'cart-lists' } },
      ]);
      // Read again it needs nobody still, and is not damaged.
      expect(await requests.getRequest(id)).toMatchObject({ needs: [] });
    });

    it('wait where somebody has to', async () => {
      const { id, state } = await requests.createRequest(about('renew'));
      expect(state).toBe('submitted');
      expect(await requests.transitions(id)).toHaveLength(1);
      expect(await proposals.claim({ limit: 5, leaseMs: 1000 })).toEqual([]);
    });

    it('are one at a time for each grant, whatever they ask, also at the same moment', async () => {
      const kinds = ['end', 'change', 'renew', 'end'] as const;
      const results = await Promise.allSettled(
        kinds.map(kind => requests.createRequest(about(kind))),
      );
      const made = results.flatMap(each =>
        each.status === 'fulfilled' ? each.value : [],
      );
      const refused = results.flatMap(each =>
        each.status === 'rejected' ? each.reason.code : [],
      );
      expect(made).toHaveLength(1);
      expect(refused).toEqual(Array(3).fill('already-asked'));
      await requests.change({ id: made[0].id, event: 'withdraw' });
      await expect(requests.createRequest(about('end'))).resolves.toMatchObject(
        { state: 'submitted' },
      );
    });

    it('of people are not kept out by the end that Callgate proposes', async () => {
      const expiry = about('end', { needs: [], expired: '2027-03-01' });
      await requests.createRequest(expiry);
      await expect(requests.createRequest(expiry)).rejects.toMatchObject({
        code: 'already-asked',
        message: 'This grant is to end already, in request 1.',
      });
      await requests.createRequest(about('renew'));
      const found = await requests.requestsOfGrant(API, 'cart-lists');
      expect(found.map(({ draft }) => draft.change?.kind)).toEqual([
        'end',
        'renew',
      ]);
      expect(await requests.apisOfGrant('cart-lists')).toEqual([API]);
      expect(await requests.openChanges()).toHaveLength(2);
    });

    it.each([
      [
        'what is to become of the grant',
        { draft: { change: { kind: 'end' } } },
      ],
      ['the needs of something new', { kind: 'new', needs: '[]' }],
      ['the kind', { kind: 'change' }],
    ])('ask for nothing where %s cannot be read', async (_, damage) => {
      const { id } = await requests.createRequest(about('end', { needs: [] }));
      const columns = Object.fromEntries(
        Object.entries(damage).map(([key, value]) => [
          key,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      );
      await client('access_requests').where({ id }).update(columns);
      const read = (await requests.getRequest(id)) as StoredRequest;
      expect(read).toMatchObject({ damaged: true, draft: { operations: [] } });
      expect(await proposals.carriedRequests(API)).toEqual([]);
    });

    it('of an end with notice go on once that is over, once in however many processes', async () => {
      const asked = about('end');
      const held = { proposeOn: '2027-03-08', held: true as const };
      const { id, state } = await requests.createRequest({
        ...asked,
        needs: [],
        draft: { ...asked.draft, change: { ...asked.draft.change!, ...held } },
      });
      expect(state).toBe('approved');
      expect(await proposals.carriedRequests(API)).toEqual([]);
      const [due] = await proposals.claim({ limit: 9, leaseMs: 1_000 });
      await proposals.finish(due);
      const ended = await Promise.all(
        [1, 2, 3].map(() => requests.endNotice(id)),
      );
      expect(ended.filter(Boolean)).toHaveLength(1);
      const [carried] = await proposals.carriedRequests(API);
      expect(carried.id).toBe(id);
      // The day stays on record.
      expect((await requests.getRequest(id))?.draft.change).toMatchObject({
        proposeOn: '2027-03-08',
      });
      expect(await proposals.claim({ limit: 9, leaseMs: 1_000 })).toHaveLength(
        1,
      );
      expect(await requests.endNotice(id)).toBeUndefined();
    });

    it('remind each person once of each step and once a day, in however many processes', async () => {
      const reminders = DatabaseReminders.create({ client });
      const due = (grant: string, step: number) => ({
        kind: 'grant-ends' as const,
        subject: [API, grant, '2027-03-15', step],
      });
      const claim = (day: string, ...grants: ReturnType<typeof due>[]) =>
        reminders.claim('user:default/omar', day, grants);
      const first = await Promise.all(
        [1, 2, 3].map(() => claim('2027-03-01', due('a', 14))),
      );
      expect(first.flat()).toEqual([due('a', 14)]);
      expect(await claim('2027-03-01', due('a', 14), due('b', 14))).toEqual([]);
      expect(await claim('2027-03-02', due('a', 14), due('b', 14))).toEqual([
        due('b', 14),
      ]);
      expect(await claim('2027-03-13', due('a', 3))).toEqual([due('a', 3)]);
      expect(
        await reminders.claim('user:default/lena', '2027-03-13', [due('a', 3)]),
      ).toHaveLength(1);
    });
  });

  it('of before are known by the grants that they made', async () => {
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
    ])
      await client.migrate.up({ directory, name } as object);
    const row = {
      api_ref: API,
      state: 'merged',
      requested_by: 'user:default/priya',
      digest: 'sha256:a',
      shown: JSON.stringify(shown),
      risk: 0,
      version: 2,
      created_at: 1,
      updated_at: 1,
    };
    const asked = { operations: [], in: [], reason: '', acknowledges: [] };
    const confirm = { grant: 'dock-lists', ends: [] };
    const rows = [
      {
        id: '01J9ZX3Q8M0000000000ABCDEF',
        caller_ref: 'component:default/check-out',
        draft: JSON.stringify(asked),
      },
      {
        id: '01J9ZX3Q8M0000000000ABCDEG',
        caller_ref: 'resource:default/dock',
        kind: 'confirm',
        draft: JSON.stringify({ ...asked, confirm }),
      },
      {
        id: '01J9ZX3Q8M0000000000ABCDEH',
        caller_ref: 'component:default/other',
        kind: 'confirm',
        draft: 'damaged',
      },
    ];
    for (const [index, each] of rows.entries())
      await client('access_requests').insert({
        ...row,
        ...each,
        number: index + 1,
      });
    await migrate({ getClient: async () => client });
    const grants = await client('access_requests')
      .orderBy('number')
      .pluck('grant_id');
    // Name of the caller, and the last eight characters of the request: as Callgate has written them since the first version.
    expect(grants).toEqual(['check-out-00abcdef', 'dock-lists', null]);
    await client.destroy();
  });
});
