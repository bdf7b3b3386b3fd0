import { mockCredentials } from '@backstage/backend-test-utils';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import request from 'supertest';
import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { mergeOf } from '../__testUtils__/grantSteps';
import {
  approve,
  DRAFT,
  mergeShown,
  proposalOf,
  reaches,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

const REF = 'service:deploy-bot@default/storefront-team';
let shop: ChangedShop;

afterEach(() => shop?.stop());

const start = (services: object[], more: object = {}) =>
  startChangedShop({ config: { services, ...more } });

/** A program with a token, as Backstage tells it from others. */
function program(subject = 'deploy-bot') {
  const url = `http://127.0.0.1:${shop.port}/api/callgate`;
  const header = mockCredentials.service.header({
    onBehalfOf: mockCredentials.service(subject),
    targetPluginId: 'callgate',
  });
  return {
    get: (path: string) => request(url).get(path).set('Authorization', header),
    post: (path: string, body: object = {}) =>
      request(url).post(path).set('Authorization', header).send(body),
  };
}

async function asked(
  draft: object = DRAFT,
  bot = program(),
): Promise<AccessRequest> {
  const preview = await bot.post('/previews', draft);
  const { digest } = preview.body;
  const sent = await bot.post('/requests', { ...draft, digest });
  expect([sent.status, sent.body.error]).toEqual([201, undefined]);
  return sent.body;
}

const BOT = { subject: 'deploy-bot', actsFor: 'storefront-team' };

describe('a service of the configuration', () => {
  it('asks for what its team owns, is named as what asked, and the grant goes its way as another', async () => {
    shop = await start([BOT]);
    const sent = await asked();
    expect(sent.requestedBy).toMatchObject({
      ref: REF,
      kind: 'service',
      title: 'the service deploy-bot',
    });
    await approve(shop, 'omar', sent);
    await reaches(shop, sent, 'proposed');
    await mergeOf(shop, sent);
    const { body } = await shop.as('omar').get('/apis/default/orders');
    const grants = body.callers.flatMap(
      (row: { grants: object[] }) => row.grants,
    );
    expect(grants).toContainEqual(
      expect.objectContaining({
        request: sent.id,
        status: 'granted',
        requestedBy: expect.objectContaining({
          title: 'the service deploy-bot',
        }),
      }),
    );
    const [text] = (
      await shop.as('omar').get(`/requests/${sent.id}`)
    ).body.timeline.filter(
      ({ event }: { event: string }) => event === 'submit',
    );
    expect(text.actor.title).toBe('the service deploy-bot');
  });

  it('waits for approvals: only people say that it cannot wait', async () => {
    shop = await start([BOT], { breakGlass: { hours: 24 } });
    const draft = { ...DRAFT, breakGlass: true };
    const { body } = await program().post('/previews', draft);
    const sent = await program().post('/requests', {
      ...draft,
      digest: body.digest,
    });
    expect([sent.status, sent.body.error?.code]).toEqual([
      400,
      'no-break-glass',
    ]);
  });

  it('is asked once, however often it sends the same with one key, and takes back what it asked', async () => {
    shop = await start([BOT]);
    const { digest } = (await program().post('/previews', DRAFT)).body;
    const send = () =>
      program()
        .post('/requests', { ...DRAFT, digest })
        .set('Idempotency-Key', 'build-17');
    const { id } = (await send()).body;
    expect((await send()).body.id).toBe(id);
    const back = await program().post(`/requests/${id}/withdraw`);
    expect([back.status, back.body.state]).toEqual([200, 'withdrawn']);
  });

  it('asks for nobody else', async () => {
    shop = await start([
      BOT,
      { subject: 'reader', actsFor: 'storefront-team', sees: 'everything' },
    ]);
    const draft = { ...DRAFT, caller: 'component:default/care-desk' };
    // What it may not see is not there.
    expect((await program().post('/previews', draft)).status).toBe(404);
    const reader = program('reader');
    const preview = await reader.post('/previews', draft);
    expect(preview.body.send).toMatchObject({ allowed: false });
    const sent = await reader.post('/requests', {
      ...draft,
      digest: preview.body.digest,
    });
    expect([sent.status, sent.body.error.code]).toEqual([
      403,
      'not-caller-owner',
    ]);
  });

  it.each([
    ['approve', { digest: 'sha256:0' }],
    ['reject', { reason: 'no' }],
    ['ask-change', { note: 'less' }],
    ['revise', { digest: 'sha256:0' }],
    ['comment', { text: 'hello' }],
    ['blank-texts', {}],
  ])('never decides, talks or changes anything: %s', async (what, body) => {
    shop = await start([BOT, { subject: 'owner', actsFor: 'orders-team' }]);
    const { id } = await asked();
    for (const bot of [program(), program('owner')]) {
      const answer = await bot.post(`/requests/${id}/${what}`, body);
      expect(answer.status).toBe(403);
    }
    expect((await shop.as('omar').get(`/requests/${id}`)).body.state).toBe(
      'submitted',
    );
  });

  it('merges, reviews, settles and takes out nothing', async () => {
    shop = await start([{ subject: 'owner', actsFor: 'platform' }]);
    const bot = program('owner');
    const head = 'a'.repeat(40);
    const proposal = '/proposals/01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const claim = '/claims/prod-eu/ordering/Deployment/orders';
    const writes: [string, object][] = [
      [`${proposal}/merge`, { head }],
      [`${proposal}/review`, { head, decision: 'approved' }],
      [`${claim}/settle`, { owner: 'group:default/platform' }],
      [`${claim}/merge`, { head }],
      ['/requests/decide', { decisions: [{ id: 'x', decision: 'approve' }] }],
    ];
    for (const [path, body] of writes)
      expect([path, (await bot.post(path, body)).status]).toEqual([path, 403]);
    for (const path of ['/exports/grants', '/exports/decisions', '/claims'])
      expect((await bot.get(path)).status).toBe(403);
  });

  it('is nobody whom its team may decide for: any of them may have had it ask', async () => {
    // Whoever owns the API has the bot as well, and it asks for a caller of theirs.
    shop = await start([{ subject: 'deploy-bot', actsFor: 'orders-team' }]);
    const draft = { ...DRAFT, caller: 'component:default/orders-worker' };
    const own = (await shop.as('omar').get('/apis/default/orders')).body;
    expect(own.owners.map(({ ref }: { ref: string }) => ref)).toContain(
      'group:default/orders-team',
    );
    const preview = await program().post('/previews', draft);
    const sent = await program().post('/requests', {
      ...draft,
      digest: preview.body.digest,
    });
    expect(sent.status).toBe(201);
    expect(preview.body.deciders).toMatchObject({ fallback: true });
    const page = (await shop.as('omar').get(`/requests/${sent.body.id}`)).body;
    expect(page.approve).toMatchObject({ allowed: false });
    const answer = await shop
      .as('omar')
      .post(`/requests/${sent.body.id}/approve`, { digest: page.digest });
    expect([answer.status, answer.body.error.code]).toEqual([
      403,
      'self-approval',
    ]);
  });

  it('is nobody whose request its team may merge', async () => {
    shop = await start([BOT], {
      platformTeam: 'group:default/storefront-team',
    });
    const sent = await asked();
    await approve(shop, 'omar', sent);
    const { id } = await proposalOf(shop, sent);
    const merged = await mergeShown(shop, 'priya', { id });
    expect([merged.status, merged.body.error?.code]).toEqual([
      403,
      'involved-in-request',
    ]);
  });

  it('reads the names of what its team owns, and counts others', async () => {
    shop = await start([
      BOT,
      { subject: 'auditor', actsFor: 'storefront-team', sees: 'everything' },
    ]);
    const callers = async (subject: string) => {
      const { status, body } = await program(subject).get(
        '/apis/default/orders',
      );
      expect(status).toBe(200);
      return body.callers.map(
        ({ caller }: { caller: { ref: string; state: string } }) =>
          caller.state === 'hidden' ? 'hidden' : caller.ref,
      ) as string[];
    };
    const own = await callers('deploy-bot');
    const all = await callers('auditor');
    expect(own).toHaveLength(all.length);
    expect(own).toContain('hidden');
    expect(own).not.toContain('component:default/care-desk');
    expect(all).toContain('component:default/care-desk');
    const answer = await program().get('/apis/default/orders');
    expect(answer.text).not.toMatch(/care-desk|Care desk/);
  });
});

describe('a program that the configuration does not name', () => {
  it.each([
    'deploy-bot',
    'somebody',
    'plugin:deploy-bot',
    'deploy-bot',
    'plugin:catalog',
  ])('reads and asks nothing: %s', async subject => {
    shop = await start(subject === 'deploy-bot' ? [] : [BOT]);
    const bot = program(subject);
    for (const path of [
      '/apis/default/orders',
      '/apis/default/orders/operations',
      '/approval-rules',
      '/callers/component/default/checkout',
      '/requests',
      '/proposals',
      '/grants/checkout?api=api:default/orders',
    ])
      expect([path, (await bot.get(path)).status]).toEqual([path, 403]);
    const { api, caller } = DRAFT;
    const writes: [string, object][] = [
      ['/previews', DRAFT],
      ['/requests', { ...DRAFT, digest: 'sha256:0' }],
      ['/explanations', { api, caller }],
    ];
    for (const [path, body] of writes)
      expect([path, (await bot.post(path, body)).status]).toEqual([path, 403]);
  });
});

describe('a configuration of services that is wrong', () => {
  it.each([
    [[{ subject: 'deploy bot', actsFor: 'storefront-team' }], /deploy bot/],
    [
      [{ subject: 'deploy-bot', actsFor: 'user:default/priya' }],
      /must be a group/,
    ],
    [[BOT, { ...BOT, actsFor: 'orders-team' }], /there already/],
    [[{ ...BOT, sees: 'all' }], /own or everything/],
  ])('stops the start: %j', async (services, says) => {
    await expect(start(services)).rejects.toThrow(says);
  });
});
