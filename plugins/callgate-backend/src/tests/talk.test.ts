import { createServiceFactory } from '@backstage/backend-plugin-api';
import { notificationService } from '@backstage/plugin-notifications-node';
import type {
  AccessRequest,
  AccessRequestDraft,
} from '@callgate/plugin-callgate-common';
import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { grantDraft, mergeOf } from '../__testUtils__/grantSteps';
import { approve, DRAFT, git, send } from '../__testUtils__/steps';

jest.setTimeout(120_000);

let shop: ChangedShop;
const notify = jest.fn();

async function start(
  options: Partial<Parameters<typeof startChangedShop>[0]> = {},
): Promise<void> {
  jest.clearAllMocks();
  notify.mockResolvedValue(undefined);
  shop = await startChangedShop({
    files: {},
    ...options,
    features: [
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: notify }),
      }),
    ],
  });
}
afterEach(() => shop?.stop());

const read = async (person: string, { id }: { id: string }) =>
  (await shop.as(person).get(`/requests/${id}`)).body as AccessRequest;

const act = (
  person: string,
  { id }: { id: string },
  what: string,
  body: object,
) => shop.as(person).post(`/requests/${id}/${what}`, body);

const waiting = async (person: string) =>
  (await shop.as(person).get('/requests?tab=waiting')).body.items.map(
    ({ id }: { id: string }) => id,
  );

const told = () =>
  notify.mock.calls.map(([{ recipients, payload }]) => [
    [recipients.entityRef].flat().sort(),
    payload.title,
    payload.description,
  ]);

/** What somebody would send as a revision, with the digest of its preview. */
async function revision(
  person: string,
  draft: AccessRequestDraft,
  changes: Partial<AccessRequestDraft>,
) {
  const { body } = await shop
    .as(person)
    .post('/previews', { ...draft, ...changes });
  return { ...changes, digest: body.digest as string };
}

describe('asking for a change', () => {
  it('gives the request back; the requester changes it and sends it again under the same id, and approvals are of that', async () => {
    await start();
    const asked = await send(shop, 'priya');
    const empty = await act('omar', asked, 'ask-change', { note: ' ' });
    expect([empty.status, empty.body.error.code]).toEqual([
      400,
      'reason-missing',
    ]);
    notify.mockClear();
    const back = await act('omar', asked, 'ask-change', {
      note: 'Reading one order is enough.',
    });
    expect(back.status).toBe(200);
    expect(back.body.state).toBe('returned');
    expect(back.body.approve).toMatchObject({ allowed: false });
    expect(told()).toContainEqual([
      expect.arrayContaining(['user:default/priya']),
      expect.stringContaining('asks for a change'),
      'Reading one order is enough.',
    ]);
    // It waits for who asked, and for nobody else.
    expect(await waiting('omar')).toEqual([]);
    expect(await waiting('priya')).toEqual([asked.id]);
    const mine = await read('priya', asked);
    expect(mine).toMatchObject({
      waitsForMe: true,
      revise: { allowed: true },
      waitsFor: expect.stringMatching(/^Waits for Priya.* to change it$/),
    });
    const early = await act('omar', asked, 'approve', {
      digest: mine.digest,
    });
    expect([early.status, early.body.error.code]).toEqual([409, 'wrong-state']);

    notify.mockClear();
    const body = await revision('priya', DRAFT, {
      operations: [{ id: 'getOrder' }],
      reason: 'The status of one order',
    });
    const again = await act('priya', asked, 'revise', {
      ...body,
      note: 'One order now',
    });
    expect([again.status, again.body.state]).toEqual([200, 'submitted']);
    expect(again.body).toMatchObject({
      id: asked.id,
      number: asked.number,
      reason: 'The status of one order',
      operations: [{ id: 'getOrder' }],
    });
    expect(again.body.digest).not.toBe(asked.digest);
    expect(told()).toContainEqual([
      ['group:default/orders-team'],
      expect.stringContaining('Changed and sent again'),
      expect.anything(),
    ]);
    expect(await waiting('priya')).toEqual([]);
    expect(await waiting('omar')).toEqual([asked.id]);
    expect(
      again.body.timeline.map(
        ({ event, reason }: { event: string; reason?: string }) => [
          event,
          reason,
        ],
      ),
    ).toEqual([
      ['submit', undefined],
      ['ask-change', 'Reading one order is enough.'],
      [
        'revise',
        'One order now\nBefore: GET /orders in prod-eu, for “Order status on the confirmation page”',
      ],
    ]);

    // What was shown before is no meaning of it any more.
    const old = await act('omar', asked, 'approve', { digest: asked.digest });
    expect([old.status, old.body.error.code]).toEqual([409, 'meaning-changed']);
    await approve(shop, 'omar', asked);
    await mergeOf(shop, asked);
    const file = git(shop, 'show', 'main:policies/default/orders.yaml');
    expect(file).toContain('getOrder');
    expect(file).toContain('The status of one order');
    expect(file).not.toContain('Order status on the confirmation page');
  });

  it('is for those who decide, while it is undecided, and for what a person wrote', async () => {
    await start();
    const asked = await send(shop, 'priya');
    const statuses = async (person: string) => {
      const { status, body } = await act(person, asked, 'ask-change', {
        note: 'Not so',
      });
      return [status, body.error?.code];
    };
    expect(await statuses('priya')).toEqual([403, 'self-approval']);
    expect(await statuses('petra')).toEqual([403, 'not-api-owner']);
    const withdrawn = await act('priya', asked, 'withdraw', {});
    expect(withdrawn.body.state).toBe('withdrawn');
    expect(await statuses('omar')).toEqual([409, 'wrong-state']);
  });

  it('leaves a returned request withdrawable and rejectable, and nothing of it reaches Git', async () => {
    await start();
    const one = await send(shop, 'priya');
    await act('omar', one, 'ask-change', { note: 'Say more' });
    const withdrawn = await act('priya', one, 'withdraw', {});
    expect(withdrawn.body.state).toBe('withdrawn');
    const two = await send(shop, 'priya');
    await act('omar', two, 'ask-change', { note: 'Say more' });
    const rejected = await act('omar', two, 'reject', { reason: 'Too late' });
    expect(rejected.body.state).toBe('rejected');
    expect(git(shop, 'branch', '--list', 'callgate/*')).toBe('');
  });
});

describe('changing a request that is not decided', () => {
  it('ends approvals that it has, whatever they were of', async () => {
    await start({
      files: {
        'repository/approvals.yaml': () => `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
    - name: two
      when: api.name == 'orders'
      needs: [{ role: api-owner, count: 1 }, { role: platform }]
      examples: { hold: [{ api: { name: orders } }], not: [{ api: { name: stock } }] }
`,
      },
    });
    const asked = await send(shop, 'priya');
    expect((await approve(shop, 'omar', asked)).state).toBe('submitted');
    // The same meaning for another reason: what was said yes to is not what is asked.
    const body = await revision('priya', DRAFT, {
      reason: 'All orders of everybody, for a report',
    });
    expect(body.digest).toBe(asked.digest);
    const again = await act('priya', asked, 'revise', body);
    expect(again.status).toBe(200);
    expect(again.body.idleApprovals).toHaveLength(1);
    expect(again.body.needs.map(({ open }: { open: number }) => open)).toEqual([
      1, 1,
    ]);
    expect((await approve(shop, 'petra', asked)).state).toBe('submitted');
    expect((await approve(shop, 'omar', asked)).state).toBe('approved');
  });

  it('is for who asked alone, with the digest that was shown and the version that was read', async () => {
    await start();
    const asked = await send(shop, 'priya');
    const body = await revision('priya', DRAFT, {
      operations: [{ id: 'getOrder' }],
    });
    const tried = async (person: string, more: object = {}) => {
      const answer = await act(person, asked, 'revise', { ...body, ...more });
      return [answer.status, answer.body.error?.code];
    };
    expect(await tried('omar')).toEqual([403, 'not-requester']);
    expect(await tried('priya', { digest: asked.digest })).toEqual([
      409,
      'meaning-changed',
    ]);
    expect(await tried('priya', { version: asked.version + 1 })).toEqual([
      409,
      'version-conflict',
    ]);
    expect(await tried('priya', { reason: ' ' })).toEqual([
      400,
      'reason-missing',
    ]);
    expect(await tried('priya', { operations: [] })).toEqual([
      400,
      'bad-operation',
    ]);
    expect(await read('priya', asked)).toMatchObject({
      version: asked.version,
      operations: [{ id: 'listOrders' }],
    });
    await approve(shop, 'omar', asked);
    expect(await tried('priya')).toEqual([409, 'wrong-state']);
  });

  it('is for who still owns the caller', async () => {
    await start();
    const asked = await send(shop, 'priya');
    const body = await revision('priya', DRAFT, {
      operations: [{ id: 'getOrder' }],
    });
    for (const entity of shop.entities) {
      if (entity.kind === 'User' && entity.metadata.name === 'priya') {
        entity.spec = { ...entity.spec, memberOf: [] };
        entity.relations = [];
      }
      if (entity.kind === 'Group') {
        entity.relations = entity.relations?.filter(
          ({ targetRef }) => targetRef !== 'user:default/priya',
        );
      }
    }
    const { status, body: answer } = await act('priya', asked, 'revise', body);
    expect([status, answer.error.code]).toEqual([403, 'not-caller-owner']);
  });

  it('goes on at once where nobody has to approve what is asked instead', async () => {
    await start();
    const first = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
    });
    await approve(shop, 'omar', first);
    await mergeOf(shop, first);
    const grant = /id: (checkout-\w+)/.exec(
      git(shop, 'show', 'main:policies/default/orders.yaml'),
    )![1];
    const more = grantDraft({
      kind: 'change',
      api: DRAFT.api,
      grant,
      operations: [
        { id: 'listOrders' },
        { id: 'getOrder' },
        { id: 'createOrder' },
      ],
    });
    const asked = await send(shop, 'priya', more);
    expect(asked.state).toBe('submitted');
    const less = await revision('priya', more, {
      operations: [{ id: 'getOrder' }],
    });
    const again = await act('priya', asked, 'revise', less);
    expect([again.status, again.body.state]).toEqual([200, 'approved']);
    await mergeOf(shop, asked);
    const file = git(shop, 'show', 'main:policies/default/orders.yaml');
    const [, own] = file.split(`- id: ${grant}`);
    expect(own).toContain('- id: getOrder');
    expect(own).not.toContain('listOrders');
    expect(own).not.toContain('createOrder');
  });
});

describe('comments', () => {
  it('stand on the request, and tell who is involved and who is named, without naming the caller', async () => {
    await start();
    const asked = await send(shop, 'priya');
    notify.mockClear();
    const said = await act('omar', asked, 'comment', {
      text: 'Is this also for refunds? <b>@orders</b>',
      mentions: ['group:default/platform'],
    });
    expect(said.status).toBe(200);
    expect(said.body.comments).toMatchObject([
      {
        by: { ref: 'user:default/omar' },
        text: 'Is this also for refunds? <b>@orders</b>',
        mentions: [{ ref: 'group:default/platform' }],
      },
    ]);
    expect((await read('priya', asked)).comments).toHaveLength(1);
    const [involved, named] = told();
    expect(involved[0]).toContain('user:default/priya');
    expect(named[0]).toEqual(['group:default/platform']);
    // Who is named may see neither the API nor the caller.
    expect(JSON.stringify(named)).not.toMatch(/orders|checkout/i);
    expect(JSON.stringify(told())).not.toMatch(/checkout|refunds/i);
  });

  it('refuse what is empty, too long or not printable, and who is not there for the author', async () => {
    await start({
      hides: (person: string, ref: string) =>
        person === 'user:default/omar' && ref === 'group:default/platform',
    });
    const asked = await send(shop, 'priya');
    const tried = async (body: object) => {
      const answer = await act('omar', asked, 'comment', body);
      return [
        answer.status,
        answer.body.error?.code ?? answer.body.error?.name,
      ];
    };
    expect(await tried({ text: '  ' })).toEqual([400, 'reason-missing']);
    expect(await tried({ text: 'x'.repeat(100_000) })).toEqual([
      400,
      'text-too-long',
    ]);
    expect(await tried({ text: 'a\u202eb' })).toEqual([
      400,
      'text-not-printable',
    ]);
    const mention = (ref: string) => tried({ text: 'Hi', mentions: [ref] });
    expect(await mention('group:default/platform')).toEqual([
      400,
      'bad-mention',
    ]);
    expect(await mention('group:default/nobody')).toEqual([400, 'bad-mention']);
    expect(await mention('component:default/web')).toEqual([
      400,
      'bad-reference',
    ]);
    expect((await read('omar', asked)).comments).toEqual([]);
  });

  it('are sent once by one key, and are not there for who may not read the request', async () => {
    await start({
      hides: (person: string, ref: string) =>
        person === 'user:default/petra' && ref === 'api:default/orders',
    });
    const asked = await send(shop, 'priya');
    const once = () =>
      act('priya', asked, 'comment', { text: 'Hello' }).set(
        'Idempotency-Key',
        'k1',
      );
    await once();
    expect((await once()).body.comments).toHaveLength(1);
    const hidden = await act('petra', asked, 'comment', { text: 'Hello' });
    expect(hidden.status).toBe(404);
  });

  it('do not show their words where the caller is hidden', async () => {
    await start({
      hides: (person: string, ref: string) =>
        person === 'user:default/omar' && ref === 'component:default/checkout',
    });
    const asked = await send(shop, 'priya');
    await act('priya', asked, 'comment', { text: 'For checkout' });
    const body = await revision('priya', DRAFT, { reason: 'Checkout says so' });
    await act('priya', asked, 'revise', { ...body, note: 'checkout again' });
    const seen = await read('omar', asked);
    expect(seen.comments).toEqual([
      expect.not.objectContaining({ text: expect.anything() }),
    ]);
    expect(JSON.stringify(seen)).not.toMatch(/checkout/i);
  });
});

describe('deciding several at once', () => {
  it('decides each by itself, and says of each what became of it', async () => {
    await start();
    const one = await send(shop, 'priya');
    const two = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'getOrder' }],
    });
    const three = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'createOrder' }],
    });
    const decisions = [
      { id: one.id, decision: 'approve', digest: one.digest },
      { id: two.id, decision: 'approve', digest: 'sha256:of-nothing' },
      { id: three.id, decision: 'reject', note: 'No writing' },
      { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', decision: 'reject', note: 'x' },
    ];
    const decide = (person: string, list: object[] = decisions) =>
      shop
        .as(person)
        .post('/requests/decide', { decisions: list })
        .set('Idempotency-Key', 'bulk');
    const { status, body } = await decide('omar');
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { id: one.id, state: 'approved' },
      {
        id: two.id,
        error: { code: 'meaning-changed', message: expect.any(String) },
      },
      { id: three.id, state: 'rejected' },
      {
        id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
        error: { message: 'There is no such access request' },
      },
    ]);
    // Sent once more, what was decided is answered and not decided again.
    const again = (await decide('omar')).body.results;
    expect(again[0].id).toBe(one.id);
    expect(again[0].error).toBeUndefined();
    expect(again[2]).toEqual({ id: three.id, state: 'rejected' });
    const timeline = (await read('omar', three)).timeline;
    expect(timeline.filter(({ event }) => event === 'reject')).toHaveLength(1);
    // Another list is another write, and none of it is done: also what the first one did not name.
    const four = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'cancelOrder' }],
    });
    const other = await decide('omar', [
      { id: four.id, decision: 'reject', note: 'Nor this' },
    ]);
    expect(other.status).toBe(409);
    expect(other.body.error).toMatchObject({
      code: 'idempotency-key-reused',
      message: 'The Idempotency-Key was used for another write. Use a new key.',
    });
    expect((await read('omar', four)).state).toBe('submitted');
    // It is Omar's key: somebody else's of the same name is theirs.
    expect((await decide('petra', decisions)).status).toBe(200);
  });

  it('says of a rejection which field of it is wrong', async () => {
    await start();
    const { id } = await send(shop, 'priya');
    for (const [note, code] of [
      [undefined, 'reason-missing'],
      ['x'.repeat(4_001), 'text-too-long'],
      ['a\u0000', 'text-not-printable'],
    ]) {
      const { body } = await shop.as('omar').post('/requests/decide', {
        decisions: [{ id, decision: 'reject', note }],
      });
      expect(body.results).toEqual([
        // The body has no field `reason`.
        { id, error: { code, message: expect.stringMatching(/^note /) } },
      ]);
    }
  });

  it('refuses the same one twice, none, and too many', async () => {
    await start();
    const decision = { id: 'a', decision: 'reject', note: 'x' };
    const tried = async (decisions: object[]) =>
      (await shop.as('omar').post('/requests/decide', { decisions })).status;
    expect(await tried([decision, decision])).toBe(400);
    expect(await tried([])).toBe(400);
    expect(
      await tried(
        Array.from({ length: 51 }, (_, index) => ({
          ...decision,
          id: `${index}`,
        })),
      ),
    ).toBe(400);
  });
});
