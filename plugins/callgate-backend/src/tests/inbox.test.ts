import type {
  AccessRequest,
  AccessRequestSummary,
  Preview,
  RequestPage,
} from '@callgate/plugin-callgate-common';
import {
  editFile,
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { eventually } from '../__testUtils__/startShop';
import { approve, DRAFT, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(120_000);

/** Stan may not see who asks in what Priya sent. */
const hides = (person: string, ref: string) =>
  person === 'user:default/stan' && ref === 'component:default/checkout';

describe('lists of requests', () => {
  let shop: ChangedShop;
  let priyas: AccessRequest;
  let coras: AccessRequest;

  beforeAll(async () => {
    shop = await startChangedShop({ hides });
    priyas = await send(shop, 'priya', {
      ...DRAFT,
      reason: 'Status on the confirmation page\nSee the note of the team',
    });
    coras = await send(shop, 'cora', {
      ...DRAFT,
      caller: 'component:default/web',
      operations: [{ id: 'getOrder' }],
      reason: 'The 100%_sure page',
    });
  });
  afterAll(() => shop?.stop());

  const list = async (
    person: string,
    query: Record<string, string>,
  ): Promise<AccessRequestSummary[]> => {
    const search = new URLSearchParams(query);
    const { body } = await shop.as(person).get(`/requests?${search}`);
    return (body as RequestPage).items;
  };
  const ids = async (person: string, query: Record<string, string>) =>
    (await list(person, query)).map(({ id }) => id).sort();

  it('have what the team of the caller asked for under Mine, whoever of them sent it', async () => {
    const both = [priyas.id, coras.id].sort();
    expect(await ids('priya', { tab: 'mine' })).toEqual(both);
    expect(await ids('cora', { tab: 'mine' })).toEqual(both);
    // Omar decides about them, and neither asked nor owns the callers.
    expect(await ids('omar', { tab: 'mine' })).toEqual([]);
  });

  it('tell the first line of a reason, and nothing of it where the caller is hidden', async () => {
    const [told] = await list('omar', { q: `#${priyas.number}` });
    expect(told.reasonLine).toBe('Status on the confirmation page');
    const [untold] = await list('stan', { q: `#${priyas.number}` });
    expect(untold.id).toBe(priyas.id);
    expect(untold).not.toHaveProperty('reasonLine');
  });

  it('are narrowed by the system of the caller and by kind', async () => {
    const system = 'system:default/storefront';
    const both = [priyas.id, coras.id].sort();
    expect(await ids('omar', { system })).toEqual(both);
    expect(await ids('omar', { system: 'system:default/ordering' })).toEqual(
      [],
    );
    expect(await ids('omar', { system, kind: 'new' })).toEqual(both);
    expect(await ids('omar', { system, kind: 'confirm' })).toEqual([]);
    // Stan does not learn whose system a hidden caller is of.
    expect(await ids('stan', { system })).toEqual([coras.id]);
  });

  it.each([
    ['the title of the caller', 'checkout', 'priyas'],
    ['who asked', 'cora', 'coras'],
    ['an operation as it is written', '/orders/{id}', 'coras'],
    ['a part of operations of both', 'get /orders', 'both'],
    ['the reason', 'confirmation page', 'priyas'],
    ['words of different parts', 'cora getOrder sure', 'coras'],
    ['characters that SQL has for itself', '100%_sure', 'coras'],
    ['a percent sign alone', '%', 'coras'],
    ['the fields of a record, which nobody wrote', 'acknowledges', 'none'],
  ])('are searched by %s', async (_, q, found) => {
    const expected = {
      priyas: [priyas.id],
      coras: [coras.id],
      both: [priyas.id, coras.id].sort(),
      none: [],
    }[found];
    expect(await ids('omar', { q })).toEqual(expected);
  });

  it('are not searched by the words or the name of a caller that is hidden', async () => {
    expect(await ids('stan', { q: 'confirmation' })).toEqual([]);
    expect(await ids('stan', { q: 'checkout' })).toEqual([]);
    expect(await ids('stan', { q: 'sure' })).toEqual([coras.id]);
  });

  it('say nothing of a state that does not wait where only that is asked for', async () => {
    expect(await ids('omar', { tab: 'waiting', state: 'merged' })).toEqual([]);
    expect(await ids('omar', { tab: 'waiting', state: 'submitted' })).toEqual(
      [priyas.id, coras.id].sort(),
    );
  });

  it('say that what a request opens has changed since it was sent, and mark what it opens now', async () => {
    const before = await list('omar', { q: `#${priyas.number}` });
    expect(before[0]).toMatchObject({ meaningChanged: false });
    // Checkout stands for two workloads from now on, and what was asked would be open to both.
    editFile(`${shop.folder}/estate/prod-eu/storefront.yaml`, text => {
      const deployment = text
        .split('---\n')
        .find(part =>
          part.includes('kind: Deployment\nmetadata:\n  name: checkout\n'),
        );
      return `${text}---\n${deployment!.replace(
        'name: checkout\n',
        'name: checkout-canary\n',
      )}`;
    });
    await shop.run('refresh-estate');
    // What is read of the repository holds for a few seconds.
    const after = await eventually(
      () => list('omar', { q: `#${priyas.number}` }),
      ([found]) => found.meaningChanged === true,
    );
    const page = await shop.as('omar').get(`/requests/${priyas.id}`);
    expect(after[0].meaningChanged).toBe(page.body.meaningChanged);
  });
});

describe('an objection to the pull request', () => {
  let shop: ChangedShop;
  afterAll(() => shop?.stop());

  it('stands on the page of the request that it is about, and in lists', async () => {
    shop = await startChangedShop({ hides });
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    const proposal = await proposalOf(shop, asked);
    const read = async () =>
      (await shop.as('omar').get(`/requests/${asked.id}`))
        .body as AccessRequest;
    const inList = async () =>
      ((await shop.as('omar').get('/requests')).body as RequestPage).items[0];
    expect(await read()).not.toHaveProperty('objections');
    expect((await inList()).proposal).not.toHaveProperty('changesRequested');

    const { status } = await shop
      .as('petra')
      .post(`/proposals/${proposal.id}/review`, {
        decision: 'changes-requested',
        comment: 'Not before the release',
        head: proposal.head,
      });
    expect(status).toBe(200);
    const objected = await read();
    expect(objected.objections).toEqual([
      {
        by: expect.objectContaining({ ref: 'user:default/petra' }),
        at: expect.any(String),
      },
    ]);
    expect(objected.proposal).toMatchObject({ changesRequested: true });
    expect((await inList()).proposal).toMatchObject({ changesRequested: true });
  });
});

describe('where a draft could be granted', () => {
  let shop: ChangedShop;
  beforeAll(async () => {
    shop = await startChangedShop({ hides });
  });
  afterAll(() => shop?.stop());

  const places = async (draft: object) =>
    (
      (await shop.as('priya').post('/previews', { ...DRAFT, ...draft }))
        .body as Preview
    ).places;

  // Orders and checkout run in both clusters: with sidecars in prod-eu, without a mesh in staging.
  it('is said of each cluster in which both run, whichever the draft names', async () => {
    const all = {
      kernel: 'enforced',
      identity: 'enforced',
      method: 'enforced',
    };
    for (const scope of [{}, { in: ['prod-eu'] }, { in: ['staging'] }]) {
      expect(await places({ in: undefined, ...scope })).toEqual([
        { cluster: 'prod-eu', layers: all, acknowledgeable: [] },
        {
          cluster: 'staging',
          blocked: expect.objectContaining({ code: 'method-not-enforceable' }),
          acknowledgeable: ['method-not-enforced'],
        },
      ]);
    }
  });

  it('holds for the kernel alone where the gap is accepted', async () => {
    const found = await places({
      in: ['staging'],
      acknowledges: ['method-not-enforced'],
    });
    expect(found?.[1]).toEqual({
      cluster: 'staging',
      layers: {
        kernel: 'enforced',
        identity: 'none',
        method: 'acknowledged-gap',
      },
      acknowledgeable: [],
    });
  });

  it('is the one cluster in which both run', async () => {
    const found = await places({
      in: undefined,
      api: 'api:default/payments',
      operations: [{ tcp: { port: 8080 } }],
    });
    expect(found?.map(({ cluster }) => cluster)).toEqual(['prod-eu']);
  });
});
