import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { startShop, type RunningShop } from '../__testUtils__/startShop';
import {
  approve,
  DRAFT,
  mergeShown,
  proposalOf,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

describe('what follows from a write', () => {
  const notify = jest.fn();
  const publish = jest.fn();
  const signal = jest.fn();
  const auditor = mockServices.auditor.mock();
  let shop: RunningShop;

  beforeAll(async () => {
    shop = await startShop({
      features: [
        auditor.factory,
        createServiceFactory({
          service: notificationService,
          deps: {},
          factory: () => ({ send: notify }),
        }),
        createServiceFactory({
          service: eventsServiceRef,
          deps: {},
          factory: () => ({ publish, subscribe: async () => {} }),
        }),
        createServiceFactory({
          service: signalsServiceRef,
          deps: {},
          factory: () => ({ publish: signal }),
        }),
      ],
    });
  });
  afterAll(() => shop?.stop());
  beforeEach(() => {
    jest.clearAllMocks();
    const event = { success: jest.fn(), fail: jest.fn() };
    auditor.createEvent.mockResolvedValue(event);
    notify.mockResolvedValue(undefined);
    publish.mockResolvedValue(undefined);
    signal.mockResolvedValue(undefined);
  });

  it('owners hear of a request, but not who sent it nor for whom; the requester hears of every step', async () => {
    const request = await send(shop, 'priya');
    expect(notify.mock.calls).toEqual([
      [
        {
          recipients: {
            type: 'entity',
            entityRef: ['group:default/orders-team'],
            excludeEntityRef: ['user:default/priya'],
          },
          payload: expect.objectContaining({
            title: 'Somebody asks for GET /orders of Orders API',
            description:
              'Request 1. It says who calls, what it opens and whom it cuts.',
            link: `/access/requests/${request.id}`,
            scope: `${request.id}:decide`,
          }),
        },
      ],
    ]);
    await approve(shop, 'omar', request);
    const { id } = await proposalOf(shop, request);
    await mergeShown(shop, 'petra', { id });
    await reaches(shop, request, 'merged');
    // Omar approved, and Petra merged: nobody hears of what they did themselves.
    const mates = (title: string) =>
      notify.mock.calls
        .filter(([{ payload }]) => payload.title.startsWith(title))
        .map(([{ recipients }]) => recipients.excludeEntityRef);
    expect(mates('Omar Haddad approved')).toEqual([
      ['user:default/omar'],
      ['user:default/omar', 'user:default/priya'],
    ]);
    expect(mates('Merged: GET')).toEqual([['user:default/petra']]);
    const titles = notify.mock.calls
      .slice(1)
      .filter(([{ payload }]) => payload.topic === 'access-request')
      .map(([{ recipients, payload }]) => [
        recipients.entityRef,
        payload.title,
      ]);
    // Priya, and her team, which owns Checkout.
    const askers = ['user:default/priya', 'group:default/storefront-team'];
    const what = 'GET /orders of Orders API';
    expect(titles).toEqual([
      [askers, `Omar Haddad approved ${what}`],
      // It does not wait for the owners of the API any more.
      [['group:default/orders-team'], `Omar Haddad approved ${what}`],
      [askers, `The pull request is open: ${what}`],
      [askers, `Merged: ${what}`],
    ]);
    const changes = publish.mock.calls.map(
      ([{ topic, eventPayload }]) =>
        `${topic} ${eventPayload.subject} ${eventPayload.state ?? ''}`,
    );
    expect(changes).toEqual(
      expect.arrayContaining([
        'callgate request submitted',
        'callgate request approved',
        'callgate request proposed',
        'callgate proposal open',
        'callgate request merged',
        'callgate access ',
      ]),
    );
    const payloads = publish.mock.calls.map(
      ([{ eventPayload }]) => eventPayload,
    );
    // Each state is told once, as what it is about.
    const ofRequest = payloads.filter(({ subject }) => subject === 'request');
    expect(ofRequest).toEqual(
      ['submitted', 'approved', 'proposed', 'merged'].map(state => ({
        subject: 'request',
        id: request.id,
        number: request.number,
        kind: 'new',
        state,
        api: DRAFT.api,
        caller: DRAFT.caller,
        grant: request.grant,
      })),
    );
    expect(payloads).toContainEqual({
      subject: 'proposal',
      id,
      state: 'merged',
      api: DRAFT.api,
      number: 1,
    });
    // Everybody hears a signal.
    for (const [{ message }] of signal.mock.calls) {
      expect(Object.keys(message).sort()).toEqual(
        message.subject === 'access'
          ? ['id', 'subject']
          : ['id', 'state', 'subject'],
      );
    }
    expect(signal).toHaveBeenCalledTimes(payloads.length);
    expect(JSON.stringify(payloads)).not.toContain(DRAFT.reason);
  });

  it('the platform team hears of a pull request that waits for it, and once it does not', async () => {
    const request = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'getOrder' }],
    });
    await approve(shop, 'lena', request);
    const { id, head } = await proposalOf(shop, request);
    const heard = () =>
      notify.mock.calls
        .map(([message]) => message)
        .filter(({ payload }) => payload.topic === 'access-proposal');
    const about = {
      recipients: {
        type: 'entity',
        entityRef: 'group:default/platform',
        excludeEntityRef: ['user:default/lena', 'user:default/priya'],
      },
      payload: {
        title: 'A pull request waits for your review: access to Orders API',
        description: 'GET /orders/{id}',
        link: `/access/proposals/${id}`,
        severity: 'normal',
        topic: 'access-proposal',
        scope: `proposal:${id}`,
      },
    };
    const ended = (title: string) => ({
      ...about,
      payload: {
        ...about.payload,
        title: `${title}: access to Orders API`,
        severity: 'low',
      },
    });
    expect(heard()).toEqual([about]);

    const review = (body: object) =>
      shop.as('petra').post(`/proposals/${id}/review`, { head, ...body });
    await review({ decision: 'commented', comment: 'I look at it tomorrow' });
    const objected = await review({
      decision: 'changes-requested',
      comment: 'Why?',
    });
    const [{ id: objection }] = objected.body.objections;
    await review({ decision: 'withdrawn', objection });
    await review({ decision: 'approved' });
    await mergeShown(shop, 'pavel', { id });
    await reaches(shop, request, 'merged');
    expect(heard()).toEqual([
      about,
      ended('Reviewed: somebody has asked for changes'),
      about,
      ended('Reviewed, and approved'),
      ended('Merged'),
    ]);
    // Not everybody who gets the one text may see every caller.
    expect(JSON.stringify(heard())).not.toMatch(/checkout/i);
  });

  it('the platform team hears again when there is something new to read, under the same scope, and not when nothing is new', async () => {
    const heard = () =>
      notify.mock.calls
        .map(([{ payload }]) => payload)
        .filter(({ topic }) => topic === 'access-proposal');
    const first = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'listReturns' }],
    });
    await approve(shop, 'omar', first);
    const { id, head } = await proposalOf(shop, first);
    expect(heard()).toHaveLength(1);
    const second = await send(shop, 'priya', {
      ...DRAFT,
      caller: 'component:default/web',
    });
    await approve(shop, 'omar', second);
    await proposalOf(shop, second, proposal => proposal.head !== head);
    expect(heard().map(({ scope }) => scope)).toEqual([
      `proposal:${id}`,
      `proposal:${id}`,
    ]);
    await mergeShown(shop, 'petra', { id });
  });

  it('a message that cannot be sent fails nothing', async () => {
    notify.mockRejectedValue(new Error('down'));
    publish.mockRejectedValue(new Error('down'));
    const request = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'getOrderLog' }],
    });
    const rejected = await shop
      .as('omar')
      .post(`/requests/${request.id}/reject`, { reason: 'not now' });
    expect([rejected.status, rejected.body.state]).toEqual([200, 'rejected']);
    // The question, the answer, and that nobody has to decide any more.
    expect(notify).toHaveBeenCalledTimes(3);
  });

  it('every write is recorded, refused ones as failures, and no text of a person with it', async () => {
    const request = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'cancelOrder' }],
      reason: 'A private reason',
    });
    auditor.createEvent.mockClear();
    const event = { success: jest.fn(), fail: jest.fn() };
    auditor.createEvent.mockResolvedValue(event);

    const path = `/requests/${request.id}`;
    await shop.as('stan').post(`${path}/approve`, { digest: request.digest });
    expect(auditor.createEvent).toHaveBeenCalledWith({
      eventId: 'request-mutate',
      severityLevel: 'high',
      meta: {
        actionType: 'approve',
        id: request.id,
        digest: request.digest,
        actor: 'user:default/stan',
      },
    });
    expect(event.fail).toHaveBeenCalledWith({
      error: expect.objectContaining({ name: 'NotAllowedError' }),
    });
    expect(event.success).not.toHaveBeenCalled();

    await shop.as('omar').post(`${path}/reject`, { reason: 'Private as well' });
    expect(event.success).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(auditor.createEvent.mock.calls)).not.toMatch(
      /private/i,
    );
  });

  it('a repeated write is answered with what the first one did, and does nothing again', async () => {
    const draft = { ...DRAFT, operations: [{ id: 'getOrderLog' }] };
    const preview = await shop.as('priya').post('/previews', draft);
    const body = { ...draft, digest: preview.body.digest };
    const create = (payload: object) =>
      shop.as('priya').post('/requests', payload).set('Idempotency-Key', 'k1');
    const first = await create(body);
    expect(first.status).toBe(201);

    const { id, digest } = first.body;
    const decide = (payload: object) =>
      shop
        .as('omar')
        .post(`/requests/${id}/approve`, payload)
        .set('Idempotency-Key', 'k2');
    expect((await decide({ digest })).status).toBe(200);
    notify.mockClear();

    // The meaning of what is approved already has changed, yet the first answer stands.
    const again = await create(body);
    expect([again.status, again.body.id]).toEqual([201, id]);
    const repeated = await decide({ digest });
    expect([repeated.status, repeated.body.id]).toEqual([200, id]);
    expect(
      repeated.body.timeline.filter(
        (step: { event: string }) => step.event === 'approve',
      ),
    ).toHaveLength(1);
    expect(
      notify.mock.calls.filter(([{ payload }]) =>
        /asks|approved/.test(payload.title),
      ),
    ).toEqual([]);

    const other = await create({ ...body, reason: 'Something else' });
    expect([other.status, other.body.error.code]).toEqual([
      409,
      'idempotency-key-reused',
    ]);
    const stranger = await shop
      .as('stan')
      .post(`/requests/${id}/approve`, { digest })
      .set('Idempotency-Key', 'k2');
    expect(stranger.status).toBe(403);
  });

  it('a reason of 100 kB is refused with the name of its field, whatever its letters take', async () => {
    for (const letter of ['x', 'é', '字']) {
      const answer = await shop.as('priya').post('/requests', {
        ...DRAFT,
        digest: 'sha256:0',
        reason: letter.repeat(102_400),
      });
      expect([answer.status, answer.body.error.code]).toEqual([
        400,
        'text-too-long',
      ]);
      expect(answer.body.error.message).toMatch(
        /^reason has 102400 characters/,
      );
    }
  });
});
