import fs from 'node:fs';
import path from 'node:path';
import {
  replaced,
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { eventually } from '../__testUtils__/startShop';
import {
  approve,
  commitElsewhere,
  DRAFT,
  git,
  mergeShown,
  proposalOf,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

const ORDERS = 'policies/default/orders.yaml';

describe('what happens meanwhile', () => {
  let shop: ChangedShop;
  beforeEach(async () => {
    shop = await startChangedShop();
  });
  afterEach(() => shop?.stop());

  const approveWith = async (person: string, id: string, digest: string) => {
    const answer = await shop
      .as(person)
      .post(`/requests/${id}/approve`, { digest });
    return { status: answer.status, code: answer.body.error?.code };
  };
  const branches = () => git(shop, 'branch', '--list', 'callgate/*').trim();
  const vanish = () => {
    const index = shop.entities.findIndex(
      ({ kind, metadata }) => kind === 'API' && metadata.name === 'orders',
    );
    const gone = shop.entities.splice(index, 1);
    return () => shop.entities.splice(index, 0, ...gone);
  };

  it('two owners approve at the same moment: one of them does, once', async () => {
    const { id, digest } = await send(shop, 'priya');
    const answers = await Promise.all([
      approveWith('omar', id, digest),
      approveWith('lena', id, digest),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(['version-conflict', 'wrong-state']).toContain(
      answers.find(({ status }) => status === 409)!.code,
    );
    const { timeline } = await reaches(shop, { id }, 'proposed');
    expect(timeline.filter(({ event }) => event === 'approve')).toHaveLength(1);
    expect(branches().split('\n')).toHaveLength(1);
  });

  it('an API that vanishes before the approval is approved by nobody, and the request stays', async () => {
    const { id, digest } = await send(shop, 'priya');
    const comeBack = vanish();
    const answer = await approveWith('omar', id, digest);
    expect(answer).toEqual({ status: 403, code: 'not-api-owner' });
    // Without owners the fallback group could decide; there is nothing to decide.
    expect((await approveWith('sam', id, digest)).status).toBe(409);
    const seen = (await shop.as('priya').get(`/requests/${id}`)).body;
    expect(seen).toMatchObject({
      state: 'submitted',
      reason: DRAFT.reason,
      approve: { allowed: false },
    });
    comeBack();
    expect((await approveWith('omar', id, digest)).status).toBe(200);
  });

  it('an API that vanishes after the approval holds up the pull request and says so', async () => {
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    vanish();
    const proposal = await eventually(
      async () => (await shop.as('petra').get('/proposals')).body.items[0],
      found => found?.problem !== undefined,
    );
    expect(proposal.problem).toMatch(/api:default\/orders/);
    const seen = (await shop.as('priya').get(`/requests/${asked.id}`)).body;
    expect(seen).toMatchObject({
      state: 'approved',
      withdraw: { allowed: true },
    });
    expect(branches()).toBe('');
  });

  it('a grant that somebody writes by hand between preview and approval leaves nothing to approve', async () => {
    const { id, digest } = await send(shop, 'priya');
    commitElsewhere(shop, {
      [ORDERS]: text =>
        `${text}    - id: by-hand\n      caller: component:default/checkout\n      in: [prod-eu]\n      operations:\n        - id: listOrders\n`,
    });
    expect(await approveWith('omar', id, digest)).toEqual({
      status: 409,
      code: 'cannot-be-enforced',
    });
    const seen = (await shop.as('omar').get(`/requests/${id}`)).body;
    expect(seen).toMatchObject({
      state: 'submitted',
      approve: { allowed: false, reason: expect.stringMatching(/already/) },
    });
    expect(branches()).toBe('');
  });

  it('other commits between preview, approval and merge are kept', async () => {
    const asked = await send(shop, 'priya');
    commitElsewhere(shop, { 'README.md': text => `${text}\nOne more line.\n` });
    expect((await approveWith('omar', asked.id, asked.digest)).status).toBe(
      200,
    );
    const { id } = await proposalOf(shop, asked);
    commitElsewhere(shop, {
      [ORDERS]: replaced(
        'A basket becomes an order when the visitor pays',
        'The basket becomes an order',
      ),
    });
    // Where that makes it another pull request than the one that was looked at, it has to be looked at again.
    const merged = await eventually(
      async () => {
        await shop.run('build-proposals');
        return mergeShown(shop, 'petra', { id });
      },
      ({ status }) => status === 200,
    );
    expect(merged.body.state).toBe('merged');
    expect(git(shop, 'show', 'main:README.md')).toContain('One more line.');
    const declaration = git(shop, 'show', `main:${ORDERS}`);
    expect(declaration).toContain('The basket becomes an order');
    expect(declaration).toContain('caller: component:default/checkout');
    expect(git(shop, 'fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('a grant that somebody takes away by hand after the approval does not come back with the merge', async () => {
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    const { id } = await proposalOf(shop, asked);
    const cart = /^ {4}- id: cart-places-orders\n[\s\S]*?(?=^ {4}- id: )/m;
    commitElsewhere(shop, { [ORDERS]: replaced(cart, '') });
    const outdated = await mergeShown(shop, 'petra', { id });
    expect([outdated.status, outdated.body.error.code]).toEqual([
      409,
      'proposal-outdated',
    ]);
    await eventually(
      async () => {
        await shop.run('build-proposals');
        return mergeShown(shop, 'petra', { id });
      },
      ({ status }) => status === 200,
    );
    expect(git(shop, 'show', `main:${ORDERS}`)).not.toContain('cart-places');
    const manifests = 'clusters/prod-eu/ordering/callgate-orders.yaml';
    expect(git(shop, 'show', `main:${manifests}`)).not.toContain('sa/cart');
  });

  it('a declaration that breaks after the approval keeps the pull request from being merged until it is mended', async () => {
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    const { id } = await proposalOf(shop, asked);
    commitElsewhere(shop, { [ORDERS]: replaced('mode:', 'mood:') });
    expect((await mergeShown(shop, 'petra', { id })).status).toBe(409);
    await shop.run('build-proposals');
    const page = (await shop.as('petra').get(`/proposals/${id}`)).body;
    expect(page).toMatchObject({
      state: 'open',
      problem: expect.stringMatching(/mood.*policies\/default\/orders\.yaml/),
    });
    expect((await mergeShown(shop, 'petra', { id })).status).toBe(409);
    commitElsewhere(shop, { [ORDERS]: replaced('mood:', 'mode:') });
    await eventually(
      async () => {
        await shop.run('build-proposals');
        return mergeShown(shop, 'petra', { id });
      },
      ({ status }) => status === 200,
    );
    expect((await reaches(shop, asked, 'merged')).proposal!.id).toBe(id);
  });

  it('a repository that goes away loses nothing and decides nothing', async () => {
    const { id, digest } = await send(shop, 'priya');
    const repository = path.join(shop.directory, 'policies.git');
    fs.renameSync(repository, `${repository}.away`);
    const refused = await approveWith('omar', id, digest);
    expect(refused).toEqual({ status: 503, code: 'repository-not-found' });
    const sent = await shop.as('priya').post('/requests', { ...DRAFT, digest });
    expect(sent.body.error.message).toBe(
      'The policy repository has no branch main. Create it with a first commit, or name another one in callgate.policyRepository.branch.',
    );
    expect([sent.status, sent.body.error.code]).toEqual([
      503,
      'repository-not-found',
    ]);
    const seen = await shop.as('omar').get(`/requests/${id}`);
    expect([seen.status, seen.body.state]).toEqual([200, 'submitted']);
    const reason = { reason: 'Not like this' };
    expect(
      (await shop.as('stan').post(`/requests/${id}/reject`, reason)).status,
    ).toBe(403);

    fs.renameSync(`${repository}.away`, repository);
    expect((await approveWith('omar', id, digest)).status).toBe(200);
    await proposalOf(shop, { id });
  });

  it('a repository that goes away after the approval holds up the pull request until it is back', async () => {
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    const repository = path.join(shop.directory, 'policies.git');
    fs.renameSync(repository, `${repository}.away`);
    const found = await eventually(
      async () => (await shop.as('petra').get('/proposals')).body.items[0],
      each => each?.problem !== undefined,
    );
    expect(found.problem).toMatch(/branch main/);
    expect(found.title).toBe('Access to orders');
    const page = await shop.as('priya').get(`/requests/${asked.id}`);
    expect(page.body.state).toBe('approved');
    fs.renameSync(`${repository}.away`, repository);
    await eventually(
      async () => {
        await shop.run('build-proposals');
        return (await shop.as('priya').get(`/requests/${asked.id}`)).body;
      },
      ({ state }) => state === 'proposed',
    );
    expect(branches().split('\n')).toHaveLength(1);
  });

  it('a repository that was never there is said on every page, and the backend runs', async () => {
    await shop.stop();
    shop = await startChangedShop({
      config: {
        policyRepository: { forge: 'local', url: 'local://p', seed: '/none' },
      },
    });
    const page = await shop.as('omar').get('/apis/default/orders');
    expect([page.status, page.body.error.code]).toEqual([
      503,
      'repository-unreachable',
    ]);
    expect(page.body.error.message).toMatch(/^The policy repository /);
    expect((await shop.as('priya').post('/previews', DRAFT)).status).toBe(503);
  });
});
