import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Meaning } from '@callgate/policy';
import type { Knex } from 'knex';
import { plainNeeds } from '../approval/needs';
import type { Confirmation, ProposalRecord } from '../proposals/types';
import type { NewApproval, NewStoredRequest } from './AccessStore';
import { DatabaseAccessStore } from './DatabaseAccessStore';
import { DatabaseProposalStore } from './DatabaseProposalStore';
import { migrate } from './migrate';

jest.setTimeout(60_000);

const meaning = (digest: string) =>
  ({
    digest,
    content: { api: 'api:default/orders' },
    gained: [],
    lost: [],
    flips: [],
    plumbing: [],
    findings: [],
    layersByCluster: [],
  } as unknown as Meaning);

const newRequest = (
  over: Partial<NewStoredRequest> = {},
): NewStoredRequest => ({
  apiRef: 'api:default/orders',
  callerRef: 'component:default/checkout',
  draft: {
    operations: [{ id: 'listOrders' }],
    in: [],
    reason: 'status',
    acknowledges: [],
  },
  requestedBy: 'user:default/priya',
  shown: meaning('sha256:a'),
  risk: 0,
  parties: [
    { role: 'requester', ref: 'user:default/priya' },
    { role: 'api-owner', ref: 'group:default/orders-team' },
  ],
  ...over,
});

const proposal = (over: Partial<ProposalRecord> = {}): ProposalRecord => ({
  id: '01J00000000000000000000001',
  api: 'api:default/orders',
  branch: 'callgate/default/orders',
  forge: 'local',
  state: 'open',
  title: 'Orders',
  body: '',
  files: [],
  checks: [],
  requestIds: [],
  createdAt: '2026-11-01T00:00:00.000Z',
  updatedAt: '2026-11-01T00:00:00.000Z',
  version: 0,
  ...over,
});

describe('the stores', () => {
  const databases = TestDatabases.create({
    ids: process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING
      ? ['SQLITE_3', 'POSTGRES_18']
      : ['SQLITE_3'],
  });

  describe.each(databases.eachSupportedId())('on %s', databaseId => {
    let client: Knex;
    let requests: DatabaseAccessStore;
    let proposals: DatabaseProposalStore;
    let now: number;

    beforeEach(async () => {
      client = await databases.init(databaseId);
      await migrate({ getClient: async () => client });
      now = 1_700_000_000_000;
      requests = DatabaseAccessStore.create({ client, now: () => now });
      proposals = DatabaseProposalStore.create({ client, now: () => now });
    });
    afterEach(() => client.destroy());

    const approve = (
      id: string,
      actor = 'user:default/omar',
      version?: number,
      over: Partial<NewApproval> = {},
    ) =>
      requests.approve({
        id,
        actor,
        version,
        shown: meaning('sha256:a'),
        needs: plainNeeds('api:default/orders'),
        counted: [],
        places: new Map([[actor, 'api-owner api:default/orders']]),
        complete: true,
        ...over,
      });

    it('keeps a request with its timeline and numbers it for people', async () => {
      const first = await requests.createRequest(newRequest());
      const second = await requests.createRequest(newRequest());
      expect([first.number, second.number]).toEqual([1, 2]);
      expect(await requests.getRequest(first.id)).toEqual(first);
      await requests.change({
        id: first.id,
        event: 'reject',
        actor: 'user:default/omar',
        reason: 'no',
      });
      expect(await requests.transitions(first.id)).toEqual([
        {
          at: now,
          actor: 'user:default/priya',
          event: 'submit',
          to: 'submitted',
        },
        {
          at: now,
          actor: 'user:default/omar',
          event: 'reject',
          from: 'submitted',
          to: 'rejected',
          reason: 'no',
        },
      ]);
    });

    it('answers a repeated key with what it made before, and refuses the key for another body', async () => {
      const key = { key: 'k', bodyHash: 'a' };
      const first = await requests.createRequest(newRequest(), key);
      expect((await requests.createRequest(newRequest(), key)).id).toBe(
        first.id,
      );
      await expect(
        requests.createRequest(newRequest(), { key: 'k', bodyHash: 'b' }),
      ).rejects.toMatchObject({
        code: 'idempotency-key-reused',
      });
      const other = await requests.createRequest(
        newRequest({ requestedBy: 'user:default/stan' }),
        key,
      );
      expect(other.id).not.toBe(first.id);
    });

    it('keeps a key to one list of writes, also of two lists at the same moment', async () => {
      const list = { key: 'list', bodyHash: 'a' };
      const priya = 'user:default/priya';
      const reused = { code: 'idempotency-key-reused' };
      const outcomes = await Promise.allSettled([
        requests.claimKey(priya, list),
        requests.claimKey(priya, list),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
      ]);
      await expect(
        requests.claimKey(priya, { ...list, bodyHash: 'b' }),
      ).rejects.toMatchObject(reused);
      // One key is for one thing, whatever kind of thing.
      await expect(
        requests.createRequest(newRequest(), { ...list, bodyHash: 'b' }),
      ).rejects.toMatchObject(reused);
      const raced = await Promise.allSettled(
        ['a', 'b'].map(bodyHash =>
          requests.claimKey(priya, { key: 'raced', bodyHash }),
        ),
      );
      expect(raced.map(({ status }) => status).sort()).toEqual([
        'fulfilled',
        'rejected',
      ]);
      // Keys are each person's own.
      await requests.claimKey('user:default/stan', { ...list, bodyHash: 'b' });
    });

    describe('of confirm requests', () => {
      const end = {
        side: 'caller' as const,
        entity: 'component:default/cart',
        cluster: 'prod-eu',
        end: 'storefront/Deployment/web',
      };
      const asking = (
        confirm: Confirmation = { grant: 'cart-places', ends: [end] },
      ) => {
        const request = newRequest({ requestedBy: 'callgate' });
        return { ...request, draft: { ...request.draft, confirm } };
      };

      it('keeps one open for each grant and provider, also of those at the same moment, and another after it ended', async () => {
        const outcomes = await Promise.allSettled([
          requests.createRequest(asking()),
          requests.createRequest(asking()),
          requests.createRequest(asking({ provider: 'component:default/b' })),
          requests.createRequest(asking({ provider: 'component:default/b' })),
        ]);
        expect(outcomes.map(({ status }) => status).sort()).toEqual([
          'fulfilled',
          'fulfilled',
          'rejected',
          'rejected',
        ]);
        const refused = outcomes.find(
          each => each.status === 'rejected',
        ) as PromiseRejectedResult;
        expect(refused.reason.code).toBe('already-asked');
        const open = await requests.openConfirms();
        expect(open).toHaveLength(2);
        const [{ id }] = open.filter(
          ({ draft }) => draft.confirm && 'grant' in draft.confirm,
        );
        expect((await requests.transitions(id))[0].actor).toBeUndefined();
        await requests.change({ id, event: 'supersede' });
        await requests.createRequest(asking());
        expect(await requests.openConfirms()).toHaveLength(2);
        expect(await requests.confirmsOf('api:default/orders')).toHaveLength(3);
      });

      it('keeps what an open one asks about to what is so, and leaves one that ended', async () => {
        const { id } = await requests.createRequest(asking());
        const confirm = { grant: 'cart-places', ends: [end, end] };
        await requests.setConfirm(id, confirm);
        expect((await requests.getRequest(id))?.draft.confirm).toEqual(confirm);
        await requests.change({ id, event: 'reject', reason: 'no' });
        await requests.setConfirm(id, { ...confirm, ends: [] });
        expect((await requests.getRequest(id))?.draft.confirm).toEqual(confirm);
      });

      it('asks for nothing where it cannot be read what is to be confirmed', async () => {
        const { id } = await requests.createRequest(asking());
        const { confirm: _, ...rest } = asking().draft;
        await client('access_requests')
          .where({ id })
          .update({ draft: JSON.stringify(rest) });
        expect(await requests.getRequest(id)).toMatchObject({
          damaged: true,
          draft: { operations: [] },
        });
      });
    });

    it('lets exactly one of two approvals at the same moment win', async () => {
      const { id, version } = await requests.createRequest(newRequest());
      const outcomes = await Promise.allSettled([
        approve(id, 'user:default/omar', version),
        approve(id, 'user:default/lena', version),
      ]);
      expect(outcomes.map(each => each.status).sort()).toEqual([
        'fulfilled',
        'rejected',
      ]);
      const refused = outcomes.find(
        each => each.status === 'rejected',
      ) as PromiseRejectedResult;
      expect(['version-conflict', 'wrong-state']).toContain(
        refused.reason.code,
      );
      expect(
        (await requests.transitions(id)).filter(
          each => each.event === 'approve',
        ),
      ).toHaveLength(1);
    });

    describe('with two needs', () => {
      const OMAR = 'user:default/omar';
      const LENA = 'user:default/lena';
      const NEED = 'api-owner api:default/orders';
      const partly = { complete: false };
      const fully = {
        counted: [OMAR],
        places: new Map([
          [OMAR, NEED],
          [LENA, NEED],
        ]),
      };

      it('stays submitted and due for nothing after the first approval, and goes on once after the second', async () => {
        const { id, version } = await requests.createRequest(newRequest());
        const first = await approve(id, OMAR, version, partly);
        expect([first.state, first.version]).toEqual(['submitted', version]);
        expect(await proposals.claim({ limit: 10, leaseMs: 1 })).toEqual([]);
        const second = await approve(id, LENA, version, fully);
        expect(second.state).toBe('approved');
        const [carried] = await proposals.carriedRequests('api:default/orders');
        expect(carried.approvals.map(({ by }) => by)).toEqual([OMAR, LENA]);
        expect(
          (await requests.transitions(id)).map(({ event, to }) => [event, to]),
        ).toEqual([
          ['submit', 'submitted'],
          ['approve', 'submitted'],
          ['approve', 'approved'],
        ]);
      });

      it('keeps both of two approvals at the same moment: the later one is told to count again', async () => {
        const { id, version } = await requests.createRequest(newRequest());
        const outcomes = await Promise.allSettled([
          approve(id, OMAR, version, partly),
          approve(id, LENA, version, partly),
        ]);
        const refused = outcomes.filter(
          (each): each is PromiseRejectedResult => each.status === 'rejected',
        );
        expect(refused.map(({ reason }) => reason.code)).toEqual([
          'approvals-changed',
        ]);
        const [{ by: first }] = await requests.approvals([id]);
        const other = first === OMAR ? LENA : OMAR;
        const again = await approve(id, other, version, {
          ...fully,
          counted: [first],
        });
        expect(again.state).toBe('approved');
        const rows = await requests.approvals([id]);
        expect(rows.map(({ by }) => by)).toEqual([first, other]);
      });

      it('one person cannot be stored twice for the same meaning', async () => {
        const { id } = await requests.createRequest(newRequest());
        await approve(id, OMAR, undefined, partly);
        await approve(id, OMAR, undefined, { ...partly, counted: [OMAR] });
        expect(await requests.approvals([id])).toHaveLength(1);
      });

      it('does not count in Git who belonged no more when the last one approved', async () => {
        const { id } = await requests.createRequest(newRequest());
        await approve(id, OMAR, undefined, partly);
        await approve(id, LENA, undefined, {
          counted: [OMAR],
          places: new Map([[LENA, NEED]]),
        });
        const [carried] = await proposals.carriedRequests('api:default/orders');
        expect(carried.approvals.map(({ by }) => by)).toEqual([LENA]);
        expect(await requests.approvals([id])).toEqual([
          expect.objectContaining({ by: OMAR, ended: true }),
          expect.objectContaining({ by: LENA, ended: false }),
        ]);
      });

      it('does not count in Git who approved an earlier meaning', async () => {
        const { id } = await requests.createRequest(newRequest());
        await approve(id, OMAR, undefined, partly);
        await approve(id, LENA, undefined, { shown: meaning('sha256:b') });
        const [carried] = await proposals.carriedRequests('api:default/orders');
        expect(carried.approvals.map(({ by }) => by)).toEqual([LENA]);
      });
    });

    it('numbers requests that are sent at the same moment differently', async () => {
      const made = await Promise.all(
        Array.from({ length: 5 }, () => requests.createRequest(newRequest())),
      );
      expect(made.map(each => each.number).sort()).toEqual([1, 2, 3, 4, 5]);
    });

    it('lists page by page, newest first, only what is visible', async () => {
      for (let i = 0; i < 5; i++) {
        await requests.createRequest(
          newRequest({
            requestedBy: i % 2 ? 'user:default/cora' : 'user:default/priya',
            parties: [
              {
                role: 'requester',
                ref: i % 2 ? 'user:default/cora' : 'user:default/priya',
              },
            ],
          }),
        );
      }
      const first = await requests.listRequests({}, { limit: 3 });
      expect(first.items.map(each => each.number)).toEqual([5, 4, 3]);
      expect(first.total).toBe(5);
      const rest = await requests.listRequests(
        {},
        { limit: 3, cursor: first.nextCursor },
      );
      expect(rest.items.map(each => each.number)).toEqual([2, 1]);
      expect(rest.nextCursor).toBeUndefined();

      const priya = {
        role: 'requester',
        refs: ['user:default/priya'],
      } as const;
      const visible = async (v: Parameters<typeof requests.isVisible>[1]) =>
        (await requests.listRequests({ visible: v }, { limit: 10 })).items.map(
          each => each.number,
        );
      expect(await visible({ ...priya, refs: [...priya.refs] })).toEqual([
        5, 3, 1,
      ]);
      expect(
        await visible({ not: { ...priya, refs: [...priya.refs] } }),
      ).toEqual([4, 2]);
      expect(await visible({ anyOf: [] })).toEqual([]);
      expect(
        await visible({
          not: {
            anyOf: [
              { role: 'requester', refs: [] },
              { ...priya, refs: [...priya.refs] },
            ],
          },
        }),
      ).toEqual([4, 2]);
      expect(
        await visible({ role: 'api-owner', refs: ['user:default/priya'] }),
      ).toEqual([]);
    });

    it('lists the riskiest first, the oldest of those first, over pages', async () => {
      for (const risk of [0, 5, 1, 5, 0]) {
        await requests.createRequest(newRequest({ risk }));
      }
      const order: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await requests.listRequests(
          { sort: 'risk' },
          { limit: 2, cursor },
        );
        order.push(...page.items.map(each => each.number));
        cursor = page.nextCursor;
      } while (cursor);
      expect(order).toEqual([2, 4, 3, 1, 5]);
    });

    it.each(['x', 'W10', Buffer.from('[1,2]').toString('base64url')])(
      'refuses the cursor %s',
      async cursor => {
        await expect(
          requests.listRequests({}, { limit: 1, cursor }),
        ).rejects.toMatchObject({ name: 'InputError' });
      },
    );

    it('makes a build due in the transaction of the approval, and gives it to one worker', async () => {
      const { id } = await requests.createRequest(newRequest());
      expect(await proposals.claim({ limit: 10, leaseMs: 1000 })).toEqual([]);
      await approve(id);
      const [a, b] = await Promise.all([
        proposals.claim({ limit: 10, leaseMs: 1000 }),
        proposals.claim({ limit: 10, leaseMs: 1000 }),
      ]);
      expect([...a, ...b]).toEqual([
        expect.objectContaining({
          api: 'api:default/orders',
          version: 1,
          attempts: 0,
        }),
      ]);
      const row = [...a, ...b][0];
      await proposals.finish(row);
      now += 5000;
      expect(await proposals.claim({ limit: 10, leaseMs: 1000 })).toEqual([]);
    });

    it('gives a build out again after a crash, and keeps a reason that came while it ran', async () => {
      await proposals.enqueue('api:default/orders');
      const [lost] = await proposals.claim({ limit: 1, leaseMs: 1000 });
      expect(await proposals.claim({ limit: 1, leaseMs: 1000 })).toEqual([]);
      now += 1001;
      const [again] = await proposals.claim({ limit: 1, leaseMs: 1000 });
      expect(again.leaseToken).not.toBe(lost.leaseToken);
      await proposals.finish(lost);
      await proposals.enqueue('api:default/orders');
      await proposals.finish(again);
      expect(await proposals.claim({ limit: 1, leaseMs: 1000 })).toEqual([
        expect.objectContaining({ version: 2 }),
      ]);
    });

    it('renews the leases that are still its own, and gives them back', async () => {
      await proposals.enqueue('api:default/orders');
      const [row] = await proposals.claim({ limit: 1, leaseMs: 1000 });
      now += 900;
      expect([...(await proposals.renew([row], { leaseMs: 1000 }))]).toEqual([
        row.leaseToken,
      ]);
      now += 900;
      expect(await proposals.claim({ limit: 1, leaseMs: 1000 })).toEqual([]);
      await proposals.release([row]);
      const [next] = await proposals.claim({ limit: 1, leaseMs: 1000 });
      expect(next).toMatchObject({ attempts: 0, version: 1 });
      expect((await proposals.renew([row], { leaseMs: 1000 })).size).toBe(0);
      await proposals.release([row]);
      expect(await proposals.claim({ limit: 1, leaseMs: 1000 })).toEqual([]);
    });

    it.each(['draft', 'shown', 'needs'])(
      'lists every request where the column %s of one is damaged, and carries the others',
      async column => {
        const one = await requests.createRequest(newRequest());
        const two = await requests.createRequest(newRequest());
        await approve(one.id);
        await approve(two.id);
        for (const text of ['', '{"operations": [', '[]', 'null', '{}']) {
          await client('access_requests')
            .where({ id: one.id })
            .update({ [column]: text });
          const { items } = await requests.listRequests({}, { limit: 10 });
          expect(items.map(({ id, damaged }) => [id, damaged])).toEqual([
            [two.id, undefined],
            [one.id, true],
          ]);
          expect(items[1].draft.operations).toEqual([]);
          const carried = await proposals.carriedRequests('api:default/orders');
          expect(carried.map(({ id }) => id)).toEqual([two.id]);
          expect(await proposals.damagedRequests('api:default/orders')).toEqual(
            [{ id: one.id, number: 1 }],
          );
        }
      },
    );

    it('lists every proposal where the record of one is damaged', async () => {
      await proposals.saveProposal(proposal());
      await proposals.saveProposal(
        proposal({ id: '01J00000000000000000000002', api: 'api:default/cart' }),
      );
      for (const text of ['', '{"id": ', '[]', 'null', '{}']) {
        await client('proposals')
          .where({ api_ref: 'api:default/orders' })
          .update({ record: text });
        const open = await proposals.openProposals();
        expect(open.map(({ api, damaged }) => [api, damaged])).toEqual([
          ['api:default/orders', true],
          ['api:default/cart', undefined],
        ]);
        const { items, total } = await proposals.listProposals(
          {},
          { limit: 10 },
        );
        expect([items.length, total]).toEqual([2, 2]);
        expect(
          await proposals.currentProposal('api:default/orders'),
        ).toMatchObject({
          state: 'open',
          version: 1,
          problem: {
            code: 'record-damaged',
            text: expect.stringContaining('its row in the database is damaged'),
          },
        });
      }
    });

    it('keeps one open proposal for an API, also where an import is begun while one is opened', async () => {
      const opened = proposal();
      const imported = proposal({
        id: '01J00000000000000000000002',
        state: 'building',
      });
      // Whoever opens one has the lease of this row.
      await proposals.enqueue(opened.api);
      const outcomes = await Promise.allSettled([
        proposals.startImport(imported),
        proposals.saveProposal(opened),
      ]);
      const stored = await client('proposals')
        .where({ api_ref: opened.api })
        .whereIn('state', ['building', 'open', 'failed']);
      expect(stored).toHaveLength(1);
      const won = outcomes.filter(
        each => each.status === 'fulfilled' && each.value !== undefined,
      );
      expect(won).toHaveLength(1);
      const refused = outcomes.flatMap(each =>
        each.status === 'rejected' ? [each.reason.code] : [],
      );
      expect(['version-conflict']).toEqual(expect.arrayContaining(refused));
      // What has ended stands in nobody's way.
      await client('proposals').update({ state: 'closed' });
      expect(
        await proposals.saveProposal(
          proposal({ id: '01J00000000000000000000003' }),
        ),
      ).toMatchObject({ version: 1 });
      expect(
        await proposals.startImport(
          proposal({ id: '01J00000000000000000000004' }),
        ),
      ).toBeUndefined();
    });

    it.each([
      ['a sentence of before there were facts', 'cart is in the way'],
      ['a code of another version', { code: 'newer', text: 'cart' }],
      ['a refusal without its findings', { code: 'not-proposable' }],
    ])(
      'reads %s as a problem that not everybody is told of',
      async (_, problem) => {
        const saved = await proposals.saveProposal(proposal());
        await client('proposals').update({
          record: JSON.stringify({ ...saved, problem }),
        });
        const found = await proposals.currentProposal('api:default/orders');
        expect(found?.problem).toEqual({
          code: 'unexpected',
          text: expect.any(String),
        });
      },
    );

    it.each(['{"code": "meaning-ch', '{"code":"meaning-changed"}', '[]'])(
      'tells the rest of a step of which the facts are damaged: %s',
      async facts => {
        const { id } = await requests.createRequest(newRequest());
        await client('request_transitions').update({ facts });
        const [step] = await requests.transitions(id);
        expect([step.event, step.facts]).toEqual(['submit', undefined]);
      },
    );

    it('waits before it tries again what failed', async () => {
      await proposals.enqueue('api:default/orders');
      const [row] = await proposals.claim({ limit: 1, leaseMs: 1000 });
      await proposals.postpone(row, { delayMs: 500, problem: 'unreachable' });
      expect(await proposals.claim({ limit: 1, leaseMs: 1000 })).toEqual([]);
      now += 500;
      expect(await proposals.claim({ limit: 1, leaseMs: 1000 })).toEqual([
        expect.objectContaining({ attempts: 1 }),
      ]);
    });

    it('moves requests with their proposal, and leaves out what no longer fits', async () => {
      const one = await requests.createRequest(newRequest());
      const two = await requests.createRequest(newRequest());
      await approve(one.id);
      await approve(two.id);
      expect(
        (await proposals.carriedRequests('api:default/orders')).map(each => [
          each.id,
          each.approvals[0].by,
        ]),
      ).toEqual([
        [one.id, 'user:default/omar'],
        [two.id, 'user:default/omar'],
      ]);
      await requests.change({
        id: two.id,
        event: 'withdraw',
        actor: 'user:default/priya',
      });
      const saved = await proposals.saveProposal(proposal(), [
        { requestId: one.id, event: 'proposed', link: '/access/proposals/1' },
        { requestId: two.id, event: 'proposed' },
      ]);
      expect(saved.version).toBe(1);
      expect((await requests.getRequest(one.id))?.state).toBe('proposed');
      expect((await requests.getRequest(two.id))?.state).toBe('withdrawn');
      await expect(
        proposals.saveProposal(proposal({ version: 7 })),
      ).rejects.toMatchObject({ code: 'version-conflict' });
      await proposals.saveProposal({ ...saved, state: 'merged' }, [
        { requestId: one.id, event: 'merged' },
      ]);
      expect((await requests.getRequest(one.id))?.state).toBe('merged');
      expect(
        await proposals.currentProposal('api:default/orders'),
      ).toBeUndefined();
      expect(
        (await requests.transitions(one.id)).map(each => each.event),
      ).toEqual(['submit', 'approve', 'propose', 'merge']);
    });

    it('counts only the approval of the meaning that is approved now', async () => {
      const { id } = await requests.createRequest(newRequest());
      await approve(id, 'user:default/omar');
      await proposals.saveOutcomes([
        { requestId: id, event: 'meaning-changed', reason: 'more is opened' },
      ]);
      expect((await requests.getRequest(id))?.state).toBe('submitted');
      await approve(id, 'user:default/lena');
      const [carried] = await proposals.carriedRequests('api:default/orders');
      expect(carried.approvals.map(each => each.by)).toEqual([
        'user:default/lena',
      ]);
    });
  });

  it('an approval of before there were needs counts as it did', async () => {
    const client = await databases.init('SQLITE_3');
    const directory = resolvePackagePath(
      '@callgate/plugin-callgate-backend',
      'migrations',
    );
    await client.migrate.up({ directory, name: '20261101_init.js' } as object);
    const row = {
      number: 1,
      api_ref: 'api:default/orders',
      caller_ref: 'component:default/checkout',
      draft: '{"operations":[],"in":[],"reason":"","acknowledges":[]}',
      state: 'approved',
      requested_by: 'user:default/priya',
      digest: 'sha256:a',
      shown: JSON.stringify(meaning('sha256:a')),
      risk: 0,
      version: 2,
      created_at: 1,
      updated_at: 1,
    };
    await client('access_requests').insert({ ...row, id: 'one' });
    for (const [at, actor] of ['omar', 'lena'].entries()) {
      await client('request_transitions').insert({
        request_id: 'one',
        at,
        actor: `user:default/${actor}`,
        event: 'approve',
        to_state: 'approved',
      });
    }
    await migrate({ getClient: async () => client });
    const [carried] = await DatabaseProposalStore.create({
      client,
    }).carriedRequests('api:default/orders');
    expect(carried.approvals.map(({ by }) => by)).toEqual([
      'user:default/lena',
    ]);
    const request = await DatabaseAccessStore.create({ client }).getRequest(
      'one',
    );
    expect(request?.needs).toEqual([
      { kind: 'api-owner', api: 'api:default/orders', count: 1, because: [] },
    ]);
    await client.destroy();
  });

  it('rolls every migration back to an empty database', async () => {
    const client = await databases.init('SQLITE_3');
    await migrate({ getClient: async () => client });
    await client.migrate.rollback(
      {
        directory: resolvePackagePath(
          '@callgate/plugin-callgate-backend',
          'migrations',
        ),
      },
      true,
    );
    const tables = await client('sqlite_master')
      .where({ type: 'table' })
      .andWhereNot('name', 'like', 'sqlite_%')
      .pluck('name');
    expect(tables.sort()).toEqual(['knex_migrations', 'knex_migrations_lock']);
    await client.destroy();
  });
});
