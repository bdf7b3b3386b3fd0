import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { approve, DRAFT, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(120_000);

describe('a caller that the catalog hides', () => {
  let shop: ChangedShop;
  let requestId: string;
  let proposalId: string;

  // Stan sees neither of them; everybody else sees both.
  const HIDDEN = [
    'component:default/legacy-batch',
    'component:default/checkout',
  ];
  const SECRETS =
    /legacy-batch|checkout|Where orders wait for the night|Order status on the confirmation/i;

  beforeAll(async () => {
    shop = await startChangedShop({
      hides: (person, ref) =>
        person === 'user:default/stan' && HIDDEN.includes(ref),
    });
    const asked = await send(shop, 'priya');
    requestId = asked.id;
    await approve(shop, 'omar', asked);
    ({ id: proposalId } = await proposalOf(shop, asked));
  });
  afterAll(() => shop?.stop());

  it('stays a row that counts, without a word about it', async () => {
    const path = '/apis/default/orders';
    const [everything, part] = await Promise.all([
      shop.as('omar').get(path),
      shop.as('stan').get(path),
    ]);
    expect(everything.text).toMatch(/legacy-batch/);
    expect(part.status).toBe(200);
    expect(part.body.headline).toMatchObject({
      callers: everything.body.headline.callers,
      ungranted: everything.body.headline.ungranted,
    });
    expect(part.body.callers).toHaveLength(everything.body.callers.length);
    const hidden = part.body.callers.filter(
      ({ caller }: { caller: { state: string } }) => caller.state === 'hidden',
    );
    // legacy-batch in prod-eu, which has no grant, and checkout in staging, which is open.
    expect(hidden).toHaveLength(2);
    for (const { caller, grants, beyond, clusters } of hidden) {
      expect([caller.ref, caller.name]).toEqual(['', '']);
      for (const { because } of [...grants, ...beyond]) {
        expect(because).toBe('');
      }
      expect(clusters[0].from).toEqual([]);
    }
    expect(part.text).not.toMatch(SECRETS);
  });

  it.each([
    ['requests', () => '/requests'],
    ['one request', () => `/requests/${requestId}`],
    ['proposals', () => '/proposals'],
    ['one proposal', () => `/proposals/${proposalId}`],
  ])('is not in %s', async (_, path) => {
    const seen = await shop.as('stan').get(path());
    expect([200, 404]).toContain(seen.status);
    const found = SECRETS.exec(seen.text.replace(/"url":"[^"]*"/, ''));
    expect(
      found &&
        seen.text.slice(Math.max(0, found.index - 200), found.index + 50),
    ).toBeNull();
    expect((await shop.as('omar').get(path())).text).toMatch(SECRETS);
  });

  it('has no page, cannot be asked for or explained', async () => {
    const stan = shop.as('stan');
    const call = { api: DRAFT.api, caller: HIDDEN[0] };
    const missing = { api: DRAFT.api, caller: 'component:default/nothing' };
    const answers = [
      await stan.get('/callers/component/default/legacy-batch'),
      await stan.post('/explanations', call),
      await stan.post('/previews', { ...DRAFT, caller: HIDDEN[0] }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    // The same words as for what does not exist.
    const unknown = await stan.post('/explanations', missing);
    expect(answers[1].body.error.message.replace(HIDDEN[0], 'X')).toBe(
      unknown.body.error.message.replace(missing.caller, 'X'),
    );
  });

  it('is not named in a preview that cuts it off', async () => {
    const priya = shop.as('priya');
    const draft = {
      ...DRAFT,
      api: 'api:default/catalogue',
      caller: 'component:default/store-locator',
      operations: [{ tcp: { port: 8080 } }],
    };
    const preview = await shop.as('stan').post('/previews', draft);
    expect(preview.status).toBe(200);
    expect(preview.text).not.toMatch(
      /legacy-batch|storefront\/Deployment\/checkout/,
    );
    expect((await priya.post('/previews', draft)).status).toBe(200);
  });
});

describe('an API that the catalog hides', () => {
  let shop: ChangedShop;

  beforeAll(async () => {
    shop = await startChangedShop({
      hides: (person, ref) =>
        person === 'user:default/stan' && ref === DRAFT.api,
    });
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    await proposalOf(shop, asked);
  });
  afterAll(() => shop?.stop());

  it.each(['requests', 'proposals'])(
    'is not counted among the %s either',
    async list => {
      expect((await shop.as('omar').get(`/${list}`)).body).toMatchObject({
        items: [{ api: { ref: DRAFT.api } }],
        total: 1,
      });
      // Whether a reader may take out evidence says nothing of what there is.
      const { body } = await shop.as('stan').get(`/${list}`);
      // Nor in the number of those that went on before anybody approved them, which is of what one may see.
      const { evidence: _, brokenGlass = 0, ...page } = body;
      expect([page, brokenGlass]).toEqual([{ items: [], total: 0 }, 0]);
    },
  );
});
