import { editFile, startChangedShop } from '../__testUtils__/changedShop';
import type { ChangedShop } from '../__testUtils__/changedShop';
import { eventually } from '../__testUtils__/startShop';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import {
  approve,
  DRAFT,
  git,
  mergeShown,
  proposalOf,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

const CUSTOMERS = {
  api: 'api:default/customers',
  caller: 'component:default/web',
  operations: [{ tcp: { port: 8080 } }],
  in: ['prod-eu'],
  reason: 'Visitors change their address themselves',
};

/** Lena of the orders team is a platform engineer as well. */
const LENA_IN_PLATFORM: Parameters<typeof startChangedShop>[0] = {
  entities: {
    'user:lena': entity => ({
      ...entity,
      relations: [
        ...(entity.relations ?? []),
        { type: 'memberOf', targetRef: 'group:default/platform' },
      ],
    }),
  },
};

const ids = (page: { body: { items: { id: string }[] } }) =>
  page.body.items.map(({ id }) => id);

describe('who decides', () => {
  let shop: ChangedShop;
  beforeAll(async () => {
    shop = await startChangedShop(LENA_IN_PLATFORM);
  });
  afterAll(() => shop?.stop());

  const tryTo = async (
    person: string,
    act: 'approve' | 'merge',
    path: string,
    shown?: string,
  ) => {
    const answer = await shop
      .as(person)
      .post(
        `${path}/${act}`,
        act === 'merge' ? { head: shown } : { digest: shown },
      );
    return [person, answer.status, answer.body.error?.code];
  };

  it("an owner's own grant needs another owner, also for a caller that is not theirs", async () => {
    const mine = await send(shop, 'omar');
    const path = `/requests/${mine.id}`;
    expect(mine.deciders).toMatchObject({ people: 1, fallback: false });
    expect(mine.approve.allowed).toBe(false);
    expect(await tryTo('omar', 'approve', path, mine.digest)).toEqual([
      'omar',
      403,
      'self-approval',
    ]);
    expect(
      (await shop.as('omar').post(`${path}/reject`, { reason: 'No' })).status,
    ).toBe(403);
    // The fallback group decides only where no owner can.
    expect(await tryTo('sam', 'approve', path, mine.digest)).toEqual([
      'sam',
      403,
      'not-api-owner',
    ]);
    expect((await approve(shop, 'lena', mine)).state).toBe('approved');

    // Lena is a platform engineer as well.
    const { id, merge, head } = await proposalOf(shop, mine);
    expect(merge).toMatchObject({ allowed: true });
    expect(await tryTo('lena', 'merge', `/proposals/${id}`, head)).toEqual([
      'lena',
      403,
      'involved-in-request',
    ]);
    const review = await shop
      .as('lena')
      .post(`/proposals/${id}/review`, { decision: 'approved', head });
    expect(review.status).toBe(403);
    expect((await mergeShown(shop, 'petra', { id })).status).toBe(200);
  });

  it('a platform engineer who asked does not merge: it waits for another one', async () => {
    const asked = await send(shop, 'petra', {
      ...DRAFT,
      caller: 'component:default/ops-console',
    });
    await approve(shop, 'omar', asked);
    const { id, head } = await proposalOf(shop, asked);
    expect(await tryTo('petra', 'merge', `/proposals/${id}`, head)).toEqual([
      'petra',
      403,
      'involved-in-request',
    ]);
    const waits = async (person: string) =>
      ids(await shop.as(person).get('/proposals?waiting=true'));
    expect(await waits('petra')).toEqual([]);
    expect(await waits('omar')).toEqual([]);
    expect(await waits('lena')).toEqual([id]);
    expect(ids(await shop.as('petra').get('/proposals'))).toContain(id);
    const page = await shop.as('petra').get(`/proposals/${id}`);
    expect(page.body.merge).toMatchObject({
      allowed: false,
      reason: expect.stringMatching(/somebody else/),
    });
    expect((await mergeShown(shop, 'pavel', { id })).status).toBe(200);
  });

  it('the only owner decides on requests of others, the fallback group on theirs', async () => {
    const byCarmen = await send(shop, 'carmen', CUSTOMERS);
    expect(byCarmen.deciders).toMatchObject({
      fallback: true,
      people: 2,
      labels: [{ ref: 'group:default/security' }],
    });
    const byCora = await send(shop, 'cora', {
      ...CUSTOMERS,
      reason: 'The same, asked from the other side',
      caller: 'component:default/cart',
    });
    expect(byCora.deciders).toMatchObject({ fallback: false, people: 1 });

    expect(ids(await shop.as('sam').get('/requests?tab=waiting'))).toEqual([
      byCarmen.id,
    ]);
    expect(ids(await shop.as('carmen').get('/requests?tab=waiting'))).toEqual([
      byCora.id,
    ]);
    expect(
      await tryTo(
        'carmen',
        'approve',
        `/requests/${byCarmen.id}`,
        byCarmen.digest,
      ),
    ).toEqual(['carmen', 403, 'self-approval']);
    expect(
      await tryTo('sam', 'approve', `/requests/${byCora.id}`, byCora.digest),
    ).toEqual(['sam', 403, 'not-api-owner']);
    expect(
      await tryTo(
        'omar',
        'approve',
        `/requests/${byCarmen.id}`,
        byCarmen.digest,
      ),
    ).toEqual(['omar', 403, 'not-api-owner']);
    expect((await approve(shop, 'sam', byCarmen)).state).toBe('approved');
    expect((await approve(shop, 'carmen', byCora)).state).toBe('approved');
  });

  it('an owner rejects with a reason, and nothing comes of it', async () => {
    const asked = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'cancelOrder' }],
    });
    const path = `/requests/${asked.id}`;
    const reason = 'Cancelling is for the care desk';
    const rejected = await shop.as('omar').post(`${path}/reject`, { reason });
    expect(rejected.body).toMatchObject({
      state: 'rejected',
      approve: { allowed: false },
      withdraw: { allowed: false },
    });
    const seen = (await shop.as('priya').get(path)).body;
    expect(seen.timeline[1]).toMatchObject({
      event: 'reject',
      reason,
      actor: { ref: 'user:default/omar' },
    });
    expect(seen.proposal).toBeUndefined();
    expect(await tryTo('lena', 'approve', path, asked.digest)).toEqual([
      'lena',
      409,
      'wrong-state',
    ]);
  });
});

describe('without a fallback group', () => {
  it('the only owner cannot send, and is told why', async () => {
    const shop = await startChangedShop({ config: { approval: {} } });
    try {
      const preview = await shop.as('carmen').post('/previews', CUSTOMERS);
      expect(preview.body.send).toEqual({
        allowed: false,
        reason: expect.stringMatching(/Nobody else can decide/),
      });
      expect(preview.body.deciders).toMatchObject({ people: 0 });
      const sent = await shop
        .as('carmen')
        .post('/requests', { ...CUSTOMERS, digest: preview.body.digest });
      expect([sent.status, sent.body.error.code]).toEqual([
        409,
        'nobody-can-decide',
      ]);
      expect((await shop.as('carmen').get('/requests')).body.total).toBe(0);
    } finally {
      await shop.stop();
    }
  });
});

describe('several requests of one API', () => {
  let shop: ChangedShop;
  beforeAll(async () => {
    shop = await startChangedShop();
  });
  afterAll(() => shop?.stop());

  it('share one pull request, which goes on without the one that is withdrawn', async () => {
    const first = await send(shop, 'priya');
    const second = await send(shop, 'cora', {
      ...DRAFT,
      caller: 'component:default/web',
      operations: [{ id: 'getOrder' }],
    });
    await approve(shop, 'omar', first);
    await approve(shop, 'lena', second);
    const both = await proposalOf(
      shop,
      first,
      ({ requests }) => requests.length === 2,
    );
    await reaches(shop, second, 'proposed');
    const declaration = () =>
      git(shop, 'show', `${both.branch}:policies/default/orders.yaml`);
    expect(declaration()).toContain('component:default/checkout');
    expect(declaration()).toContain('component:default/web');

    const withdrawn = await shop
      .as('cora')
      .post(`/requests/${second.id}/withdraw`, { reason: 'Not needed' });
    expect(withdrawn.body.state).toBe('withdrawn');
    const left = await proposalOf(
      shop,
      first,
      ({ requests, files }) =>
        requests.filter(({ state }) => state === 'proposed').length === 1 &&
        !JSON.stringify(files).includes('component:default/web'),
    );
    expect(left.number).toBe(both.number);
    expect(declaration()).toContain('component:default/checkout');
    expect(declaration()).not.toContain('component:default/web');
    // Not in the title either, nor among what the pull request is said to carry.
    expect(left.body).not.toContain('component:default/web');
    expect(left.requests.map(({ id }) => id)).toEqual([first.id]);

    await shop.as('priya').post(`/requests/${first.id}/withdraw`);
    const closed = await shop.as('petra').get(`/proposals/${both.id}`);
    expect(closed.status).toBe(200);
    // The branch goes first and the record follows, so the record says when both are done.
    const ended = await eventually(
      async () => (await shop.as('petra').get(`/proposals/${both.id}`)).body,
      ({ state }) => state === 'closed',
    );
    expect(ended).toMatchObject({ merge: { allowed: false } });
    expect(git(shop, 'branch', '--list', both.branch)).toBe('');
    expect(
      git(shop, 'log', '--format=%s', 'main').trim().split('\n'),
    ).toHaveLength(1);
  });
});

describe('what was decided on', () => {
  it('is asked again when another merge changed what it means', async () => {
    const shop = await startChangedShop();
    try {
      const open = {
        ...DRAFT,
        operations: [{ tcp: { port: 8080 } }],
        in: ['staging'],
      };
      const first = await send(shop, 'priya', open);
      const second = await send(shop, 'cora', {
        ...open,
        caller: 'component:default/web',
      });
      expect(second.meaning.flips).not.toEqual([]);
      await approve(shop, 'omar', first);
      const { id } = await proposalOf(shop, first);
      const merged = await mergeShown(shop, 'petra', { id });
      expect(merged.body).toMatchObject({ state: 'merged' });

      const path = `/requests/${second.id}`;
      const stale = await shop
        .as('omar')
        .post(`${path}/approve`, { digest: second.digest });
      expect([stale.status, stale.body.error.code]).toEqual([
        409,
        'meaning-changed',
      ]);
      const seen = (await shop.as('omar').get(path)).body;
      expect(seen).toMatchObject({
        state: 'submitted',
        meaningChanged: true,
        digest: second.digest,
        meaning: { flips: [] },
        previousMeaning: { flips: second.meaning.flips },
      });
      expect(seen.currentDigest).not.toBe(second.digest);
      const again = await approve(shop, 'omar', second);
      expect(again).toMatchObject({
        state: 'approved',
        meaningChanged: false,
        digest: seen.currentDigest,
      });
    } finally {
      await shop.stop();
    }
  });

  it('is asked again when the estate changed', async () => {
    const shop = await startChangedShop(LENA_IN_PLATFORM);
    try {
      const asked = await send(shop, 'priya');
      const path = `/requests/${asked.id}`;
      editFile(`${shop.folder}/estate/prod-eu/storefront.yaml`, text => {
        const deployment = text
          .split('---\n')
          .find(part =>
            /kind: Deployment\nmetadata:\n {2}name: checkout\n/.test(part),
          );
        return `${text}---\n${deployment!.replace(
          'name: checkout\n',
          'name: checkout-canary\n',
        )}`;
      });
      await shop.run('refresh-estate');
      const stale = await shop
        .as('omar')
        .post(`${path}/approve`, { digest: asked.digest });
      expect([stale.status, stale.body.error.code]).toEqual([
        409,
        'meaning-changed',
      ]);
      const seen = (await shop.as('omar').get(path)).body;
      const from = ({ gained }: AccessRequest['meaning']) =>
        gained.flatMap(({ clusters }) => clusters.flatMap(each => each.from));
      expect(seen.meaningChanged).toBe(true);
      expect(from(seen.previousMeaning)).toEqual([
        'storefront/Deployment/checkout',
      ]);
      expect(from(seen.meaning)).toEqual([
        'storefront/Deployment/checkout',
        'storefront/Deployment/checkout-canary',
      ]);

      // Between approval and pull request: the approval does not cover what came since.
      await approve(shop, 'lena', asked);
      editFile(`${shop.folder}/estate/prod-eu/storefront.yaml`, text =>
        text.replace(/name: checkout-canary\n/, 'name: checkout-beta\n'),
      );
      await shop.run('refresh-estate');
      const again = await reaches(shop, asked, 'submitted');
      expect(again.timeline.map(({ event }) => event)).toEqual([
        'submit',
        'approve',
        'ask-again',
      ]);
      expect(git(shop, 'branch', '--list', 'callgate/*')).toBe('');

      // Lena is of the platform team as well. Her approval counts no more, and still she has said yes to this.
      await approve(shop, 'omar', asked);
      const { id, head } = await proposalOf(shop, asked);
      const page = await shop.as('lena').get(`/proposals/${id}`);
      expect(page.body.merge).toMatchObject({ allowed: false });
      const merged = await shop
        .as('lena')
        .post(`/proposals/${id}/merge`, { head });
      expect([merged.status, merged.body.error.code]).toEqual([
        403,
        'involved-in-request',
      ]);
    } finally {
      await shop.stop();
    }
  });
});
