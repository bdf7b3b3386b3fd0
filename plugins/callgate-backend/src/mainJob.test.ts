import { execFileSync } from 'node:child_process';
import path from 'node:path';
import {
  eventually,
  startShop,
  type RunningShop,
} from './__testUtils__/startShop';

jest.setTimeout(120_000);

const DRAFT = {
  api: 'api:default/orders',
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
  in: ['prod-eu'],
  reason: 'Order status on the confirmation page',
};

describe('the main job', () => {
  let shop: RunningShop;

  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop?.stop());

  it('goes from the request over approval and pull request to the merge', async () => {
    const preview = await shop.as('priya').post('/previews', DRAFT);
    expect(preview.body).toMatchObject({ send: { allowed: true } });
    expect(preview.status).toBe(200);
    expect(preview.body.meaning.gained).toHaveLength(1);
    // Titles, and operations as people write them (examples/shop/catalog).
    expect(preview.body.meaning.text).toBe(
      'Opens Checkout → GET /orders, GET /orders/{id} of Orders API.',
    );
    // That a policy written by hand opens it to `ops` as well is told with the API, not with every request.
    expect(
      preview.body.findings.map(({ code }: { code: string }) => code),
    ).not.toContain('surplus-foreign');
    const today = (await shop.as('omar').get('/apis/default/orders')).body;
    expect(
      today.callers
        .filter(({ status }: { status: string }) => status !== 'granted')
        .map(({ caller }: { caller: { ref: string } }) => caller.ref),
    ).toContain('component:default/legacy-batch');
    expect(preview.body.meaning.gained[0].clusters).toEqual([
      expect.objectContaining({
        cluster: 'prod-eu',
        layers: {
          kernel: 'enforced',
          identity: 'enforced',
          method: 'enforced',
        },
      }),
    ]);
    expect(preview.body.deciders).toMatchObject({ people: 2, fallback: false });

    const sent = await shop
      .as('priya')
      .post('/requests', { ...DRAFT, digest: preview.body.digest });
    expect(sent.body).toMatchObject({
      state: 'submitted',
      mine: true,
      approve: { allowed: false },
    });
    expect(sent.status).toBe(201);
    const { id, digest } = sent.body;

    const inbox = await shop.as('omar').get('/requests?tab=waiting');
    expect(inbox.body.items.map((each: { id: string }) => each.id)).toEqual([
      id,
    ]);
    expect(
      (await shop.as('stan').get('/requests?tab=waiting')).body.items,
    ).toEqual([]);

    for (const [person, code] of [
      ['priya', 'self-approval'],
      ['cora', 'not-api-owner'],
      ['stan', 'not-api-owner'],
      ['petra', 'not-api-owner'],
    ]) {
      const refused = await shop
        .as(person)
        .post(`/requests/${id}/approve`, { digest });
      expect([person, refused.status, refused.body.error.code]).toEqual([
        person,
        403,
        code,
      ]);
    }
    const stale = await shop
      .as('omar')
      .post(`/requests/${id}/approve`, { digest: 'sha256:other' });
    expect([stale.status, stale.body.error.code]).toEqual([
      409,
      'meaning-changed',
    ]);

    const approved = await shop
      .as('omar')
      .post(`/requests/${id}/approve`, { digest });
    expect(approved.status).toBe(200);
    expect(['approved', 'proposed']).toContain(approved.body.state);

    const proposed = await eventually(
      async () => (await shop.as('priya').get(`/requests/${id}`)).body,
      body => body.state === 'proposed',
    );
    const url = `/proposals/${proposed.proposal.id}`;
    const proposal = (await shop.as('petra').get(url)).body;
    expect(proposal).toMatchObject({
      state: 'open',
      merge: { allowed: true },
      conflicts: [],
    });
    expect(
      proposal.files.map((file: { path: string }) => file.path).sort(),
    ).toEqual([
      'clusters/prod-eu/ordering/callgate-orders.yaml',
      'policies/default/orders.yaml',
    ]);
    expect(proposal.body).toContain('Order status on the confirmation page');

    for (const person of ['priya', 'omar', 'stan']) {
      const refused = await shop.as(person).post(`${url}/merge`, {
        head: proposal.head,
      });
      expect([person, refused.status]).toEqual([person, 403]);
    }
    const merged = await shop.as('petra').post(`${url}/merge`, {
      head: proposal.head,
    });
    expect(merged.body).toMatchObject({ state: 'merged' });

    const done = (await shop.as('priya').get(`/requests/${id}`)).body;
    expect(done.state).toBe('merged');
    expect(done.timeline.map((step: { event: string }) => step.event)).toEqual([
      'submit',
      'approve',
      'propose',
      'merge',
    ]);

    const access = (await shop.as('priya').get('/apis/default/orders')).body;
    const row = access.callers.find(
      (each: { caller: { ref: string } }) => each.caller.ref === DRAFT.caller,
    );
    expect(row).toMatchObject({
      grants: [{ status: 'granted', reason: DRAFT.reason, request: id }],
    });

    const git = (...args: string[]) =>
      execFileSync(
        'git',
        ['--git-dir', path.join(shop.directory, 'policies.git'), ...args],
        { encoding: 'utf8' },
      );
    expect(git('show', 'main:policies/default/orders.yaml')).toContain(
      'caller: component:default/checkout',
    );
    expect(git('fsck', '--strict')).toBe('');
  });
});
