import type { Proposal } from '@callgate/plugin-callgate-common';
import { startShop, type RunningShop } from '../__testUtils__/startShop';
import {
  approve,
  DRAFT,
  git,
  proposalOf,
  pushToBranch,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

const WEB = {
  ...DRAFT,
  caller: 'component:default/web',
  reason: 'The last order on the start page',
};

describe('a pull request that was shown', () => {
  let shop: RunningShop;

  beforeEach(async () => {
    shop = await startShop({
      hides: (person, ref) =>
        person === 'user:default/pavel' && ref === WEB.caller,
    });
  });
  afterEach(() => shop?.stop());

  const merge = (person: string, { id, head }: Proposal) =>
    shop.as(person).post(`/proposals/${id}/merge`, { head });
  const merged = () => git(shop, 'log', '--merges', '--format=%s', 'main');

  /** One request that was read, and another one that was built in since. */
  async function readThenChanged() {
    const first = await send(shop, 'priya');
    await approve(shop, 'omar', first);
    const read = await proposalOf(shop, first);
    const second = await send(shop, 'priya', WEB);
    await approve(shop, 'lena', second);
    const now = await proposalOf(
      shop,
      second,
      ({ requests }) => requests.length === 2,
    );
    return { first, second, read, now };
  }

  it('is not merged with a request that came in since, and it is said which', async () => {
    const { second, read, now } = await readThenChanged();
    const answer = await merge('petra', read);
    expect([answer.status, answer.body.error.code]).toEqual([
      409,
      'head-changed',
    ]);
    expect(answer.body.error.change).toEqual({
      cause: 'rebuilt',
      shown: read.head,
      head: now.head,
      came: [
        {
          id: second.id,
          state: 'proposed',
          caller: expect.objectContaining({ ref: 'component:default/web' }),
          summary: 'Shop pages → GET /orders',
        },
      ],
      went: [],
    });
    expect(answer.body.error.message).toMatch(
      /^Since it was shown to you, Shop pages → GET \/orders came in\. .*read it again/,
    );
    expect(merged()).toBe('');
    expect((await merge('petra', now)).body.state).toBe('merged');
  });

  it('is not reviewed by somebody who was shown another head', async () => {
    const { read, now } = await readThenChanged();
    for (const decision of ['approved', 'changes-requested', 'commented']) {
      const answer = await shop
        .as('petra')
        .post(`/proposals/${read.id}/review`, {
          decision,
          comment: 'Well',
          head: read.head,
        });
      expect([decision, answer.status, answer.body.error?.code]).toEqual([
        decision,
        409,
        'head-changed',
      ]);
    }
    const page = (await shop.as('petra').get(`/proposals/${now.id}`)).body;
    expect(page.reviews).toEqual([]);
  });

  it('tells nobody of a caller that they may not see', async () => {
    const { read } = await readThenChanged();
    const answer = await merge('pavel', read);
    expect(answer.body.error.change.came).toEqual([
      expect.objectContaining({
        summary: 'a caller you may not see → GET /orders',
      }),
    ]);
    expect(answer.text).not.toMatch(/shop pages|default.web/i);
  });

  it('says that somebody else has pushed onto its branch, and is not merged', async () => {
    const first = await send(shop, 'priya');
    await approve(shop, 'omar', first);
    const read = await proposalOf(shop, first);
    expect(read.drift).toBeUndefined();
    const pushed = pushToBranch(shop, read.branch, {
      'README.md': text => `${text}\nOne more line.\n`,
    });
    const page = (await shop.as('petra').get(`/proposals/${read.id}`)).body;
    expect(page).toMatchObject({
      head: read.head,
      drift: { built: read.head, found: pushed },
      merge: {
        allowed: false,
        reason: expect.stringMatching(/pushed onto its branch/),
      },
    });
    for (const head of [read.head, pushed]) {
      const answer = await merge('petra', { ...read, head });
      expect([answer.status, answer.body.error.code]).toEqual([
        409,
        'head-changed',
      ]);
    }
    expect(merged()).toBe('');
  });

  it('that names a head which never was says so, and nothing of what is in it', async () => {
    const { now } = await readThenChanged();
    const answer = await merge('petra', { ...now, head: 'f'.repeat(40) });
    expect(answer.body.error.change).toMatchObject({
      cause: 'unknown',
      head: now.head,
      came: [],
      went: [],
    });
  });
});

describe('an objection', () => {
  let shop: RunningShop;

  beforeEach(async () => {
    shop = await startShop();
  });
  afterEach(() => shop?.stop());

  it('stands when another request moves the head, until its author takes it back', async () => {
    const first = await send(shop, 'priya');
    await approve(shop, 'omar', first);
    const read = await proposalOf(shop, first);
    const review = (person: string, body: object) =>
      shop.as(person).post(`/proposals/${read.id}/review`, body);
    await review('petra', {
      decision: 'changes-requested',
      comment: 'Staging too',
      head: read.head,
    });
    const second = await send(shop, 'priya', WEB);
    await approve(shop, 'lena', second);
    const now = await proposalOf(
      shop,
      second,
      ({ head, requests }) => head !== read.head && requests.length === 2,
    );

    expect(now.objections).toEqual([
      expect.objectContaining({
        by: expect.objectContaining({ ref: 'user:default/petra' }),
        head: read.head,
        comment: 'Staging too',
        own: true,
        takeBack: { allowed: true },
      }),
    ]);
    expect(now.merge).toMatchObject({ allowed: false });
    const refused = await shop
      .as('pavel')
      .post(`/proposals/${now.id}/merge`, { head: now.head });
    expect([refused.status, refused.body.error.code]).toEqual([
      409,
      'changes-requested',
    ]);

    await review('petra', {
      decision: 'withdrawn',
      objection: now.objections[0].id,
      head: now.head,
    });
    const done = await shop
      .as('pavel')
      .post(`/proposals/${now.id}/merge`, { head: now.head });
    expect(done.body.state).toBe('merged');
  });

  it('is taken back by another of the platform team with a reason, which everybody can read', async () => {
    const first = await send(shop, 'priya');
    await approve(shop, 'omar', first);
    const { id, head } = await proposalOf(shop, first);
    const review = (person: string, body: object) =>
      shop.as(person).post(`/proposals/${id}/review`, { head, ...body });
    const objected = await review('petra', {
      decision: 'changes-requested',
      comment: 'Staging too',
    });
    const [objection] = objected.body.objections;
    const withdraw = { decision: 'withdrawn', objection: objection.id };
    expect((await review('pavel', withdraw)).body.error.code).toBe(
      'reason-missing',
    );
    const answer = await review('pavel', {
      ...withdraw,
      comment: 'Staging is another request',
    });
    expect(answer.body.objections).toEqual([]);
    expect(answer.body.reviews.at(-1)).toMatchObject({
      by: { ref: 'user:default/pavel' },
      decision: 'withdrawn',
      of: { ref: 'user:default/petra' },
      comment: 'Staging is another request',
    });
  });

  it('is not taken back where its author has objected again since it was shown', async () => {
    const first = await send(shop, 'priya');
    await approve(shop, 'omar', first);
    const { id, head } = await proposalOf(shop, first);
    const review = (person: string, body: object) =>
      shop.as(person).post(`/proposals/${id}/review`, { head, ...body });
    const object = (comment: string) =>
      review('petra', { decision: 'changes-requested', comment });
    const shown = (await object('Staging too')).body.objections[0];
    await object('And the audit log');
    const answer = await review('pavel', {
      decision: 'withdrawn',
      objection: shown.id,
      comment: 'Staging is another request',
    });
    expect(answer.body.error.code).toBe('objection-gone');
  });
});
