import fs from 'node:fs';
import {
  coreServices,
  createServiceFactory,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { notificationService } from '@backstage/plugin-notifications-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  AccessRequest,
  AccessRequestDraft,
  ApiAccess,
  Preview,
} from '@callgate/plugin-callgate-common';
import Ajv2020 from 'ajv/dist/2020';
import {
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import { askOfGrant, mergeOf, previewOf } from '../__testUtils__/grantSteps';
import {
  approve,
  DRAFT,
  git,
  mergeShown,
  proposalOf,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(240_000);

const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(
    fs.readFileSync(
      resolvePackagePath(
        '@callgate/plugin-callgate-common',
        'schema/evidence.schema.json',
      ),
      'utf8',
    ),
  ),
);

const ORDERS = 'api:default/orders';
const FILE = 'policies/default/orders.yaml';
const HOUR = 3_600_000;
const GLASS: AccessRequestDraft = {
  ...DRAFT,
  reason: 'Orders get lost, and nobody answers',
  breakGlass: true,
};

let shop: ChangedShop;
let later = 0;
const clock = Date.now;
const notify = jest.fn();
/** Who may not break the glass by the permission policy. */
let forbidden: string[] = [];

async function start(changes: ShopChanges = {}): Promise<void> {
  later = 0;
  forbidden = [];
  notify.mockReset().mockResolvedValue(undefined);
  jest.spyOn(Date, 'now').mockImplementation(() => clock() + later);
  shop = await startChangedShop({
    ...changes,
    config: {
      securityTeam: 'group:default/security',
      breakGlass: { hours: 4 },
      ...changes.config,
    },
    features: [
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: notify }),
      }),
      createServiceFactory({
        service: coreServices.permissions,
        deps: {},
        factory: () => {
          const decide = async (
            asked: { permission: { name: string } }[],
            { credentials }: { credentials: unknown },
          ) =>
            asked.map(({ permission: { name } }) => ({
              result:
                name === 'callgate.request.break-glass' &&
                forbidden.some(person =>
                  JSON.stringify(credentials).includes(`/${person}"`),
                )
                  ? AuthorizeResult.DENY
                  : AuthorizeResult.ALLOW,
            }));
          return { authorize: decide, authorizeConditional: decide } as never;
        },
      }),
    ],
  });
  // Makes the repository.
  await shop.as('omar').get('/apis/default/orders');
}
afterEach(async () => {
  jest.restoreAllMocks();
  await shop?.stop();
});

const read = async (person: string, { id }: { id: string }) =>
  (await shop.as(person).get(`/requests/${id}`)).body as AccessRequest;

const preview = async (person: string, draft: AccessRequestDraft) =>
  (await shop.as(person).post('/previews', draft)).body as Preview;

/** Sends without looking at whether it may be sent. */
async function tries(person: string, draft: AccessRequestDraft = GLASS) {
  const { digest } = await preview(person, draft);
  return shop
    .as(person)
    .post('/requests', { ...draft, digest: digest ?? 'none' });
}

const waitingFor = async (person: string) =>
  (await shop.as(person).get('/requests?tab=waiting')).body
    .items as AccessRequest[];

const timelineOf = ({ timeline }: AccessRequest) =>
  timeline.map(({ event, to }) => `${event} ${to}`);

const toldTo = (ref: string): string[] =>
  notify.mock.calls
    .filter(([{ recipients }]) => recipients.entityRef.includes(ref))
    .map(([{ payload }]) => payload.title);

const declared = () => git(shop, 'show', `main:${FILE}`);

/** Ends of grants that Callgate asks for. */
const endsAsked = async () =>
  (
    (await shop.as('petra').get('/requests?tab=all&kind=end')).body
      .items as AccessRequest[]
  ).filter(({ byCallgate }) => byCallgate);

async function merged(draft: AccessRequestDraft = GLASS) {
  const sent = await send(shop, 'priya', draft);
  return mergeOf(shop, sent);
}

const codeOf = ({ body }: { body: { error?: { code?: string } } }) =>
  body.error?.code;

describe('what cannot wait', () => {
  it('goes on at once, marked everywhere, and is merged by somebody who did not ask', async () => {
    await start();
    const offered = await preview('priya', DRAFT);
    expect(offered.breakGlass).toMatchObject({
      hours: 4,
      send: { allowed: true },
    });
    const before = Date.now();
    const shown = await preview('priya', GLASS);
    expect(shown.send).toEqual({ allowed: true });
    // Who decides afterwards is who would decide before.
    expect(shown.needs).toEqual(offered.needs);
    const sent = await send(shop, 'priya', GLASS);
    expect(sent.state).toBe('approved');
    expect(sent.breakGlass?.afterwards).toBe('undecided');
    const ends = Date.parse(sent.breakGlass!.expiresAt);
    expect(ends).toBeGreaterThanOrEqual(before + 4 * HOUR);
    expect(ends).toBeLessThan(before + 4 * HOUR + 60_000);
    const day = new Date(ends).toISOString().slice(0, 10);
    expect(sent.until).toBe(day);
    expect(timelineOf(sent).slice(0, 2)).toEqual([
      'submit submitted',
      'break-glass approved',
    ]);
    const [, approved] = sent.timeline;
    expect(approved).not.toHaveProperty('actor');
    expect(approved.reason).toMatch(
      /^It could not wait: it goes on before anybody approves it, until .* UTC\.$/,
    );
    // Who decides hears at once, and the security team.
    expect(toldTo('group:default/orders-team')).toContainEqual(
      expect.stringContaining('decide afterwards'),
    );
    expect(toldTo('group:default/security')).toContainEqual(
      expect.stringContaining('break-glass'),
    );
    const proposal = await proposalOf(shop, sent);
    expect(proposal.title).toMatch(/^Break-glass: access to /);
    expect(proposal.body).not.toContain('asked for and approved');
    expect(proposal.body).toContain(
      `**Nobody has approved request ${sent.number}: it could not wait**`,
    );
    expect(proposal.requests[0].summary).toMatch(/^Break-glass/);
    const text = git(shop, 'show', `callgate/default/orders:${FILE}`);
    expect(text).toContain('breakGlass: true');
    expect(text).toContain(`until: ${day}`);
    const done = await mergeOf(shop, sent);
    expect(done.breakGlass?.afterwards).toBe('undecided');
    const access: ApiAccess = (
      await shop.as('omar').get('/apis/default/orders')
    ).body;
    const mark = access.callers
      .flatMap(({ grants }) => grants)
      .find(({ request }) => request === sent.id);
    expect(mark).toMatchObject({ breakGlass: true, status: 'granted' });
    const page = (await shop.as('omar').get(`/grants/${done.grant}`)).body;
    expect(page.breakGlass).toBe(true);
    expect(
      page.history[0].decisions.map(({ event }: { event: string }) => event),
    ).toEqual(['break-glass']);
    for (const kind of ['grants', 'decisions']) {
      const { body } = await shop.as('petra').get(`/exports/${kind}`);
      validate(body);
      expect(validate.errors ?? []).toEqual([]);
      const row = body.items.find(
        (each: { request?: { id: string } }) => each.request?.id === sent.id,
      );
      expect(row.request.breakGlass).toEqual({
        afterwards: 'undecided',
        expiresAt: sent.breakGlass!.expiresAt,
      });
    }
    const receipt = git(
      shop,
      'ls-tree',
      '-r',
      '--name-only',
      'main',
      'policies/.receipts',
    )
      .trim()
      .split('\n')
      .map(path => JSON.parse(git(shop, 'show', `main:${path}`)).payload)
      .map(payload => Buffer.from(payload, 'base64').toString('utf8'))
      .map(statement => JSON.parse(statement).predicate.requests[0]);
    expect(receipt).toContainEqual(
      expect.objectContaining({
        id: sent.id,
        approvals: [],
        breakGlass: { expiresAt: sent.breakGlass!.expiresAt },
      }),
    );
  });

  it('is not there where it is not configured, and the portal is told nothing of it', async () => {
    await start({ config: { breakGlass: undefined } });
    expect(await preview('priya', DRAFT)).not.toHaveProperty('breakGlass');
    const refused = await tries('priya');
    expect([refused.status, codeOf(refused)]).toEqual([400, 'no-break-glass']);
  });

  it('is for whom the permission policy lets, and who owns the caller', async () => {
    await start();
    forbidden = ['cora'];
    expect(await preview('cora', DRAFT)).not.toHaveProperty('breakGlass');
    expect((await tries('cora')).status).toBe(403);
    // She owns the same caller as Priya, and may ask in the usual way.
    expect((await preview('cora', DRAFT)).send).toEqual({ allowed: true });
    const asOwner = await tries('omar');
    expect([asOwner.status, codeOf(asOwner)]).toEqual([
      403,
      'not-caller-owner',
    ]);
    const stranger = await tries('stan');
    expect([stranger.status, codeOf(stranger)]).toEqual([
      403,
      'not-caller-owner',
    ]);
  });

  it('needs a reason, says no day of its own, and is for something new alone', async () => {
    await start();
    const wordless = await tries('priya', { ...GLASS, reason: ' ' });
    expect(codeOf(wordless)).toBe('reason-missing');
    const dated = await tries('priya', { ...GLASS, until: '2031-01-01' });
    expect(codeOf(dated)).toBe('bad-until');
    const changing = await tries('cora', {
      ...GLASS,
      kind: 'change',
      caller: '',
      grant: 'cart-lists-orders',
    });
    expect(codeOf(changing)).toBe('no-break-glass');
  });

  it('closes nothing, and accepts nothing that is not enforced', async () => {
    await start();
    // The first grant of an API that is open to everybody closes it.
    const first = {
      ...GLASS,
      api: 'api:default/catalogue',
      caller: 'component:default/web',
      operations: [{ id: 'listProducts' }],
    };
    const offered = await preview('priya', { ...first, breakGlass: undefined });
    expect(offered.send).toEqual({ allowed: true });
    expect(offered.breakGlass?.send).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('closes something'),
    });
    const refused = await tries('priya', first);
    expect([refused.status, codeOf(refused)]).toEqual([
      409,
      'break-glass-refused',
    ]);
    const gap = await tries('priya', {
      ...GLASS,
      acknowledges: ['method-not-enforced'],
    });
    expect(codeOf(gap)).toBe('break-glass-refused');
    expect(gap.body.error.message).toContain('is not enforced');
  });
});

describe('who decides afterwards', () => {
  it('finds it in the inbox, and confirms it by the same rules; it ends all the same', async () => {
    await start();
    const done = await merged();
    const [waits] = await waitingFor('omar');
    expect(waits).toMatchObject({ id: done.id, waitsForMe: true });
    // Nobody who asked decides, and none of those who only own the caller.
    expect(await waitingFor('priya')).toEqual([]);
    expect(await waitingFor('cora')).toEqual([]);
    for (const person of ['priya', 'cora']) {
      const page = await read(person, done);
      expect(page.approve.allowed).toBe(false);
      const refused = await shop
        .as(person)
        .post(`/requests/${done.id}/approve`, { digest: page.digest });
      expect(refused.status).toBe(403);
    }
    const page = await read('omar', done);
    expect([page.approve.allowed, page.reject.allowed]).toEqual([true, true]);
    expect(page.revise.allowed).toBe(false);
    expect(page.askChange.allowed).toBe(false);
    const other = await shop
      .as('omar')
      .post(`/requests/${done.id}/approve`, { digest: 'sha256:0' });
    expect(codeOf(other)).toBe('meaning-changed');
    const confirmed = await approve(shop, 'omar', done);
    expect(confirmed).toMatchObject({
      state: 'merged',
      breakGlass: { afterwards: 'confirmed' },
    });
    expect(timelineOf(confirmed)).toContain('confirm merged');
    expect(await waitingFor('lena')).toEqual([]);
    expect(declared()).toContain('breakGlass: true');
    later = 5 * HOUR;
    await shop.run('follow-grants');
    const [end] = await endsAsked();
    expect(end).toMatchObject({ kind: 'end', byCallgate: true });
    await shop.run('build-proposals');
    await mergeOf(shop, end);
    expect(declared()).not.toContain(done.grant!);
    // What was confirmed stands in nobody's way.
    expect((await preview('priya', GLASS)).send).toEqual({ allowed: true });
  });

  it('ends at once when somebody rejects it, without further approvals, and is not asked again for some days', async () => {
    await start();
    const done = await merged();
    const answer = await shop
      .as('lena')
      .post(`/requests/${done.id}/reject`, { reason: 'Not like this' });
    expect(answer.body).toMatchObject({
      state: 'merged',
      breakGlass: { afterwards: 'rejected' },
    });
    const [end] = await endsAsked();
    expect(['approved', 'proposed']).toContain(end.state);
    expect(end.summary).toContain('is rejected and is to end');
    // Who asked for it does not keep it by withdrawing its end.
    const kept = await shop.as('priya').post(`/requests/${end.id}/withdraw`);
    expect(kept.status).toBe(403);
    await shop.run('follow-grants');
    expect(await endsAsked()).toHaveLength(1);
    await mergeOf(shop, end);
    expect(declared()).not.toContain(done.grant!);
    const again = await tries('cora');
    expect(codeOf(again)).toBe('break-glass-refused');
    later = 8 * 24 * HOUR;
    expect((await preview('cora', GLASS)).send).toEqual({ allowed: true });
    const late = await shop
      .as('omar')
      .post(`/requests/${done.id}/approve`, { digest: done.digest });
    expect(codeOf(late)).toBe('wrong-state');
  });

  it('takes it out of its pull request where that is not merged yet', async () => {
    await start();
    const sent = await send(shop, 'priya', GLASS);
    const { id } = await proposalOf(shop, sent);
    const answer = await shop
      .as('omar')
      .post(`/requests/${sent.id}/reject`, { reason: 'Use the replica' });
    expect(answer.body).toMatchObject({
      state: 'rejected',
      breakGlass: { afterwards: 'rejected' },
    });
    await shop.run('build-proposals');
    const proposal = (await shop.as('petra').get(`/proposals/${id}`)).body;
    expect(proposal.state).toBe('closed');
    expect(declared()).not.toContain('breakGlass');
    expect(await endsAsked()).toEqual([]);
  });

  it('keeps what was approved afterwards out of what is proposed, and who approved from merging it', async () => {
    await start();
    const sent = await send(shop, 'priya', GLASS);
    const { id, head } = await proposalOf(shop, sent);
    await approve(shop, 'omar', sent);
    await shop.run('build-proposals');
    const proposal = (await shop.as('petra').get(`/proposals/${id}`)).body;
    expect(proposal.head).toBe(head);
    const own = await mergeShown(shop, 'priya', { id });
    expect(own.status).toBe(403);
  });
});

describe('its time', () => {
  it('ends what nobody decided, once, and the record says so', async () => {
    await start();
    const done = await merged();
    later = 4 * HOUR - 120_000;
    await shop.run('follow-grants');
    expect(await endsAsked()).toEqual([]);
    later = 4 * HOUR + 120_000;
    // Nobody decides any more, also before the task has run.
    const late = await shop
      .as('omar')
      .post(`/requests/${done.id}/approve`, { digest: done.digest });
    expect(codeOf(late)).toBe('wrong-state');
    await Promise.all([shop.run('follow-grants'), shop.run('follow-grants')]);
    await shop.run('follow-grants');
    const page = await read('omar', done);
    expect(page).toMatchObject({
      state: 'merged',
      breakGlass: { afterwards: 'lapsed' },
    });
    expect(timelineOf(page).filter(step => step === 'lapse merged')).toEqual([
      'lapse merged',
    ]);
    expect(page.timeline[page.timeline.length - 1].reason).toBe(
      'Its time is over, and nobody has decided.',
    );
    const ends = await endsAsked();
    expect(ends).toHaveLength(1);
    expect(await waitingFor('omar')).toEqual([]);
    await shop.run('build-proposals');
    await mergeOf(shop, ends[0]);
    expect(declared()).not.toContain(done.grant!);
    // So twice in a row never opens what no owner has looked at.
    expect(codeOf(await tries('priya'))).toBe('break-glass-refused');
    later = 12 * 24 * HOUR;
    expect((await preview('priya', GLASS)).send).toEqual({ allowed: true });
  });

  it('proposes nothing any more that was not merged in time', async () => {
    await start();
    const sent = await send(shop, 'priya', GLASS);
    await proposalOf(shop, sent);
    later = 5 * HOUR;
    await shop.run('follow-grants');
    const page = await read('priya', sent);
    expect(page).toMatchObject({
      state: 'superseded',
      breakGlass: { afterwards: 'lapsed' },
    });
    // Nothing was ever opened: it may be asked again.
    expect((await preview('priya', GLASS)).send).toEqual({ allowed: true });
  });

  it('counts also where its owner has cut it back meanwhile, and not where owners have renewed it', async () => {
    await start();
    const done = await merged({
      ...GLASS,
      operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
    });
    const about = { api: ORDERS, grant: done.grant! };
    const less = await askOfGrant(shop, 'priya', {
      ...about,
      kind: 'change',
      operations: [{ id: 'listOrders' }],
    });
    expect(less.state).toBe('approved');
    await mergeOf(shop, less);
    expect(declared()).toContain('breakGlass: true');
    // Longer is for the owners to say.
    const day = new Date(Date.now() + 20 * 24 * HOUR)
      .toISOString()
      .slice(0, 10);
    const renewal = { ...about, kind: 'renew' as const, until: day };
    expect((await previewOf(shop, 'priya', renewal)).needs).not.toEqual([]);
    later = 5 * HOUR;
    await shop.run('follow-grants');
    const [end] = await endsAsked();
    expect(end.kind).toBe('end');
    const renew = await askOfGrant(shop, 'priya', renewal);
    expect(renew.state).toBe('submitted');
    await approve(shop, 'omar', renew);
    await mergeOf(shop, renew);
    await shop.run('follow-grants');
    await shop.run('build-proposals');
    expect((await read('petra', end)).state).toBe('superseded');
    expect(declared()).not.toContain('breakGlass');
    expect(declared()).toContain(`until: ${day}`);
    await shop.run('follow-grants');
    expect(
      (await endsAsked()).filter(({ state }) => state !== 'superseded'),
    ).toEqual([]);
  });
});

it('what owners have approved more of since is a grant like others, also with the same last day', async () => {
  await start();
  // Ten o'clock: neither four nor five hours later is another day.
  later = (34 * HOUR - (clock() % (24 * HOUR))) % (24 * HOUR);
  const done = await merged();
  const more = await askOfGrant(shop, 'priya', {
    kind: 'change',
    api: ORDERS,
    grant: done.grant!,
    operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
    in: ['prod-eu'],
  });
  await approve(shop, 'omar', more);
  await mergeOf(shop, more);
  expect(declared()).not.toContain('breakGlass');
  expect(declared()).toContain('until: ');
  later += 5 * HOUR;
  await shop.run('follow-grants');
  expect(await endsAsked()).toEqual([]);
  // On the day after it ends as it says.
  later += 24 * HOUR;
  await shop.run('follow-grants');
  expect(await endsAsked()).toHaveLength(1);
});

describe('the ways around a decision', () => {
  it('are closed: one at a time for a caller and an API, and none after a no', async () => {
    await start();
    const draft = GLASS;
    const { digest } = await preview('priya', draft);
    const both = await Promise.all(
      ['priya', 'cora'].map(person =>
        shop.as(person).post('/requests', { ...draft, digest }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    // Another operation of the same API is the same door.
    const more = await tries('priya', {
      ...draft,
      operations: [{ id: 'getOrder' }],
    });
    expect(codeOf(more)).toBe('break-glass-refused');
  });

  it('by another entity for the same workloads, which is the same caller under another name', async () => {
    await start();
    const done = await merged();
    await shop
      .as('omar')
      .post(`/requests/${done.id}/reject`, { reason: 'Not like this' });
    const [end] = await endsAsked();
    await mergeOf(shop, end);
    // Whoever owns a catalog file may register as many as they like.
    const own = shop.entities.find(
      ({ kind, metadata }) =>
        kind === 'Component' && metadata.name === 'checkout',
    )!;
    const twin = structuredClone(own);
    twin.metadata.name = 'checkout-too';
    twin.metadata.uid = 'checkout-too';
    shop.entities.push(twin);
    await shop.run('follow-grants');
    const draft = { ...GLASS, caller: 'component:default/checkout-too' };
    expect((await preview('priya', draft)).breakGlass?.send.allowed).toBe(
      false,
    );
    expect(codeOf(await tries('priya', draft))).toBe('break-glass-refused');
  });

  it('by an end that waits for its notice: a no and the moment end it all the same', async () => {
    await start({
      config: { lifecycle: { notice: 7 }, breakGlass: { hours: 72 } },
    });
    const done = await merged();
    const held = await askOfGrant(shop, 'priya', {
      kind: 'end',
      api: ORDERS,
      grant: done.grant!,
    });
    expect(held.waitsFor).toContain('Will be proposed on');
    await shop
      .as('lena')
      .post(`/requests/${done.id}/reject`, { reason: 'Not like this' });
    const [end] = (await endsAsked()).filter(({ byCallgate }) => byCallgate);
    expect(['approved', 'proposed']).toContain(end.state);
    await mergeOf(shop, end);
    expect(declared()).not.toContain(done.grant!);
    await shop.run('follow-grants');
    expect((await read('priya', held)).state).toBe('superseded');
  });

  it('of what was refused or given back in the usual way', async () => {
    await start();
    const asked = await send(shop, 'priya');
    // Who waits for an answer that does not come is who it is for.
    expect((await preview('priya', GLASS)).send).toEqual({ allowed: true });
    await shop
      .as('omar')
      .post(`/requests/${asked.id}/ask-change`, { note: 'Only one' });
    expect(codeOf(await tries('cora'))).toBe('break-glass-refused');
    await shop
      .as('omar')
      .post(`/requests/${asked.id}/reject`, { reason: 'No' });
    expect(codeOf(await tries('cora'))).toBe('break-glass-refused');
  });

  it('lets a withdrawal take back what is not merged, and a permission that is gone stop nothing that was asked', async () => {
    await start();
    const sent = await send(shop, 'priya', GLASS);
    forbidden = ['priya'];
    await proposalOf(shop, sent);
    const withdrawn = await shop
      .as('priya')
      .post(`/requests/${sent.id}/withdraw`);
    expect(withdrawn.body.state).toBe('withdrawn');
    expect(await waitingFor('omar')).toEqual([]);
    forbidden = [];
    expect((await preview('priya', GLASS)).send).toEqual({ allowed: true });
    await reaches(shop, sent, 'withdrawn');
  });
});
