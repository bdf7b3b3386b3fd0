import {
  coreServices,
  createServiceFactory,
  type BackstageCredentials,
  type BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { evidenceReadPermission } from '@callgate/plugin-callgate-common';
import supertest from 'supertest';
import {
  eventually,
  startShop,
  type RunningShop,
} from './__testUtils__/startShop';

jest.setTimeout(180_000);

const DRAFT = {
  api: 'api:default/orders',
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }],
  in: ['prod-eu'],
  reason: 'Order status on the confirmation page',
};

/** nobody, a stranger, the requester, an owner of the API, the platform team */
const ROLES = ['', 'stan', 'priya', 'omar', 'petra'] as const;

/** The demo portal's policy, which allows whoever is signed in everything but evidence: that is for two teams. */
const evidenceForPlatform = createServiceFactory({
  service: coreServices.permissions,
  deps: {},
  factory: () => {
    const decide = (
      { name }: { name: string },
      by?: { credentials: BackstageCredentials },
    ) => {
      const { userEntityRef } = by?.credentials
        .principal as BackstageUserPrincipal;
      return {
        result:
          name === evidenceReadPermission.name &&
          userEntityRef !== 'user:default/petra'
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      } as const;
    };
    return {
      authorize: async (all, by) =>
        all.map(({ permission }) => decide(permission, by as never)),
      authorizeConditional: async (all, by) =>
        all.map(({ permission }) => decide(permission, by as never)),
    };
  },
});

describe('every route, for everybody', () => {
  let shop: RunningShop;
  let request: { id: string; digest: string };
  let proposalId: string;

  beforeAll(async () => {
    shop = await startShop({ features: [evidenceForPlatform] });
    const preview = await shop.as('priya').post('/previews', DRAFT);
    const sent = await shop
      .as('priya')
      .post('/requests', { ...DRAFT, digest: preview.body.digest });
    await shop
      .as('omar')
      .post(`/requests/${sent.body.id}/approve`, { digest: sent.body.digest });
    const proposed = await eventually(
      async () =>
        (
          await shop.as('priya').get(`/requests/${sent.body.id}`)
        ).body,
      body => body.state === 'proposed',
    );
    proposalId = proposed.proposal.id;
    const other = { ...DRAFT, operations: [{ id: 'getOrder' }] };
    const second = await shop.as('priya').post('/previews', other);
    request = (
      await shop
        .as('priya')
        .post('/requests', { ...other, digest: second.body.digest })
    ).body;
  });
  afterAll(() => shop?.stop());

  const statuses = async (
    act: (person: string) => PromiseLike<{ status: number }>,
  ) => {
    const found: Record<string, number> = {};
    for (const role of ROLES) {
      found[role || 'nobody'] = (await act(role)).status;
    }
    return found;
  };

  const readers = { nobody: 401, stan: 200, priya: 200, omar: 200, petra: 200 };

  it.each([
    ['/apis/default/orders'],
    ['/apis/default/orders/operations'],
    ['/callers/component/default/checkout'],
    ['/approval-rules'],
    ['/requests'],
    ['/requests?tab=mine'],
    ['/reviews'],
    ['/proposals'],
  ])('GET %s is for signed-in people', async path => {
    expect(await statuses(person => shop.as(person).get(path))).toEqual(
      readers,
    );
  });

  it('GET of one request and of one proposal is for signed-in people', async () => {
    expect(
      await statuses(person => shop.as(person).get(`/requests/${request.id}`)),
    ).toEqual(readers);
    expect(
      await statuses(person => shop.as(person).get(`/proposals/${proposalId}`)),
    ).toEqual(readers);
  });

  it('previews and explanations are for signed-in people', async () => {
    expect(
      await statuses(person => shop.as(person).post('/previews', DRAFT)),
    ).toEqual(readers);
    const call = {
      api: DRAFT.api,
      caller: DRAFT.caller,
      method: 'GET',
      path: '/orders',
    };
    expect(
      await statuses(person => shop.as(person).post('/explanations', call)),
    ).toEqual(readers);
  });

  it('evidence is for whom the permission policy lets take it out', async () => {
    const taken = (path: string) =>
      statuses(person => shop.as(person).get(path));
    const forTheTeam = {
      nobody: 401,
      stan: 404,
      priya: 404,
      omar: 404,
      petra: 200,
    };
    expect(await taken('/exports/grants')).toEqual(forTheTeam);
    expect(await taken('/exports/decisions?format=csv')).toEqual(forTheTeam);
  });

  it('what people wrote is taken out by the platform team, once a request is over', async () => {
    const path = `/requests/${request.id}/blank-texts`;
    expect(await statuses(person => shop.as(person).post(path))).toEqual({
      nobody: 401,
      stan: 403,
      priya: 403,
      omar: 403,
      petra: 409,
    });
  });

  it('declarations are for other backends alone', async () => {
    const found = await statuses(person =>
      shop.as(person).get('/declarations'),
    );
    expect(found).toEqual({
      nobody: 401,
      stan: 403,
      priya: 403,
      omar: 403,
      petra: 403,
    });
  });

  it('only owners of the caller or of the API may ask', async () => {
    // A digest that fits nothing: who may ask gets to the 409, and nothing is stored.
    const act = (person: string) =>
      shop.as(person).post('/requests', {
        ...DRAFT,
        operations: [{ id: 'createOrder' }],
        digest: 'sha256:0',
      });
    expect(await statuses(act)).toEqual({
      nobody: 401,
      stan: 403,
      priya: 409,
      omar: 409,
      petra: 403,
    });
  });

  it('a grant is read by signed-in people, and ended and renewed by the owners of its sides', async () => {
    // Care desk (customer care) calls orders (Omar).
    const grant = '/grants/care-desk-helps';
    expect(await statuses(person => shop.as(person).get(grant))).toEqual(
      readers,
    );
    const wrong = { digest: 'sha256:0', reason: 'x' };
    const owners = {
      nobody: 401,
      stan: 403,
      priya: 403,
      omar: 409,
      petra: 403,
    };
    expect(
      await statuses(person => shop.as(person).post(`${grant}/revoke`, wrong)),
    ).toEqual(owners);
    expect(
      await statuses(person =>
        shop
          .as(person)
          .post(`${grant}/renew`, { ...wrong, until: '2999-01-01' }),
      ),
    ).toEqual(owners);
  });

  it('services that nobody has named neither ask nor decide', async () => {
    const header = mockCredentials.service.header();
    const digest = 'sha256:0';
    const posted = await Promise.all(
      [
        ['/requests', { ...DRAFT, digest }],
        [`/requests/${request.id}/approve`, { digest }],
        [`/requests/${request.id}/reject`, { reason: 'x' }],
        ['/grants/care-desk-helps/revoke', { digest, reason: 'x' }],
        ['/grants/care-desk-helps/renew', { digest, until: '2999-01-01' }],
      ].map(([path, body]) =>
        supertest(`http://localhost:${shop.port}`)
          .post(`/api/callgate${path}`)
          .set('Authorization', header)
          .send(body as object),
      ),
    );
    expect(posted.map(({ status }) => status)).toEqual(Array(5).fill(403));
  });

  it('only owners of the API decide, and nobody on their own request', async () => {
    const wrong = { digest: 'sha256:0' };
    expect(
      await statuses(person =>
        shop.as(person).post(`/requests/${request.id}/approve`, wrong),
      ),
    ).toEqual({
      nobody: 401,
      stan: 403,
      priya: 403,
      omar: 409,
      petra: 403,
    });
    expect(
      await statuses(person =>
        shop.as(person).post(`/requests/${request.id}/reject`, { reason: ' ' }),
      ),
    ).toEqual({
      nobody: 401,
      stan: 403,
      priya: 403,
      omar: 400,
      petra: 403,
    });
  });

  it('only who asked, or an owner of the caller, withdraws', async () => {
    const stale = { version: 99 };
    expect(
      await statuses(person =>
        shop.as(person).post(`/requests/${request.id}/withdraw`, stale),
      ),
    ).toEqual({
      nobody: 401,
      stan: 403,
      priya: 409,
      omar: 403,
      petra: 403,
    });
  });

  it('only the platform team reviews and merges', async () => {
    const { head } = (await shop.as('petra').get(`/proposals/${proposalId}`))
      .body;
    const review = (person: string) =>
      shop.as(person).post(`/proposals/${proposalId}/review`, {
        decision: 'changes-requested',
        comment: 'Why?',
        head,
      });
    expect(await statuses(review)).toEqual({
      nobody: 401,
      stan: 403,
      priya: 403,
      omar: 403,
      petra: 200,
    });
    const merge = await shop
      .as('omar')
      .post(`/proposals/${proposalId}/merge`, { head });
    expect([merge.status, merge.body.error.code]).toEqual([
      403,
      'not-platform-team',
    ]);
  });

  const PROMETHEUS = '/claims/prod-eu/monitoring/StatefulSet/prometheus';

  it.each([
    '/claims',
    '/clusters',
    '/break-glass',
    '/imports',
    '/imports/default/orders',
  ])(
    '%s is for the platform team alone',
    async path => {
      const found = await statuses(person => shop.as(person).get(path));
      expect(found).toEqual({
        nobody: 401,
        stan: 404,
        priya: 404,
        omar: 404,
        petra: 200,
      });
    },
  );

  it.each([
    [`${PROMETHEUS}/settle`, { owner: 'group:default/nobody' }, 409],
    [`${PROMETHEUS}/merge`, { head: '0'.repeat(40) }, 409],
    ['/claims/prod-eu/no/Deployment/where/settle', { owner: 'group:a/b' }, 404],
    ['/claims/prod-eu/no/Deployment/where/merge', { head: '0' }, 404],
  ])(
    'POST %s tells nobody but the platform team whether there is such a claim',
    async (path, body, petra) => {
      const found = await statuses(person => shop.as(person).post(path, body));
      expect(found).toEqual({
        nobody: 401,
        stan: 403,
        priya: 403,
        omar: 403,
        petra,
      });
    },
  );

  it.each(['settle', 'merge'])(
    'POST of a claim to %s needs to say what was chosen or shown',
    async action => {
      const found = await statuses(person =>
        shop.as(person).post(`${PROMETHEUS}/${action}`),
      );
      expect(found).toEqual({
        nobody: 401,
        stan: 400,
        priya: 400,
        omar: 400,
        petra: 400,
      });
    },
  );

  const other = { head: '0'.repeat(40), comment: 'Why?' };

  it.each([
    ['merge', { head: other.head }],
    ['review', { ...other, decision: 'approved' }],
    ['review', { ...other, decision: 'changes-requested' }],
    ['review', { ...other, decision: 'commented' }],
    ['review', { ...other, decision: 'withdrawn', objection: 'x' }],
  ])(
    'only the platform team gets to know that another head than the shown one is there: %s %j',
    async (action, body) => {
      const act = (person: string) =>
        shop.as(person).post(`/proposals/${proposalId}/${action}`, body);
      expect(await statuses(act)).toEqual({
        nobody: 401,
        stan: 403,
        priya: 403,
        omar: 403,
        petra: 409,
      });
      expect((await act('petra')).body.error.code).toBe('head-changed');
    },
  );

  it.each([
    ['merge', {}],
    ['review', { decision: 'approved' }],
  ])(
    'a %s without the head that was shown is refused',
    async (action, body) => {
      const act = (person: string) =>
        shop.as(person).post(`/proposals/${proposalId}/${action}`, body);
      expect(await statuses(act)).toEqual({
        nobody: 401,
        stan: 400,
        priya: 400,
        omar: 400,
        petra: 400,
      });
      const answer = await act('petra');
      expect(answer.body.error.message).toMatch(/head/);
    },
  );

  it('only an objection’s author, or with a reason another of the platform team, takes it back', async () => {
    const url = `/proposals/${proposalId}`;
    const page = async (person: string) =>
      (await shop.as(person).get(url)).body;
    const { head, objections } = await page('omar');
    expect(objections).toEqual([
      expect.objectContaining({
        by: expect.objectContaining({ ref: 'user:default/petra' }),
        comment: 'Why?',
        head,
        own: false,
        takeBack: expect.objectContaining({ allowed: false }),
      }),
    ]);
    const [{ id }] = objections;
    const withdraw = { decision: 'withdrawn', objection: id, head };
    const act = (person: string) =>
      shop.as(person).post(`${url}/review`, { ...withdraw, comment: ' ' });
    expect(
      await statuses(person => act(person === 'petra' ? 'pavel' : person)),
    ).toEqual({ nobody: 401, stan: 403, priya: 403, omar: 403, petra: 400 });
    expect((await act('petra')).status).toBe(200);
    expect((await page('petra')).objections).toEqual([]);
    // There is nothing left to take back.
    expect((await act('petra')).body.error.code).toBe('objection-gone');
  });

  it.each([
    ['get', '/requests/01ARZ3NDEKTSV4RRFFQ69G5FAV'],
    ['get', '/proposals/01ARZ3NDEKTSV4RRFFQ69G5FAV'],
    ['get', '/apis/default/nothing'],
    ['get', '/apis/default/nothing/operations'],
    ['get', '/callers/component/default/nothing'],
    ['post', '/requests/01ARZ3NDEKTSV4RRFFQ69G5FAV/approve'],
    ['post', '/requests/01ARZ3NDEKTSV4RRFFQ69G5FAV/reject'],
    ['post', '/requests/01ARZ3NDEKTSV4RRFFQ69G5FAV/withdraw'],
    ['post', '/proposals/01ARZ3NDEKTSV4RRFFQ69G5FAV/review'],
    ['post', '/proposals/01ARZ3NDEKTSV4RRFFQ69G5FAV/merge'],
  ] as const)('%s %s is not found', async (method, path) => {
    const bodies: Record<string, object> = {
      approve: { digest: 'x' },
      reject: { reason: 'x' },
      review: { decision: 'approved', head: 'x' },
      merge: { head: 'x' },
    };
    const petra = shop.as('petra');
    const body = bodies[path.split('/').pop()!] ?? {};
    const answer = await (method === 'get'
      ? petra.get(path)
      : petra.post(path, body));
    expect(answer.status).toBe(404);
  });

  it.each([
    [
      'a reason of 100 kB',
      { reason: 'x'.repeat(100_000) },
      /reason has 100000 characters/,
    ],
    [
      'a reason with a direction mark',
      { reason: 'a\u202eb' },
      /reason contains control characters/,
    ],
    ['no operation', { operations: [] }, /operations must have 1/],
    [
      'two kinds in one operation',
      { operations: [{ id: 'a', tcp: { port: 1 } }] },
      /exactly one of/,
    ],
    [
      'a port out of range',
      { operations: [{ tcp: { port: 99999 } }] },
      /outside 1 to 65535/,
    ],
    [
      'an API that is none',
      { api: 'component:default/checkout' },
      /api must be of kind api/,
    ],
    [
      'a reference that is none',
      { caller: '../../etc/passwd' },
      /caller is not an entity reference/,
    ],
    ['an unknown gap', { acknowledges: ['everything'] }, /acknowledges knows/],
    [
      'an unknown field',
      { colour: 'red' },
      /must NOT have additional properties|additional/,
    ],
    ['no digest', { digest: undefined }, /digest/],
  ])('refuses %s, and names the field', async (_, change, message) => {
    const answer = await shop
      .as('priya')
      .post('/requests', { ...DRAFT, digest: 'sha256:0', ...change });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(message);
  });

  it('refuses pages of no size and cursors that nobody gave out', async () => {
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=x',
      'cursor=x',
      'tab=everything',
      'state=odd',
    ]) {
      expect([
        query,
        (await shop.as('priya').get(`/requests?${query}`)).status,
      ]).toEqual([query, 400]);
    }
  });

  it('asks nothing of an API that vanished meanwhile, and says so', async () => {
    const index = shop.entities.findIndex(
      ({ kind, metadata }) => kind === 'API' && metadata.name === 'orders',
    );
    const [orders] = shop.entities.splice(index, 1);
    try {
      const answer = await shop.as('priya').post('/previews', DRAFT);
      expect(answer.status).toBe(404);
      expect(answer.body.error.message).toMatch(/api:default\/orders/);
    } finally {
      shop.entities.splice(index, 0, orders);
    }
  });

  it('stores a repeated send once', async () => {
    const preview = await shop
      .as('priya')
      .post('/previews', { ...DRAFT, operations: [{ id: 'getOrderLog' }] });
    const body = {
      ...DRAFT,
      operations: [{ id: 'getOrderLog' }],
      digest: preview.body.digest,
    };
    const send = () =>
      shop.as('priya').post('/requests', body).set('Idempotency-Key', 'once');
    const [first, second] = [await send(), await send()];
    expect(first.status).toBe(201);
    expect(second.body.id).toBe(first.body.id);
  });
});
