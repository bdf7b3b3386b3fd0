import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { PullRequestComment } from '@callgate/plugin-callgate-node';
import type { Meaning } from '@callgate/policy';
import type { Knex } from 'knex';
import { DatabaseAccessStore } from '../database/DatabaseAccessStore';
import { DatabaseForgeComments } from '../database/DatabaseForgeComments';
import { migrate } from '../database/migrate';
import { CLOSED_BY_US } from '../proposals/settleProposal';
import type { ProposalRecord } from '../proposals/types';
import { ForgeTalk, MOST_SAID } from './ForgeTalk';

jest.setTimeout(60_000);

const NOW = Date.parse('2026-11-02T10:00:00Z');
const AT = '2026-11-02T09:00:00Z';
const content = { api: 'api:default/orders', edges: [], schemaVersion: 1 };
const shown = {
  ...{ digest: 'sha256:0', content, gained: [], lost: [], flips: [] },
  ...{ plumbing: [], findings: [], layersByCluster: [] },
} as unknown as Meaning;

describe('what people say on a pull request', () => {
  const databases = TestDatabases.create({
    ids: process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING
      ? ['SQLITE_3', 'POSTGRES_18']
      : ['SQLITE_3'],
  });

  describe.each(databases.eachSupportedId())('on %s', databaseId => {
    let client: Knex;
    let requests: DatabaseAccessStore;
    let comments: DatabaseForgeComments;
    let said: PullRequestComment[];
    let complete: boolean;
    const saidOnForge = jest.fn();
    const warn = jest.fn();

    beforeEach(async () => {
      client = await databases.init(databaseId);
      await migrate({ getClient: async () => client });
      requests = DatabaseAccessStore.create({ client, now: () => NOW });
      comments = DatabaseForgeComments.create({ client });
      said = [];
      complete = true;
      saidOnForge.mockReset().mockResolvedValue(undefined);
      warn.mockReset();
    });
    afterEach(() => client.destroy());

    const process_ = () =>
      new ForgeTalk({
        ...{ comments, requests, now: () => NOW },
        connection: {
          config: { url: 'https://github.test/acme/policies' } as never,
          forgeId: 'github',
        },
        notifier: { saidOnForge },
        logger: mockServices.logger.mock({ warn }),
      });

    async function asked(caller = 'checkout'): Promise<string> {
      const { id } = await requests.createRequest({
        apiRef: 'api:default/orders',
        callerRef: `component:default/${caller}`,
        draft: {
          ...{ operations: [{ id: 'listOrders' }], in: [] },
          ...{ reason: 'x', acknowledges: [] },
        },
        requestedBy: 'user:default/priya',
        ...{ shown, risk: 0, words: '', parties: [] },
      });
      return id;
    }

    const look = (
      requestIds: readonly string[],
      { proposal = 'p1', number = 1 } = {},
      readComments: () => Promise<{
        comments: PullRequestComment[];
        complete: boolean;
      }> = async () => ({ comments: [...said], complete }),
    ) =>
      process_().follow({ readComments }, {
        ...{ id: proposal, api: 'api:default/orders', number, requestIds },
      } as ProposalRecord);

    const say = (id: string, over: Partial<PullRequestComment> = {}) => {
      said.push({
        ...{ id, by: 'petra', at: AT, text: `says ${id}` },
        ...over,
      });
    };
    const texts = async (request: string) =>
      (await comments.of(request)).comments.map(({ text }) => text);

    it('stands in each request that it carries, once however often it is looked at, and is told once', async () => {
      const [a, b] = [await asked(), await asked('cart')];
      say('comment/1', { url: 'https://github.test/acme/policies/pull/1#1' });
      say('review/1', { decision: 'changes-requested', text: '' });
      await look([a, b]);
      await look([a, b]);
      for (const id of [a, b])
        expect((await comments.of(id)).comments).toEqual([
          expect.objectContaining({ by: 'petra', forge: 'github', number: 1 }),
          expect.objectContaining({ by: 'petra', at: Date.parse(AT) }),
        ]);
      expect((await texts(a)).sort()).toEqual(['', 'says comment/1']);
      expect((await comments.of(a)).callers.sort()).toEqual([
        'component:default/cart',
        'component:default/checkout',
      ]);
      expect(saidOnForge).toHaveBeenCalledTimes(1);
      expect(saidOnForge).toHaveBeenCalledWith(
        { id: 'p1', api: 'api:default/orders', number: 1 },
        [
          expect.objectContaining({ id: a }),
          expect.objectContaining({ id: b }),
        ],
        ['petra', 'petra'],
      );
    });

    it('follows what is edited and deleted, also for a request that the pull request carries no more', async () => {
      const [stays, leaves] = [await asked(), await asked('cart')];
      say('1');
      say('2');
      await look([stays, leaves]);
      said[0] = { ...said[0], text: 'edited' };
      said.splice(1, 1);
      say('3');
      await look([stays]);
      expect(await texts(stays)).toEqual(
        expect.arrayContaining(['edited', 'says 3']),
      );
      expect(await texts(stays)).toHaveLength(2);
      expect(await texts(leaves)).toEqual(['edited']);
    });

    it('keeps what is not among it, where there is more than was read', async () => {
      const id = await asked();
      say('1');
      await look([id]);
      said = [];
      complete = false;
      await look([id]);
      expect(await texts(id)).toEqual(['says 1']);
      complete = true;
      await look([id]);
      expect(await texts(id)).toEqual([]);
    });

    it('stays when another pull request takes its place', async () => {
      const id = await asked();
      say('1');
      await look([id]);
      said = [];
      say('2');
      await look([id], { proposal: 'p2', number: 2 });
      expect(await texts(id)).toEqual(
        expect.arrayContaining(['says 1', 'says 2']),
      );
    });

    it('is there for whoever joins, who is not told of what was said before', async () => {
      const [first, joins] = [await asked(), await asked('cart')];
      say('1');
      await look([first]);
      await look([first, joins]);
      expect(await texts(joins)).toEqual(['says 1']);
      expect(saidOnForge).toHaveBeenCalledTimes(1);
    });

    it('of long ago is no news', async () => {
      const id = await asked();
      say('1', { at: '2026-10-01T00:00:00Z' });
      await look([id]);
      expect(await texts(id)).toEqual(['says 1']);
      expect(saidOnForge).not.toHaveBeenCalled();
    });

    it('is text and nothing else, and no longer than is needed to know what it is about', async () => {
      const id = await asked();
      say('1', {
        by: 'pet\u202era',
        text: `@omar <b>no</b>\r\n\r\n\r\n\r\n\u202egnorw\u0000 \ud800x`,
        // eslint-disable-next-line no-script-url -- what a hostile forge could send
        url: 'javascript:alert(1)',
        file: 'a\u200bb\nc',
      });
      say('2', { text: '💥'.repeat(4001), at: '2026-11-02T09:00:01Z' });
      say('3', { at: 'yesterday' });
      say('4', { by: '\u200b' });
      await look([id]);
      const [plain, long, ...others] = (await comments.of(id)).comments;
      expect(others).toEqual([]);
      expect(plain).toMatchObject({
        by: 'petra',
        text: '@omar <b>no</b>\n\ngnorw x',
        file: 'ab c',
        cut: false,
      });
      expect(plain.link).toBeUndefined();
      expect([...long.text]).toHaveLength(4000);
      expect(long.text.endsWith('💥…')).toBe(true);
      expect(long.cut).toBe(true);
    });

    it('is not what Callgate itself says when it closes one, whoever’s account it has', async () => {
      const id = await asked();
      const text = `Nothing is left.\n\n${CLOSED_BY_US}`;
      say('1', { text, byOpener: true });
      say('2', { text: 'I am a person as well', byOpener: true });
      // Nobody hides what they say by our sign.
      say('3', { text, by: 'mallory' });
      await look([id]);
      expect((await texts(id)).sort()).toEqual(
        ['I am a person as well', text].sort(),
      );
    });

    it('is no more than so much of one pull request, and what is there stays', async () => {
      const id = await asked();
      for (let index = 0; index < MOST_SAID; index++) say(`${index}`);
      await look([id]);
      say('more', { at: '2026-11-02T09:30:00Z' });
      await look([id]);
      expect(await texts(id)).toHaveLength(MOST_SAID);
      expect(await texts(id)).not.toContain('says more');
    });

    it('is taken out with what else people wrote, and does not come back', async () => {
      const [over, open] = [await asked(), await asked('cart')];
      say('1');
      await look([over, open]);
      await requests.change({ id: over, event: 'withdraw', actor: 'x' });
      await requests.blankTexts(over);
      said[0] = { ...said[0], text: 'edited' };
      say('2');
      // The record of the pull request was not written again yet.
      await look([over, open]);
      expect((await comments.of(over)).comments).toEqual([
        expect.objectContaining({ by: 'petra', text: '', cut: false }),
      ]);
      expect(await texts(open)).toEqual(
        expect.arrayContaining(['edited', 'says 2']),
      );
      // What its author deletes goes from everywhere.
      said = [];
      await look([open]);
      expect((await comments.of(over)).comments).toEqual([]);
    });

    it('is there once, and told once, where several processes look at the same time', async () => {
      const [a, b] = [await asked(), await asked('cart')];
      for (let index = 0; index < 20; index++) say(`${index}`);
      await Promise.all([look([a, b]), look([b, a]), look([a, b])]);
      expect(warn).not.toHaveBeenCalled();
      expect(await texts(a)).toHaveLength(20);
      expect(await texts(b)).toHaveLength(20);
      const told = saidOnForge.mock.calls.flatMap(([, , by]) => by);
      expect(told).toHaveLength(20);
    });

    it('stops nothing where it cannot be read, and is not asked for where the forge does not tell', async () => {
      const id = await asked();
      await look([id], {}, async () => {
        throw new Error('GitHub takes no more requests for 60 seconds');
      });
      expect(warn).toHaveBeenCalledTimes(1);
      await process_().follow({}, {
        ...{ id: 'p1', number: 1, requestIds: [id] },
      } as never);
      expect(await texts(id)).toEqual([]);
    });
  });
});
