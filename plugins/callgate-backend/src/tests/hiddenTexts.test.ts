import fs from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { AccessRow } from '@callgate/plugin-callgate-common';
import { parse } from 'yaml';
import type { ChangedShop } from '../__testUtils__/changedShop';
import {
  approve,
  commitElsewhere,
  mergeShown,
  proposalOf,
  send,
} from '../__testUtils__/steps';
import {
  CUTTING,
  NIGHTJAR,
  draftOf,
  startNightjarShop,
  startWithNightjar,
  TRACES,
  type NightjarShop,
} from '../__testUtils__/nightjar';

jest.setTimeout(300_000);

/** A stranger who asked for something, owners of two APIs, somebody of the platform team. */
const READERS = ['stan', 'lena', 'chloe', 'fatima', 'pavel'];

const APIS = [
  'orders',
  'catalogue',
  'inventory',
  'payments',
  'pricing',
  'shipping',
  'card-acquirer',
];
const SEEN_CALLERS = [
  'component/default/store-locator',
  'component/default/ops-console',
  'component/default/legacy-batch',
  'system/default/insight',
];

type Answer = { status: number; text: string };

const traceIn = (text: string) => {
  const found = TRACES.exec(text);
  return found && text.slice(Math.max(0, found.index - 300), found.index + 60);
};

describe('a caller that a reader may not see', () => {
  let shop: NightjarShop;
  let proposals: string[];
  const heads = new Map<string, string>();
  const declared: { id: string; api: string }[] = [];

  beforeAll(async () => {
    shop = await startNightjarShop();
    const { body } = await shop.as('petra').get('/proposals');
    proposals = body.items.map(({ id }: { id: string }) => id);
    for (const id of proposals) {
      heads.set(id, (await shop.as('petra').get(`/proposals/${id}`)).body.head);
    }
    for (const api of APIS) {
      const page = await shop.as('petra').get(`/apis/default/${api}`);
      const rows: AccessRow[] = page.body.callers;
      declared.push(
        ...rows
          .flatMap(row => row.grants)
          .map(({ id }) => ({ id, api: `api:default/${api}` })),
      );
    }
  });
  afterAll(() => shop?.stop());

  const requests = () => Object.values(shop.requests);
  const get = async (person: string, path: string): Promise<Answer> =>
    shop.as(person).get(path);
  const post = async (
    person: string,
    path: string,
    body?: object,
  ): Promise<Answer> => shop.as(person).post(path, body);
  const previews = (person: string) =>
    ['catalogue', 'inventory', 'orders', 'pricing', 'payments', 'shipping'].map(
      api =>
        post(person, '/previews', { ...CUTTING, api: `api:default/${api}` }),
    );

  /** An answer without the path that was asked: whoever writes a name reads it there. */
  const echoless = async (
    answer: Promise<Answer>,
    id: string,
    written = `/grants/${id}`,
  ): Promise<Answer> => {
    const { status, text } = await answer;
    return { status, text: text.replaceAll(written, '') };
  };

  /** What to ask of each route, in the order in which it may be asked. */
  const asked: Record<string, (person: string) => Promise<Answer>[]> = {
    'get /apis/{namespace}/{name}': person =>
      APIS.map(api => get(person, `/apis/default/${api}`)),
    'get /apis/{namespace}/{name}/operations': person =>
      APIS.map(api => get(person, `/apis/default/${api}/operations`)),
    'get /approval-rules': person => [get(person, '/approval-rules')],
    'get /callers/{kind}/{namespace}/{name}': person => [
      ...SEEN_CALLERS.map(caller => get(person, `/callers/${caller}`)),
    ],
    'post /previews': person => previews(person),
    'post /explanations': person =>
      ['orders', 'catalogue', 'inventory', 'payments'].flatMap(api =>
        ['ops-console', 'legacy-batch', 'store-locator', 'checkout'].map(
          caller =>
            post(person, '/explanations', {
              api: `api:default/${api}`,
              caller: `component:default/${caller}`,
              method: 'GET',
              path: '/orders',
            }),
        ),
      ),
    'get /requests': person => [
      get(person, '/requests'),
      get(person, '/requests?tab=waiting'),
      get(person, '/requests?tab=mine'),
      get(person, '/requests?api=api:default/orders'),
    ],
    'post /requests': person =>
      ['catalogue', 'inventory', 'pricing'].map(api =>
        post(person, '/requests', {
          ...CUTTING,
          api: `api:default/${api}`,
          digest: 'sha256:0',
        }),
      ),
    'get /requests/{id}': person =>
      requests().map(({ id }) => get(person, `/requests/${id}`)),
    'post /requests/{id}/approve': person =>
      requests().map(({ id, digest }) =>
        post(person, `/requests/${id}/approve`, { digest }),
      ),
    'post /requests/{id}/reject': person =>
      requests().map(({ id }) =>
        post(person, `/requests/${id}/reject`, { reason: ' ' }),
      ),
    'post /requests/{id}/withdraw': person =>
      requests()
        .filter(() => person !== 'stan')
        .map(({ id }) => post(person, `/requests/${id}/withdraw`)),
    'post /requests/{id}/ask-change': person =>
      requests().map(({ id }) =>
        post(person, `/requests/${id}/ask-change`, { note: ' ' }),
      ),
    'post /requests/{id}/revise': person =>
      requests().map(({ id }) =>
        post(person, `/requests/${id}/revise`, { digest: 'sha256:0' }),
      ),
    'post /requests/{id}/comment': person =>
      requests().map(({ id }) =>
        post(person, `/requests/${id}/comment`, { text: ' ' }),
      ),
    'post /requests/decide': person => [
      post(person, '/requests/decide', {
        decisions: requests().map(({ id }) => ({
          id,
          decision: 'approve',
          digest: 'sha256:0',
        })),
      }),
    ],
    'post /requests/{id}/blank-texts': person =>
      requests().map(({ id }) => post(person, `/requests/${id}/blank-texts`)),
    'get /proposals': person => [get(person, '/proposals')],
    'get /proposals/{id}': person =>
      proposals.map(id => get(person, `/proposals/${id}`)),
    'post /proposals/{id}/review': person =>
      proposals.map(id =>
        post(person, `/proposals/${id}/review`, {
          decision: 'commented',
          comment: 'Read',
          head: heads.get(id) ?? 'none',
        }),
      ),
    'post /proposals/{id}/merge': person =>
      proposals.map(id =>
        post(person, `/proposals/${id}/merge`, {
          head: heads.get(id) ?? 'none',
        }),
      ),
    'get /claims': person => [get(person, '/claims')],
    // Nobody who is signed in may send what a cluster has.
    'post /estates/{cluster}': person => [
      post(person, '/estates/prod-eu', {
        session: '00000000-0000-4000-8000-000000000000',
        form: 1,
        problems: [],
      }),
    ],
    'get /clusters': person => [get(person, '/clusters')],
    'get /break-glass': person => [get(person, '/break-glass')],
    ...Object.fromEntries(
      (['settle', 'merge'] as const).map(action => [
        `post /claims/{cluster}/{namespace}/{kind}/{name}/${action}`,
        (person: string) =>
          ['monitoring/StatefulSet/prometheus', 'a/Deployment/b'].map(
            workload =>
              post(person, `/claims/prod-eu/${workload}/${action}`, {
                ...(action === 'settle' && { owner: 'group:default/security' }),
                ...(action === 'merge' && { head: '0'.repeat(40) }),
              }),
          ),
      ]),
    ),
    ...Object.fromEntries(
      ['grants', 'decisions'].map(kind => [
        `get /exports/${kind}`,
        (person: string) =>
          ['json', 'csv'].map(format =>
            get(person, `/exports/${kind}?format=${format}`),
          ),
      ]),
    ),
    'get /declarations': person => [get(person, '/declarations')],
    'get /reviews': person => [
      get(person, '/reviews'),
      get(person, '/reviews?q=nightjar'),
      get(person, '/reviews?q=plover'),
    ],
    'get /imports': person => [get(person, '/imports')],
    'get /imports/{namespace}/{name}': person =>
      APIS.map(api => get(person, `/imports/default/${api}`)),
    // Nobody was shown that, so that nothing is opened.
    'post /imports': person => [
      post(person, '/imports', {
        apis: APIS.map(api => ({
          api: `api:default/${api}`,
          digest: 'sha256:0',
        })),
      }),
    ],
    // Nobody was shown that, so that nothing is kept or asked for. What was sent is in the answer.
    'post /reviews/decide': person =>
      (['keep', 'end'] as const).flatMap(decision =>
        declared.map(({ id, api }) =>
          echoless(
            post(person, '/reviews/decide', {
              decisions: [{ api, grant: id, decision, digest: 'sha256:0' }],
              note: 'x',
            }),
            id,
            `"grant":"${id}"`,
          ),
        ),
      ),
    'get /grants/{id}': person =>
      declared.map(({ id, api }) =>
        echoless(get(person, `/grants/${id}?api=${api}`), id),
      ),
    // Nobody was shown that meaning, so that nothing is asked for.
    'post /grants/{id}/revoke': person =>
      declared.map(({ id, api }) =>
        echoless(
          post(person, `/grants/${id}/revoke`, {
            api,
            reason: 'Not needed',
            digest: 'sha256:0',
          }),
          id,
        ),
      ),
    'post /grants/{id}/renew': person =>
      declared.map(({ id, api }) =>
        echoless(
          post(person, `/grants/${id}/renew`, {
            api,
            reason: 'Still needed',
            until: '2099-01-01',
            digest: 'sha256:0',
          }),
          id,
        ),
      ),
  };

  const json = (value: unknown) => JSON.stringify(value);

  it('has everything that could be told: who may see it reads of it everywhere', async () => {
    expect(declared.length).toBeGreaterThan(5);
    const told = async (answer: Promise<Answer>) => (await answer).text;
    for (const { id } of requests()) {
      expect(await told(get('petra', `/requests/${id}`))).toMatch(TRACES);
    }
    for (const id of proposals) {
      expect(await told(get('petra', `/proposals/${id}`))).toMatch(TRACES);
    }
    for (const api of ['orders', 'catalogue', 'inventory', 'payments']) {
      expect(await told(get('petra', `/apis/default/${api}`))).toMatch(TRACES);
    }
    const { body } = await shop.as('petra').get('/proposals');
    expect(
      body.items.map(({ problem }: { problem?: string }) => problem ?? ''),
    ).toContainEqual(expect.stringMatching(TRACES));
    const again = await shop
      .as('petra')
      .get(`/requests/${shop.requests.asksAgain.id}`);
    expect(json(again.body.timeline)).toMatch(
      /it opens [^;]*(?:plover|nightjar)[^;]* → /i,
    );
    for (const kind of ['grants', 'decisions'])
      for (const format of ['json', 'csv'])
        expect(
          await told(get('petra', `/exports/${kind}?format=${format}`)),
        ).toMatch(TRACES);
    const preview = await shop.as('petra').post('/previews', CUTTING);
    expect(json(preview.body.meaning.flips)).toMatch(TRACES);
  });

  it('is not in why somebody else’s request cannot be sent', async () => {
    const { body } = await shop
      .as('stan')
      .post('/previews', { ...CUTTING, api: 'api:default/inventory' });
    expect(body.send.allowed).toBe(false);
    expect(traceIn(json(body.send))).toBeNull();
  });

  it('is not in the findings and reasons of the page of an API', async () => {
    for (const api of APIS) {
      const { body } = await shop.as('lena').get(`/apis/default/${api}`);
      expect(traceIn(json([body.findings, body.headline]))).toBeNull();
      expect(
        traceIn(
          json(
            body.callers.flatMap(({ grants, beyond }: AccessRow) =>
              [...grants, ...beyond].map(({ because }) => because),
            ),
          ),
        ),
      ).toBeNull();
    }
  });

  it('is not in why somebody’s own request, which cuts it, has to be approved again', async () => {
    const reasons = async (person: string) => {
      const { id } = shop.requests.cutting;
      const { body } = await shop.as(person).get(`/requests/${id}`);
      return body.timeline
        .map(({ reason }: { reason?: string }) => reason ?? '')
        .join();
    };
    expect(await reasons('petra')).toMatch(/Project Plover loses its access/);
    expect(traceIn(await reasons('stan'))).toBeNull();
  });

  it('leaves it to be seen that its own request has to be approved again', async () => {
    const { id } = shop.requests.asksAgain;
    const { body } = await shop.as('lena').get(`/requests/${id}`);
    expect(json(body.timeline)).toMatch(
      /has changed since it was approved: .* what you may not see/,
    );
  });

  it('is not in why a pull request cannot be built', async () => {
    const { body } = await shop.as('lena').get('/proposals');
    const problems = body.items.flatMap(
      ({ problem }: { problem?: string }) => problem ?? [],
    );
    expect(problems).toHaveLength(1);
    expect(traceIn(json(problems))).toBeNull();
  });

  it('is in no notification: they go to groups and stay in inboxes', () => {
    expect(shop.notified.length).toBeGreaterThan(5);
    expect(traceIn(json(shop.notified))).toBeNull();
    expect(json(shop.notified)).toMatch(/orders/);
  });

  it('has no page and no answers of its own, only an echo of the question', async () => {
    for (const person of READERS) {
      const answers = [
        await get(person, '/callers/component/default/nightjar'),
        await post(person, '/explanations', {
          api: 'api:default/orders',
          caller: NIGHTJAR,
        }),
        await post(person, '/previews', { ...CUTTING, caller: NIGHTJAR }),
      ];
      for (const { status, text } of answers) {
        expect(status).toBe(404);
        const rest = text
          .replaceAll(NIGHTJAR, '')
          .replaceAll('/component/default/nightjar', '');
        expect(traceIn(rest)).toBeNull();
      }
    }
  });

  it('is found by nobody who asks for its requests', async () => {
    const path = `/requests?caller=${NIGHTJAR}`;
    for (const person of READERS) {
      expect((await shop.as(person).get(path)).body).toEqual({
        items: [],
        total: 0,
      });
    }
    expect((await shop.as('omar').get(path)).body.total).toBeGreaterThan(2);
  });

  const { paths } = parse(
    fs.readFileSync(
      resolvePackagePath(
        '@callgate/plugin-callgate-backend',
        'src/schema/openapi.yaml',
      ),
      'utf8',
    ),
  ) as { paths: Record<string, Record<string, unknown>> };
  const routes = Object.entries(paths)
    .flatMap(([path, methods]) =>
      ['get', 'post', 'put', 'patch', 'delete']
        .filter(method => methods[method])
        .map(method => `${method} ${path}`),
    )
    // Merging comes last: it changes what the others tell.
    .sort((a, b) => Number(/merge$/.test(a)) - Number(/merge$/.test(b)));

  it.each(routes)('leaves no trace in %s', async route => {
    const ask = asked[route];
    // A new route says here what is to be asked of it.
    expect(ask).toBeDefined();
    for (const person of READERS) {
      for (const answer of ask(person)) {
        const { status, text } = await answer;
        expect([person, status, traceIn(text)]).toEqual([person, status, null]);
        expect(status).not.toBe(500);
      }
    }
  });
});

describe('a caller that a reader may not see, whose own egress is closed', () => {
  let shop: ChangedShop;

  beforeAll(async () => {
    shop = await startWithNightjar({ closedEgress: true });
  });
  afterAll(() => shop?.stop());

  it('is not told by its flip, its plumbing and the paths of its files, in a request and a proposal', async () => {
    const asked = await send(shop, 'ivan', draftOf('orders', 'listOrders'));
    const requestPath = `/requests/${asked.id}`;
    expect(asked.files.map(({ path }) => path)).toContain(
      'clusters/prod-eu/roost/callgate-orders.yaml',
    );
    const before = await shop.as('lena').get(requestPath);
    await approve(shop, 'omar', asked);
    const { id } = await proposalOf(shop, asked);
    const answers = [
      before,
      await shop.as('lena').get(requestPath),
      await shop.as('lena').get(`/proposals/${id}`),
    ];
    for (const { status, text, body } of answers) {
      expect([status, traceIn(text)]).toEqual([200, null]);
      expect(body.files).toHaveLength(asked.files.length);
    }
    expect(answers[0].body.meaning.flips).toHaveLength(
      asked.meaning.flips.length,
    );
    expect(JSON.stringify(asked.meaning.plumbingObjects)).toMatch(TRACES);
  });

  it('is not told by a merge that both sides changed the same of', async () => {
    const { body } = await shop.as('petra').get('/proposals');
    const [{ id }] = body.items;
    commitElsewhere(shop, {
      'clusters/prod-eu/roost/callgate-orders.yaml': () => 'kind: List\n',
    });
    const seen = await shop.as('petra').get(`/proposals/${id}`);
    expect(seen.body.conflicts.join()).toMatch(TRACES);
    const page = await shop.as('pavel').get(`/proposals/${id}`);
    expect([page.body.conflicts.length, traceIn(page.text)]).toEqual([
      seen.body.conflicts.length,
      null,
    ]);
    const merge = await mergeShown(shop, 'pavel', { id });
    expect([merge.status, traceIn(merge.text)]).toEqual([409, null]);
  });
});
