import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { notificationService } from '@backstage/plugin-notifications-node';
import type {
  DueReview,
  GrantPage,
  ReviewPage,
  ReviewResult,
} from '@callgate/plugin-callgate-common';
import {
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import { askOfGrant, mergeOf } from '../__testUtils__/grantSteps';
import {
  approve,
  commitElsewhere,
  git,
  proposalOf,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(180_000);

const INVENTORY = 'api:default/inventory';
const FILE = 'policies/default/inventory.yaml';
const DAY = 86_400_000;
/** Felix asked for this one. */
const PICKING = 'picking-moves-stock';
const GRANTS = [
  'cart-reads-stock',
  'orders-reserves',
  PICKING,
  'returns-restocks',
  'web-shows-availability',
];

let shop: ChangedShop;
let ahead = 0;
const notify = jest.fn();
const auditor = mockServices.auditor.mock();
const realNow = Date.now;

async function start(changes: ShopChanges = {}): Promise<void> {
  ahead = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead * DAY);
  notify.mockReset().mockResolvedValue(undefined);
  auditor.createEvent.mockReset().mockResolvedValue({
    success: jest.fn(),
    fail: jest.fn(),
  });
  shop = await startChangedShop({
    ...changes,
    config: { lifecycle: { reviewEvery: '180d' }, ...changes.config },
    features: [
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: notify }),
      }),
      createServiceFactory({
        service: coreServices.auditor,
        deps: {},
        factory: () => auditor,
      }),
    ],
  });
  // Makes the repository.
  await shop.as('omar').get('/apis/default/orders');
}
afterEach(async () => {
  await shop?.stop();
  jest.restoreAllMocks();
});

const page = async (person: string, query = ''): Promise<ReviewPage> => {
  const { body, status } = await shop
    .as(person)
    .get(`/reviews?api=${INVENTORY}${query}`);
  expect(status).toBe(200);
  return body;
};
const ids = (reviews: { items: DueReview[] }) =>
  reviews.items.map(({ grant }) => grant);
const dueOf = async (person: string, grant: string): Promise<DueReview> => {
  const found = (await page(person)).items.find(each => each.grant === grant);
  if (!found) throw new Error(`${grant} is not due for ${person}`);
  return found;
};

type Choice = Partial<{ digest: string; whenLast: string; api: string }> & {
  grant: string;
  decision: 'keep' | 'end';
};

const post = (person: string, list: object, key?: string) => {
  const posted = shop.as(person).post('/reviews/decide', list);
  return key ? posted.set('Idempotency-Key', key) : posted;
};

/** Decides by what the person is shown, unless a choice says another digest. */
async function decide(
  person: string,
  choices: Choice[],
  { note, key }: { note?: string; key?: string } = {},
): Promise<ReviewResult[]> {
  const shown = new Map(
    (await page(person)).items.map(({ grant, digest }) => [grant, digest]),
  );
  const decisions = choices.map(choice => ({
    api: INVENTORY,
    digest: shown.get(choice.grant) ?? 'sha256:unknown',
    ...choice,
  }));
  const { body, status } = await post(person, { decisions, note }, key);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.results;
}
const codes = (results: ReviewResult[]) =>
  results.map(({ error, review, request }) => {
    if (error) return error.code;
    return review ? 'kept' : request?.state;
  });

const grantPage = async (person: string, grant: string): Promise<GrantPage> =>
  (await shop.as(person).get(`/grants/${grant}?api=${INVENTORY}`)).body;

describe('grants that are due for a review', () => {
  it('are shown to owners of their API, with what each stands for', async () => {
    await start();
    const { items, total, waiting, hidden, asked } = await page('fatima');
    // Whatever the filters: those of other APIs of the team as well, but those that she asked for herself.
    const all: ReviewPage = (await shop.as('fatima').get('/reviews')).body;
    expect(all.items.map(({ api }) => api.ref)).toContain(
      'api:default/shipping',
    );
    expect({ total, waiting, hidden, asked }).toEqual({
      total: 5,
      waiting: all.items.filter(
        ({ requestedBy }) => requestedBy?.name !== 'fatima',
      ).length,
      hidden: 0,
      asked: true,
    });
    expect(items.map(({ grant }) => grant).sort()).toEqual(GRANTS);
    const picking = items.find(({ grant }) => grant === PICKING);
    expect(picking).toMatchObject({
      api: { ref: INVENTORY },
      caller: { ref: 'component:default/picking' },
      writes: true,
      clusters: ['prod-eu'],
      requestedBy: { ref: 'user:default/felix' },
      days: 180,
      last: false,
      keep: { allowed: true },
      end: { allowed: true },
    });
    expect(
      items.find(({ grant }) => grant === 'web-shows-availability')?.writes,
    ).toBe(false);
    // Nothing is recorded of what somebody wrote by hand: it is due from the start.
    expect(picking).not.toHaveProperty('since');
    expect(picking).not.toHaveProperty('dueSince');
    expect(picking).not.toHaveProperty('lastReview');
    expect(picking).not.toHaveProperty('rule');
  });

  it('are nobody else’s: not the caller’s owners’, not the platform team’s, and not their own asker’s to keep', async () => {
    await start();
    for (const person of ['cora', 'petra', 'stan'])
      expect(await page(person)).toMatchObject({
        items: [],
        total: 0,
        waiting: 0,
      });
    const all: ReviewPage = (await shop.as('felix').get('/reviews')).body;
    expect(await page('felix')).toMatchObject({
      total: 5,
      waiting: all.items.filter(
        ({ requestedBy }) => requestedBy?.name !== 'felix',
      ).length,
    });
    expect(ids(all)).toContain(PICKING);
    expect(await dueOf('felix', PICKING)).toMatchObject({
      keep: {
        allowed: false,
        reason:
          'You asked for this grant: another owner of the API reviews it.',
      },
      end: { allowed: true },
    });
    const { digest } = await dueOf('felix', PICKING);
    const { digest: cart } = await dueOf('felix', 'cart-reads-stock');
    expect(
      codes(await decide('felix', [{ grant: PICKING, decision: 'keep' }])),
    ).toEqual(['self-approval']);
    for (const [person, refused] of [
      // She asked for it; who did decides nothing, whatever they own.
      ['cora', 'self-approval'],
      ['petra', 'not-api-owner'],
    ])
      expect(
        codes(
          await decide(
            person,
            [
              { grant: 'cart-reads-stock', decision: 'keep', digest: cart },
              { grant: PICKING, decision: 'end', digest },
            ],
            { note: 'x' },
          ),
        ),
      ).toEqual([refused, 'not-api-owner']);
  });

  it('are none where nobody asks for reviews', async () => {
    await start({ config: { lifecycle: {} } });
    expect(await page('fatima')).toEqual({
      items: [],
      total: 0,
      waiting: 0,
      hidden: 0,
      asked: false,
    });
    expect(await grantPage('fatima', PICKING)).not.toHaveProperty('review');
  });

  it('are narrowed and paged', async () => {
    await start();
    expect(ids(await page('fatima', '&q=picking%20moves'))).toEqual([PICKING]);
    expect(
      ids(await page('fatima', '&system=system:default/storefront')),
    ).toEqual(['cart-reads-stock', 'web-shows-availability']);
    expect((await page('fatima', '&q=nobody')).total).toBe(0);
    const first = await page('fatima', '&limit=2');
    const second = await page('fatima', `&limit=2&cursor=${first.nextCursor}`);
    const third = await page('fatima', `&limit=2&cursor=${second.nextCursor}`);
    expect([...ids(first), ...ids(second), ...ids(third)]).toEqual(
      ids(await page('fatima')),
    );
    expect(first.total).toBe(5);
    expect(third).not.toHaveProperty('nextCursor');
    const odd = await shop.as('fatima').get('/reviews?cursor=WzEsMl0');
    expect(odd.status).toBe(400);
    // What was decided meanwhile does not shift what comes next.
    await decide('fatima', [{ grant: ids(first)[0], decision: 'keep' }]);
    expect(
      ids(await page('fatima', `&limit=2&cursor=${first.nextCursor}`)),
    ).toEqual(ids(second));
  });
});

describe('keeping a grant', () => {
  it('is recorded, changes nothing in Git, and counts for so many days', async () => {
    await start();
    const before = git(shop, 'rev-parse', 'main');
    const { digest } = await dueOf('fatima', PICKING);
    const [kept] = await decide(
      'fatima',
      [{ grant: PICKING, decision: 'keep' }],
      { note: 'They still pick' },
    );
    expect(kept.review).toMatchObject({
      by: { ref: 'user:default/fatima' },
      role: 'api-owner',
      of: { ref: INVENTORY },
      note: 'They still pick',
      digest,
    });
    expect(git(shop, 'rev-parse', 'main')).toBe(before);
    expect(ids(await page('fatima'))).not.toContain(PICKING);
    const { reviews, review } = await grantPage('fatima', PICKING);
    expect(reviews).toEqual([kept.review]);
    const until = new Date(Date.now() + 180 * DAY).toISOString().slice(0, 10);
    expect(review).toEqual({ days: 180, due: false, until });
    // The day on which it ends is not over.
    ahead = 180;
    expect(ids(await page('fatima'))).not.toContain(PICKING);
    ahead = 181;
    expect(await dueOf('fatima', PICKING)).toMatchObject({
      dueSince: new Date(Date.now()).toISOString().slice(0, 10),
      lastReview: { by: { ref: 'user:default/fatima' } },
    });
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'grant-mutate',
        severityLevel: 'high',
        meta: {
          actionType: 'keep',
          apiRef: INVENTORY,
          grant: PICKING,
          digest,
          actor: 'user:default/fatima',
        },
      }),
    );
  });

  it('is of what was shown: when the grant stands for something else, it is asked again', async () => {
    await start();
    const { digest } = await dueOf('fatima', 'web-shows-availability');
    commitElsewhere(shop, {
      [FILE]: text => text.replace('- id: getAvailability', '- id: listStock'),
    });
    expect(
      codes(
        await decide('fatima', [
          { grant: 'web-shows-availability', decision: 'keep', digest },
        ]),
      ),
    ).toEqual(['meaning-changed']);
    expect(
      codes(
        await decide('fatima', [
          { grant: 'web-shows-availability', decision: 'keep' },
        ]),
      ),
    ).toEqual(['kept']);
  });

  it('happens once for each time that it is due, whoever is faster, and again with the same key is the same', async () => {
    await start({
      // Both own the API, and neither asked.
      files: {
        [`repository/${FILE}`]: text => text.replaceAll('felix', 'omar'),
      },
    });
    const one = { grant: PICKING, decision: 'keep' as const };
    const { digest } = await dueOf('fatima', PICKING);
    const both = await Promise.all(
      ['fatima', 'felix'].map(person => decide(person, [{ ...one, digest }])),
    );
    expect(both.flatMap(codes).sort()).toEqual(['kept', 'not-due']);
    const web = { grant: 'web-shows-availability', decision: 'keep' as const };
    const { digest: shown } = await dueOf('felix', web.grant);
    const first = await decide('felix', [{ ...web, digest: shown }], {
      key: 'k1',
    });
    const again = await decide('felix', [{ ...web, digest: shown }], {
      key: 'k1',
    });
    expect(again).toEqual(first);
    // Another list, be it another digest, grant or note, is another write.
    const list = { decisions: [{ api: INVENTORY, ...web, digest: shown }] };
    for (const other of [
      { decisions: [{ ...list.decisions[0], digest: 'sha256:other' }] },
      { decisions: [{ ...list.decisions[0], grant: PICKING }] },
      { ...list, note: 'Still needed' },
    ]) {
      const { status, body } = await post('felix', other, 'k1');
      expect(status).toBe(409);
      expect(body.error).toMatchObject({
        code: 'idempotency-key-reused',
        message:
          'The Idempotency-Key was used for another write. Use a new key.',
      });
    }
    expect((await grantPage('felix', web.grant)).reviews).toHaveLength(1);
  });

  it('is asked of the catalog at that moment', async () => {
    await start();
    const { digest } = await dueOf('fatima', PICKING);
    const fatima = shop.entities.find(
      ({ kind, metadata: { name } }) => kind === 'User' && name === 'fatima',
    )!;
    const team = shop.entities.find(
      ({ metadata: { name } }) => name === 'fulfilment-team',
    )!;
    fatima.relations = [];
    team.relations = team.relations?.filter(
      ({ targetRef }) => targetRef !== 'user:default/fatima',
    );
    expect(
      codes(
        await decide('fatima', [{ grant: PICKING, decision: 'keep', digest }]),
      ),
    ).toEqual(['not-api-owner']);
    expect((await page('fatima')).total).toBe(0);
  });

  it('may have begun with a request, from whose merge its days count', async () => {
    await start({ config: { lifecycle: { reviewEvery: '30d' } } });
    const sent = await send(shop, 'priya', {
      api: INVENTORY,
      caller: 'component:default/checkout',
      operations: [{ id: 'getStock' }],
      in: ['prod-eu'],
      reason: 'The basket',
    });
    await approve(shop, 'fatima', sent);
    await mergeOf(shop, sent);
    const mine = ({ items }: ReviewPage) =>
      items.find(({ caller }) => caller.ref === 'component:default/checkout');
    expect(mine(await page('felix'))).toBeUndefined();
    ahead = 30;
    expect(mine(await page('felix'))).toBeUndefined();
    ahead = 31;
    const due = mine(await page('felix'));
    expect(due).toMatchObject({
      since: expect.any(String),
      dueSince: new Date(Date.now()).toISOString().slice(0, 10),
    });
    // Less of it, which nobody has to approve: whoever has it puts off no review by that.
    const less = await askOfGrant(shop, 'priya', {
      kind: 'change',
      api: INVENTORY,
      grant: due!.grant,
      operations: [{ id: 'getStock' }],
      in: ['prod-eu'],
      until: new Date(Date.now() + 10 * DAY).toISOString().slice(0, 10),
    });
    expect(less.state).toBe('approved');
    await mergeOf(shop, less);
    expect(mine(await page('felix'))).toMatchObject({ grant: due!.grant });
    // A renewal is looked at by an owner as well.
    const renewed = await askOfGrant(shop, 'priya', {
      kind: 'renew',
      api: INVENTORY,
      grant: due!.grant,
      until: new Date(Date.now() + 20 * DAY).toISOString().slice(0, 10),
    });
    await approve(shop, 'fatima', renewed);
    await mergeOf(shop, renewed);
    expect(mine(await page('felix'))).toBeUndefined();
    ahead = 62;
    expect(mine(await page('felix'))).toMatchObject({ since: due!.since });
  });
});

describe('ending grants in a review', () => {
  it('asks for the end, those of one API in one pull request; one that fails stops no other', async () => {
    await start();
    const results = await decide(
      'fatima',
      [
        { grant: 'cart-reads-stock', decision: 'end' },
        { grant: 'no-such-grant', decision: 'end' },
        { grant: 'web-shows-availability', decision: 'end' },
        { grant: PICKING, decision: 'keep' },
      ],
      { note: 'Nobody shows it any more', key: 'bulk' },
    );
    expect(codes(results)).toEqual([
      'approved',
      'no-such-grant',
      'approved',
      'kept',
    ]);
    // They are on their way.
    expect(ids(await page('fatima')).sort()).toEqual([
      'orders-reserves',
      'returns-restocks',
    ]);
    const [cart, , web] = results.map(({ request }) => request!);
    const proposal = await proposalOf(shop, cart);
    expect((await proposalOf(shop, web)).id).toBe(proposal.id);
    const { body } = await shop.as('fatima').get(`/requests/${cart.id}`);
    expect(body).toMatchObject({
      kind: 'end',
      reason: 'Nobody shows it any more',
      change: { side: 'api', whenLast: 'keep-closed' },
    });
    // A part of the list is another write.
    const part = {
      api: INVENTORY,
      grant: 'cart-reads-stock',
      decision: 'end',
      digest: body.digest,
    };
    const again = await post(
      'fatima',
      { decisions: [part], note: 'Nobody shows it any more' },
      'bulk',
    );
    expect(again.status).toBe(409);
    expect(again.body.error.code).toBe('idempotency-key-reused');
    const told = notify.mock.calls
      .filter(([{ recipients }]) =>
        recipients.entityRef.includes('group:default/storefront-team'),
      )
      .map(([{ payload }]) => payload.title);
    expect(told).toContainEqual(expect.stringMatching(/^Your access ends:/));
  });

  it('needs a reason, and of the only grant of an API what becomes of that', async () => {
    await start({
      files: {
        [`repository/${FILE}`]: text =>
          text.slice(0, text.indexOf('    - id: cart-reads-stock')),
      },
    });
    const { last, digest } = await dueOf('fatima', 'orders-reserves');
    expect(last).toBe(true);
    const one = { grant: 'orders-reserves', decision: 'end' as const, digest };
    expect(codes(await decide('fatima', [one]))).toEqual(['reason-missing']);
    expect(codes(await decide('fatima', [one], { note: 'x' }))).toEqual([
      'when-last-missing',
    ]);
    const [ended] = await decide(
      'fatima',
      [{ ...one, whenLast: 'keep-closed' }],
      { note: 'x' },
    );
    // Callers whose grants were cut out by hand lose theirs with it, which an owner approves.
    expect(ended.request?.state).toBe('submitted');
  });

  it('is of what was shown as well', async () => {
    await start();
    expect(
      codes(
        await decide(
          'fatima',
          [{ grant: PICKING, decision: 'end', digest: 'sha256:0' }],
          { note: 'x' },
        ),
      ),
    ).toEqual(['meaning-changed']);
    expect(
      (
        await shop.as('fatima').post('/reviews/decide', {
          decisions: [1, 2].map(() => ({
            api: INVENTORY,
            grant: PICKING,
            decision: 'keep',
            digest: 'sha256:0',
          })),
        })
      ).status,
    ).toBe(400);
  });
});

describe('a caller that an owner may not see', () => {
  it('is counted, and is another owner’s to review', async () => {
    await start({
      hides: (person, ref) =>
        person === 'user:default/felix' && ref === 'component:default/returns',
    });
    const seen = await page('felix');
    expect(seen).toMatchObject({ total: 4, hidden: 1 });
    expect(JSON.stringify(seen)).not.toContain('returns');
    // Neither is it found by its name.
    expect(await page('felix', '&q=returns')).toMatchObject({
      items: [],
      total: 0,
      hidden: 1,
    });
    const { digest } = await dueOf('fatima', 'returns-restocks');
    for (const decision of ['keep', 'end'] as const)
      expect(
        codes(
          await decide(
            'felix',
            [{ grant: 'returns-restocks', decision, digest }],
            { note: 'x' },
          ),
        ),
      ).toEqual(['no-such-grant']);
  });
});

describe('reminders of reviews', () => {
  const told = (person: string) =>
    notify.mock.calls
      .filter(([{ recipients }]) =>
        recipients.entityRef.includes(`user:default/${person}`),
      )
      .map(([{ payload }]) => payload);
  const rounds = async (day: number) => {
    ahead = day;
    notify.mockClear();
    await shop.run('follow-grants');
    await shop.run('follow-grants');
  };

  it('are one message a day for everything, again after a week, and one after a month without a process', async () => {
    await start();
    await rounds(0);
    expect(told('sofia')).toEqual([]);
    const all = told('fatima');
    expect(all).toHaveLength(1);
    expect(all[0].description).toContain('Inventory API: 5 grants to review');
    expect(all[0].link).toBe('/access/reviews');
    // He asked for one of them.
    expect(told('felix')[0].description).toContain(
      'Inventory API: 4 grants to review',
    );
    await rounds(6);
    expect(told('fatima')).toEqual([]);
    await rounds(7);
    expect(told('fatima')).toHaveLength(1);
    await rounds(40);
    expect(told('fatima')).toHaveLength(1);
    // Nothing closes by itself, however long nobody looks.
    await rounds(400);
    expect((await page('fatima')).total).toBe(5);
  });

  it('say nothing of what is kept', async () => {
    await start();
    await decide(
      'fatima',
      GRANTS.map(grant => ({ grant, decision: 'keep' as const })),
    );
    await rounds(1);
    expect(
      told('fatima')
        .map(({ description }) => description)
        .join(),
    ).not.toContain('Inventory API');
  });
});

describe('rules that ask for reviews', () => {
  it('ask for those that they are about, and the shorter time counts', async () => {
    await start({
      config: {
        lifecycle: { reviewEvery: '400d' },
        approval: {
          fallback: 'group:default/security',
          rules: [
            {
              name: 'writing',
              when: 'request.writes',
              reviewEvery: '90d',
              examples: {
                hold: [{ request: { writes: true } }],
                not: [{ request: { writes: false } }],
              },
            },
          ],
        },
      },
    });
    expect(await dueOf('fatima', PICKING)).toMatchObject({
      days: 90,
      rule: 'writing',
    });
    const web = await dueOf('fatima', 'web-shows-availability');
    expect(web.days).toBe(400);
    expect(web).not.toHaveProperty('rule');
    const { body } = await shop.as('fatima').get('/approval-rules');
    expect(body.rules).toMatchObject([{ name: 'writing', reviewEvery: 90 }]);
  });
});

it('evidence has each review among what was decided, and of a grant what counts', async () => {
  await start();
  await decide('fatima', [{ grant: PICKING, decision: 'keep' }], {
    note: '=1+1',
  });
  const decisions = (await shop.as('petra').get('/exports/decisions')).body;
  expect(decisions.items).toEqual([
    {
      api: INVENTORY,
      caller: 'component:default/picking',
      grant: PICKING,
      operations: ['listStock', 'getStock', 'correctStock', 'recordMovement'],
      clusters: ['prod-eu'],
      decision: {
        event: 'kept',
        by: 'user:default/fatima',
        role: 'api-owner',
        of: INVENTORY,
        digest: expect.stringMatching(/^sha256:/),
        counts: true,
        note: '=1+1',
        at: expect.any(String),
      },
    },
  ]);
  const csv = (await shop.as('petra').get('/exports/decisions?format=csv'))
    .text;
  expect(csv).toContain(
    '"kept","user:default/fatima","api-owner api:default/inventory"',
  );
  expect(csv).toContain(`"'=1+1"`);
  const grants = (await shop.as('petra').get('/exports/grants')).body;
  const picking = grants.items.find(
    ({ grant }: { grant: string }) => grant === PICKING,
  );
  expect(picking.decisions).toMatchObject([{ event: 'kept' }]);
});
