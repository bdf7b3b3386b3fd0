import { createHash } from 'node:crypto';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Meaning } from '@callgate/policy';
import type { Knex } from 'knex';
import { plainNeeds } from '../approval/needs';
import type { NewStoredRequest } from './AccessStore';
import { DatabaseAccessStore } from './DatabaseAccessStore';
import { migrate } from './migrate';

jest.setTimeout(60_000);

const DAY = 86_400_000;
const SECRET = 'Because Ada is ill';

// Its keys are sorted already, so that this is its canonical JSON.
const content = { api: 'api:default/orders', edges: [], schemaVersion: 1 };
const digestOf = (value: unknown) =>
  `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`;
const shown = {
  digest: digestOf(content),
  content,
  ...{ gained: [], lost: [], flips: [], plumbing: [] },
  ...{ findings: [], layersByCluster: [] },
} as unknown as Meaning;

const REQUEST: NewStoredRequest = {
  apiRef: 'api:default/orders',
  callerRef: 'component:default/checkout',
  draft: {
    operations: [{ id: 'listOrders' }],
    in: ['prod-eu'],
    reason: SECRET,
    acknowledges: [],
  },
  requestedBy: 'user:default/priya',
  shown,
  risk: 0,
  words: `${SECRET} listOrders GET /orders`,
  parties: [{ role: 'requester', ref: 'user:default/priya' }],
};

describe('taking out what people wrote', () => {
  const databases = TestDatabases.create({
    ids: process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING
      ? ['SQLITE_3', 'POSTGRES_18']
      : ['SQLITE_3'],
  });

  describe.each(databases.eachSupportedId())('on %s', databaseId => {
    let client: Knex;
    let now: number;
    let requests: DatabaseAccessStore;

    beforeEach(async () => {
      client = await databases.init(databaseId);
      await migrate({ getClient: async () => client });
      now = Date.parse('2027-03-01T00:00:00Z');
      requests = DatabaseAccessStore.create({ client, now: () => now });
    });
    afterEach(() => client.destroy());

    /** Approved with a note, then withdrawn with another one. */
    async function over() {
      const { id } = await requests.createRequest(REQUEST);
      await requests.approve({
        id,
        actor: 'user:default/omar',
        note: `${SECRET}, says Priya`,
        shown,
        needs: plainNeeds(REQUEST.apiRef),
        counted: [],
        places: new Map([
          ['user:default/omar', 'api-owner api:default/orders'],
        ]),
        complete: true,
      });
      await requests.change({
        id,
        event: 'withdraw',
        actor: 'user:default/priya',
        reason: SECRET,
      });
      return id;
    }

    const everything = async () =>
      JSON.stringify(
        await Promise.all(
          [
            'access_requests',
            'request_transitions',
            'request_approvals',
            'request_comments',
          ].map(table => client(table)),
        ),
      );

    it('leaves no comment, and nothing of what it was for before it was changed', async () => {
      const { id } = await requests.createRequest(REQUEST);
      await requests.comment({
        requestId: id,
        by: 'user:default/omar',
        text: `${SECRET}, I hear`,
        mentions: ['group:default/platform'],
      });
      const { draft } = REQUEST;
      await requests.revise({
        ...REQUEST,
        id,
        actor: 'user:default/priya',
        draft: { ...draft, reason: 'Another one' },
        words: 'another one listorders',
        needs: plainNeeds(REQUEST.apiRef),
        note: SECRET,
        facts: {
          code: 'revised',
          before: { ...draft, digest: shown.digest },
        },
      });
      await requests.change({ id, event: 'withdraw' });
      expect(await everything()).toMatch(/ada is ill/i);
      await requests.blankTexts(id);
      expect(await everything()).not.toMatch(/ada is ill|another one/i);
      expect(await requests.comments(id)).toMatchObject([
        { by: 'user:default/omar', text: '' },
      ]);
      expect((await requests.transitions(id))[1]).toMatchObject({
        event: 'revise',
        facts: {
          before: { digest: shown.digest, operations: draft.operations },
        },
      });
    });

    it('leaves nothing of it, and who did what when, the meaning and its digests as they were', async () => {
      const id = await over();
      expect(await everything()).toMatch(/ada is ill/i);
      const before = {
        steps: await requests.transitions(id),
        approvals: await requests.approvals([id]),
      };
      now += DAY;
      const blank = await requests.blankTexts(id);
      expect(await everything()).not.toMatch(/ada is ill/i);
      expect(blank).toMatchObject({
        draft: { ...REQUEST.draft, reason: '' },
        state: 'withdrawn',
        textsBlankedAt: now,
      });
      expect(blank.damaged).toBeUndefined();
      // Whoever has the content can still say that it is what was approved.
      expect(digestOf(blank.shown.content)).toBe(blank.shown.digest);
      const [approval] = await requests.approvals([id]);
      expect(approval.digest).toBe(blank.shown.digest);
      const silent = ({ reason, note, ...rest }: Record<string, unknown>) =>
        rest;
      const plain = (all: readonly object[]) =>
        all.map(each => silent({ ...each }));
      expect(plain(await requests.transitions(id))).toEqual(
        plain(before.steps),
      );
      expect(plain(await requests.approvals([id]))).toEqual(
        plain(before.approvals),
      );
      // It is found by its operations as before.
      const [{ words }] = await client('access_requests').select('words');
      expect(words).toBe('listorders get /orders');
    });

    it('is done once, and not while the request is open', async () => {
      const { id } = await requests.createRequest(REQUEST);
      await expect(requests.blankTexts(id)).rejects.toMatchObject({
        code: 'wrong-state',
      });
      const ended = await over();
      const { textsBlankedAt } = await requests.blankTexts(ended);
      now += DAY;
      expect((await requests.blankTexts(ended)).textsBlankedAt).toBe(
        textsBlankedAt,
      );
      await expect(requests.blankTexts('none')).rejects.toMatchObject({
        name: 'NotFoundError',
      });
    });

    it('also of a record that is damaged', async () => {
      const id = await over();
      await client('access_requests')
        .where({ id })
        .update({ draft: `{"reason":"${SECRET}"` });
      await requests.blankTexts(id);
      expect(await everything()).not.toMatch(/ada is ill/i);
      expect((await requests.getRequest(id))?.damaged).toBe(true);
    });

    it('is due for those that are over since before a moment, once', async () => {
      const id = await over();
      await requests.createRequest(REQUEST);
      const ended = now;
      now += 10 * DAY;
      expect(await requests.idsWithTexts(ended, 10)).toEqual([]);
      expect(await requests.idsWithTexts(ended + 1, 10)).toEqual([id]);
      await requests.blankTexts(id);
      expect(await requests.idsWithTexts(now, 10)).toEqual([]);
    });
  });
});
