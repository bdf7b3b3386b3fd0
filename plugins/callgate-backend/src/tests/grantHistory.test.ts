import type { GrantPage } from '@callgate/plugin-callgate-common';
import {
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import { askOfGrant, mergeOf, previewOf } from '../__testUtils__/grantSteps';
import { approve, git, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(240_000);

const ORDERS = 'api:default/orders';
const until = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);

let shop: ChangedShop;

async function start(changes: ShopChanges = {}): Promise<void> {
  shop = await startChangedShop(changes);
  // Makes the repository.
  await shop.as('omar').get('/apis/default/orders');
}
afterEach(() => shop?.stop());

const pageOf = async (
  person: string,
  id: string,
  api = '',
): Promise<GrantPage> =>
  (await shop.as(person).get(`/grants/${id}${api && `?api=${api}`}`)).body;

describe('the history of a grant', () => {
  it('is every request about it, each with its pull request and commit', async () => {
    await start();
    const asked = await send(shop, 'priya', {
      api: ORDERS,
      caller: 'component:default/checkout',
      operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
      in: ['prod-eu'],
      reason: 'The confirmation page',
    });
    await approve(shop, 'omar', asked);
    await mergeOf(shop, asked);
    const file = git(shop, 'show', 'main:policies/default/orders.yaml');
    const grant = /id: (checkout-\w+)/.exec(file)![1];

    const about = { api: ORDERS, grant };
    const changed = await askOfGrant(shop, 'cora', {
      ...about,
      kind: 'change',
      operations: [{ id: 'listOrders' }],
    });
    await mergeOf(shop, changed);
    const { digest } = await previewOf(shop, 'priya', {
      ...about,
      kind: 'renew',
      until,
    });
    const renewal = await shop.as('priya').post(`/grants/${grant}/renew`, {
      until,
      digest,
      reason: 'Not needed any more',
    });
    expect(renewal.status).toBe(201);
    await approve(shop, 'lena', renewal.body);
    // What it changes is until when: its pull request says so.
    expect((await proposalOf(shop, renewal.body)).requests).toMatchObject([
      { caller: { name: 'checkout' }, until },
    ]);
    await mergeOf(shop, renewal.body);

    const page = await pageOf('cora', grant);
    expect(page).toMatchObject({
      declared: true,
      until,
      api: { ref: ORDERS },
      caller: { name: 'checkout' },
      operations: [{ id: 'listOrders' }],
      requestedBy: { name: 'priya' },
      end: { allowed: true },
    });
    expect(page.approvedBy.map(({ name }) => name)).toEqual(['omar', 'lena']);
    expect(page.history.map(({ reason }) => reason)).toEqual([
      'The confirmation page',
      'Not needed any more',
      'Not needed any more',
    ]);
    const steps = page.history.map(({ request }) => request.kind);
    expect(steps).toEqual(['new', 'change', 'renew']);
    for (const { request, commit } of page.history) {
      expect(request.proposal).toMatchObject({ state: 'merged' });
      expect(commit).toMatch(/^[0-9a-f]{40}$/);
      // It is on the target branch.
      git(shop, 'merge-base', '--is-ancestor', commit!, 'main');
    }
    // Who decided, as what: an owner of the API for what opens, nobody for what only takes away.
    const decided = page.history.map(({ decisions }) =>
      decisions.map(({ event, by, role, of }) => [
        event,
        by?.name,
        role,
        of?.ref,
      ]),
    );
    expect(decided).toEqual([
      [['approved', 'omar', 'api-owner', ORDERS]],
      [['not-needed', undefined, undefined, undefined]],
      [['approved', 'lena', 'api-owner', ORDERS]],
    ]);
    expect(page.history.map(({ mergedBy }) => mergedBy?.name)).toEqual([
      'petra',
      'petra',
      'petra',
    ]);
    expect(page.history[0].meaning).toBe(
      'Opens Checkout → GET /orders, GET /orders/{id} of Orders API.',
    );
    expect(page.history.map(step => step.digest)).toEqual([
      asked.digest,
      changed.digest,
      renewal.body.digest,
    ]);
    // How it stands: by its own operations alone, at every layer.
    expect(page.rows).toMatchObject([
      {
        caller: { name: 'checkout' },
        grants: [{ id: grant, status: 'granted', operations: [{}] }],
        clusters: [
          {
            cluster: 'prod-eu',
            layers: {
              kernel: 'enforced',
              identity: 'enforced',
              method: 'enforced',
            },
          },
        ],
      },
    ]);
    // Three pull requests, not one three times.
    expect(new Set(page.history.map(({ commit }) => commit)).size).toBe(3);

    const end = await askOfGrant(shop, 'omar', { ...about, kind: 'end' });
    await mergeOf(shop, end);
    const ended = await pageOf('cora', grant);
    expect(ended).toMatchObject({
      declared: false,
      rows: [],
      end: { allowed: false, reason: 'The grant has ended.' },
    });
    expect(ended.history.at(-1)).toMatchObject({
      request: { kind: 'end', state: 'merged' },
    });
  });

  it('of a grant that was written by hand begins with what is declared', async () => {
    await start();
    const page = await pageOf('stan', 'cart-reads-stock');
    expect(page).toMatchObject({
      id: 'cart-reads-stock',
      declared: true,
      requestedBy: { name: 'cora' },
      history: [],
      end: {
        allowed: false,
        reason: 'You own neither the caller nor the API.',
      },
    });
  });

  it('is not there for who may not see the caller or the API', async () => {
    await start({
      hides: (person, ref) =>
        (person === 'user:default/stan' && ref === 'component:default/cart') ||
        (person === 'user:default/sven' && ref === 'api:default/inventory'),
    });
    const answers = await Promise.all(
      ['stan', 'sven'].flatMap(person => [
        shop.as(person).get('/grants/cart-reads-stock'),
        shop.as(person).get('/grants/no-such-thing'),
      ]),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(new Set(answers.map(({ body }) => body.error.message)).size).toBe(1);
  });
});
