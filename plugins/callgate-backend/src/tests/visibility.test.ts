import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { approve, DRAFT, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(120_000);

/** Stan may not see checkout, Lena neither, and Pavel may not see the orders API at all. */
const HIDDEN: Record<string, string> = {
  stan: 'component:default/checkout',
  lena: 'component:default/checkout',
  pavel: 'api:default/orders',
};

describe('what the catalog hides from a person', () => {
  let shop: ChangedShop;
  let requestId: string;
  let digest: string;
  let proposalId: string;
  let second: string;

  beforeAll(async () => {
    shop = await startChangedShop({
      hides: (person, ref) => ref === HIDDEN[person.split('/')[1]],
    });
    const asked = await send(shop, 'priya');
    requestId = asked.id;
    await approve(shop, 'omar', asked);
    proposalId = (await proposalOf(shop, asked)).id;
    const other = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'getOrder' }],
    });
    second = other.id;
    digest = other.digest;
  });
  afterAll(() => shop?.stop());

  const secrets = /checkout/i;

  it('lists what concerns their own APIs to owners, and nothing of it to those from whom it is hidden', async () => {
    const ours = async (person: string) => {
      const { status, body } = await shop.as(person).get('/requests?tab=ours');
      expect(status).toBe(200);
      return (body.items as { id: string }[]).map(({ id }) => id).sort();
    };
    // Omar and Lena own the orders API, Priya asked for it, Pavel does not see it.
    expect(await ours('omar')).toEqual([requestId, second].sort());
    expect(await ours('lena')).toEqual([requestId, second].sort());
    expect(await ours('priya')).toEqual([]);
    expect(await ours('pavel')).toEqual([]);
  });

  it('is no API, request or proposal for them', async () => {
    for (const path of [
      '/apis/default/orders',
      '/apis/default/orders/operations',
      `/requests/${requestId}`,
      `/proposals/${proposalId}`,
    ]) {
      const answer = await shop.as('pavel').get(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.text).not.toMatch(/listOrders|checkout/);
    }
    for (const path of ['/requests', '/proposals']) {
      expect((await shop.as('pavel').get(path)).body.items).toEqual([]);
    }
    expect(
      (await shop.as('stan').get('/callers/component/default/checkout')).status,
    ).toBe(404);
  });

  it('cannot be decided on, reviewed or merged by guessing its id', async () => {
    const pavel = shop.as('pavel');
    const answers = [
      await pavel.post(`/requests/${second}/approve`, { digest }),
      await pavel.post(`/requests/${second}/reject`, { reason: 'x' }),
      await pavel.post(`/requests/${second}/withdraw`),
      await pavel.post(`/proposals/${proposalId}/review`, {
        decision: 'approved',
        head: 'x',
      }),
      await pavel.post(`/proposals/${proposalId}/merge`, { head: 'x' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(404));
  });

  it('is a caller that they may not see, still counted', async () => {
    const api = (await shop.as('stan').get('/apis/default/orders')).body;
    const sameForOmar = (await shop.as('omar').get('/apis/default/orders'))
      .body;
    expect(api.callers).toHaveLength(sameForOmar.callers.length);
    expect(
      api.openRequests.map(({ caller }: { caller: object }) => caller),
    ).toEqual([
      expect.objectContaining({ state: 'hidden', ref: '', name: '' }),
      expect.objectContaining({ state: 'hidden', ref: '', name: '' }),
    ]);
    expect(JSON.stringify(api)).not.toMatch(secrets);
  });

  it('is not told by the texts, files and findings of a request or proposal', async () => {
    const request = (await shop.as('stan').get(`/requests/${requestId}`)).body;
    expect(request.summary).toMatch(/^a caller you may not see asks to/);
    expect(request.files.length).toBeGreaterThan(0);
    expect(
      request.files.filter(
        (file: object) => 'before' in file || 'after' in file,
      ),
    ).toEqual([]);
    expect(JSON.stringify(request)).not.toMatch(secrets);

    const proposal = (await shop.as('stan').get(`/proposals/${proposalId}`))
      .body;
    expect(proposal.files.length).toBeGreaterThan(0);
    expect(JSON.stringify(proposal)).not.toMatch(secrets);
    const lists = [
      await shop.as('stan').get('/proposals'),
      await shop.as('stan').get('/requests'),
    ];
    expect(lists.map(({ body }) => body.items.length)).toEqual([1, 2]);
    expect(lists.map(({ text }) => text).join()).not.toMatch(secrets);
  });

  it('cannot be approved by an owner who would not know what they approve', async () => {
    const page = (await shop.as('lena').get(`/requests/${second}`)).body;
    expect(page.approve).toEqual({
      allowed: false,
      reason: expect.stringMatching(/may not see every caller/),
    });
    const answer = await shop
      .as('lena')
      .post(`/requests/${second}/approve`, { digest });
    expect([answer.status, answer.body.error.code]).toEqual([
      403,
      'caller-hidden',
    ]);
  });

  it('cannot be asked for', async () => {
    for (const [path, body] of [
      ['/previews', DRAFT],
      ['/requests', { ...DRAFT, digest }],
      ['/explanations', { api: DRAFT.api, caller: DRAFT.caller }],
    ] as const) {
      for (const person of ['stan', 'pavel']) {
        const answer = await shop.as(person).post(path, body);
        expect([path, person, answer.status]).toEqual([path, person, 404]);
      }
    }
  });
});
