import { createServiceFactory } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { notificationService } from '@backstage/plugin-notifications-node';
import type {
  ApiImport,
  ImportReport,
  ImportResults,
} from '@callgate/plugin-callgate-common';
import fs from 'node:fs';
import path from 'node:path';
import {
  type ChangedShop,
  editFile,
  replaced,
  type ShopChanges,
  startChangedShop,
} from '../__testUtils__/changedShop';
import {
  BY_HAND_CONTESTED,
  CRM_ESTATE,
  CUSTOMERS,
  CUSTOMERS_MANIFEST,
  CUSTOMERS_POLICY,
  shopByHand,
} from '../__testUtils__/shopByHand';
import { eventually } from '../__testUtils__/startShop';
import { approve, git, send } from '../__testUtils__/steps';

jest.setTimeout(180_000);

const ONE = '/imports/default/customers';

describe('importing what is in force', () => {
  let shop: ChangedShop;
  const notified: {
    recipients: { entityRef?: string | string[] };
    payload: Record<string, string>;
  }[] = [];

  const start = async (changes: ShopChanges = {}) => {
    notified.length = 0;
    shop = await startChangedShop(
      shopByHand({
        ...changes,
        features: [
          createServiceFactory({
            service: notificationService,
            deps: {},
            factory: () => ({
              send: async (sent: never) => {
                notified.push(sent);
              },
            }),
          }),
        ],
      }),
    );
  };
  afterEach(() => shop?.stop());

  const report = (): Promise<ImportReport> =>
    eventually(
      async () => (await shop.as('petra').get('/imports')).body,
      ({ workedOut, total }: ImportReport) => workedOut === total,
    );
  const stateOf = async (name: string) =>
    (await report()).items.find(({ api }) => api.name === name)!;
  const one = async (): Promise<ApiImport> =>
    (await shop.as('petra').get(ONE)).body;
  const open = async (digest: string | undefined, person = 'petra') =>
    shop.as(person).post('/imports', { apis: [{ api: CUSTOMERS, digest }] });
  const opened = async () => {
    const { body } = await open((await one()).digest);
    const [{ proposal }] = (body as ImportResults).results;
    await shop.run('build-proposals');
    return proposal!;
  };
  const proposalOf = async (id: string, person = 'pavel') =>
    (await shop.as(person).get(`/proposals/${id}`)).body;

  it('says what would become of each API, and where each grant comes from', async () => {
    await start();
    const { items, total, source } = await report();
    expect(total).toBe(12);
    expect(source.branch).toBe('main');
    const states = Object.fromEntries(
      items.map(({ api, state }) => [api.name, state]),
    );
    // Only `customers` is not declared in the example and closed; `catalogue` has no policy at all.
    expect(states).toEqual({
      'card-acquirer': 'declared',
      catalogue: 'open',
      customers: 'written',
      inventory: 'declared',
      orders: 'declared',
      'orders-db': 'declared',
      payments: 'declared',
      pricing: 'declared',
      recommendations: 'declared',
      shipping: 'declared',
      sorting: 'declared',
      warehouse: 'declared',
    });
    const found = await one();
    expect(found).toMatchObject({
      state: 'written',
      choose: { allowed: true },
      inForce: false,
      byHand: [],
      changes: [],
    });
    const from = [
      {
        object: 'NetworkPolicy crm/crm-callers',
        cluster: 'prod-eu',
        file: expect.stringMatching(/crm\.yaml$/),
        line: expect.any(Number),
      },
    ];
    // A NetworkPolicy knows no methods, so each grant is of the port.
    expect(
      found.items.map(({ caller, operations, from: by }) => [
        caller?.ref,
        operations,
        by,
      ]),
    ).toEqual([
      ['component:default/care-desk', ['TCP 8080'], from],
      ['component:default/web', ['TCP 8080'], from],
    ]);
    const line = fs
      .readFileSync(path.join(shop.folder, CRM_ESTATE), 'utf8')
      .split('\n')
      .indexOf('  name: crm-callers');
    // Counted from 1, its first line is three above that of its name.
    expect(found.items[0].from[0].line).toBe(line + 1 - 3);
    expect(found.files.map(({ path: file, status }) => [file, status])).toEqual(
      [
        [CUSTOMERS_POLICY, 'added'],
        [CUSTOMERS_MANIFEST, 'added'],
      ],
    );
    // It is the only thing that closes the API today, and what is generated closes it alike.
    expect(found.policies).toContainEqual(
      expect.objectContaining({
        object: 'NetworkPolicy crm/crm-callers',
        canGo: true,
      }),
    );
  });

  it('is for the platform team alone', async () => {
    await start();
    const { digest } = await one();
    for (const person of ['carmen', 'omar', 'sam']) {
      for (const answer of [
        await shop.as(person).get('/imports'),
        await shop.as(person).get(ONE),
        await open(digest, person),
      ])
        expect([answer.status, answer.text]).toEqual([
          404,
          expect.not.stringMatching(/crm|care-desk/),
        ]);
    }
    expect((await shop.as().get('/imports')).status).toBe(401);
    expect((await report()).items).toHaveLength(12);
    expect((await stateOf('customers')).proposal).toBeUndefined();
  });

  it('opens a pull request that somebody else merges, and the API is declared', async () => {
    await start();
    const id = await opened();
    const proposal = await proposalOf(id);
    expect(proposal).toMatchObject({
      state: 'open',
      api: { ref: CUSTOMERS },
      requests: [],
      merge: { allowed: true },
      title: expect.stringMatching(
        /^Import of .*: nobody can call more or less$/,
      ),
    });
    expect(proposal.checks[0]).toMatchObject({
      name: 'Nobody can call more or less',
      outcome: 'passed',
    });
    expect(proposal.checks.map(({ outcome }: never) => outcome)).not.toContain(
      'failed',
    );
    // What could be called before is nobody's gain.
    expect(proposal.meaning).toMatchObject({ gained: [], lost: [], flips: [] });
    for (const text of [
      'Nobody can call more or less',
      'NetworkPolicy crm/crm-callers',
      'TCP 8080',
    ])
      expect(proposal.body).toContain(text);
    const own = await proposalOf(id, 'petra');
    expect(own.merge).toEqual({
      allowed: false,
      reason:
        'You had this import prepared; somebody else reviews and merges it.',
    });
    const refused = await shop
      .as('petra')
      .post(`/proposals/${id}/merge`, { head: proposal.head });
    expect(refused.status).toBe(403);
    // Carmen's team owns it.
    const told = () =>
      notified
        .filter(({ payload }) => payload.topic === 'access-import')
        .map(({ recipients, payload }) => [
          recipients.entityRef,
          payload.title,
        ]);
    expect(told()).toEqual([
      [
        ['group:default/customer-care'],
        expect.stringMatching(/^Who can call it today is being written down/),
      ],
    ]);
    const before = await shop.as('pavel').get('/apis/default/customers');

    const merged = await shop
      .as('pavel')
      .post(`/proposals/${id}/merge`, { head: proposal.head });
    expect([merged.status, merged.body.state]).toEqual([200, 'merged']);
    expect(told()).toHaveLength(2);
    const after = await shop.as('pavel').get('/apis/default/customers');
    const canCall = ({ body }: typeof after) =>
      body.callers.map(({ caller }: { caller: { ref: string } }) => caller.ref);
    expect(canCall(after).sort()).toEqual(canCall(before).sort());
    expect(await stateOf('customers')).toMatchObject({ state: 'declared' });
    const done = await one();
    expect(done.inForce).toBe(true);
    expect(done.policies).toContainEqual(
      expect.objectContaining({
        object: 'NetworkPolicy crm/crm-callers',
        canGo: true,
      }),
    );
  });

  it('writes nothing that was not read', async () => {
    await start();
    const { digest } = await one();
    editFile(
      path.join(shop.folder, CRM_ESTATE),
      replaced('matchLabels: { app: web }', 'matchLabels: { app: cart }'),
    );
    await shop.run('refresh-estate');
    const { body } = await open(digest);
    expect(body.results).toEqual([
      {
        api: CUSTOMERS,
        opened: false,
        reason:
          'What would be written has changed since you read it. Read it again, then choose it.',
      },
    ]);
    expect(git(shop, 'branch', '--list', 'callgate/*')).toBe('');
  });

  it('has one pull request for an API: a second import is refused', async () => {
    await start();
    const id = await opened();
    expect(await stateOf('customers')).toMatchObject({
      choose: { allowed: false, reason: expect.stringMatching(/open pull/) },
      proposal: { id, imports: true },
    });
    const { digest } = await one();
    expect((await open(digest)).body.results).toEqual([
      {
        api: CUSTOMERS,
        opened: false,
        reason: expect.stringMatching(/^It has an open pull request/),
      },
    ]);
  });

  it('has an approved request wait until the import is merged, and carries it then', async () => {
    await start();
    const id = await opened();
    const sent = await send(shop, 'omar', {
      api: CUSTOMERS,
      caller: 'component:default/invoicing',
      operations: [{ tcp: { port: 8080 } }],
      in: ['prod-eu'],
      reason: 'An invoice needs an address',
    });
    await approve(shop, 'carmen', sent);
    await shop.run('build-proposals');
    const waiting = (await shop.as('omar').get(`/requests/${sent.id}`)).body;
    expect([waiting.state, waiting.problem?.code]).toEqual([
      'approved',
      'import-open',
    ]);
    // Nobody's grant slipped into what the platform team reads as an import.
    const { head, files } = await proposalOf(id);
    expect(JSON.stringify(files)).not.toContain('invoicing');
    await shop.as('pavel').post(`/proposals/${id}/merge`, { head });
    // The build that the merge woke may be under way, and nobody else builds it meanwhile.
    const body = await eventually(
      async () => {
        await shop.run('build-proposals');
        return (await shop.as('omar').get(`/requests/${sent.id}`)).body;
      },
      ({ state }) => state === 'proposed',
    );
    expect(body.proposal.id).not.toBe(id);
    const declared = git(shop, 'show', `main:${CUSTOMERS_POLICY}`);
    expect(declared).toContain('caller: component:default/care-desk');
    expect(declared).not.toContain('invoicing');
  });

  it('is refused for an API of which a request is approved', async () => {
    await start();
    const { digest } = await one();
    const sent = await send(shop, 'omar', {
      api: CUSTOMERS,
      caller: 'component:default/invoicing',
      operations: [{ tcp: { port: 8080 } }],
      in: ['prod-eu'],
      reason: 'An invoice needs an address',
    });
    await approve(shop, 'carmen', sent);
    const { body } = await open(digest);
    expect(body.results).toMatchObject([
      { opened: false, reason: expect.stringMatching(/approved request/) },
    ]);
  });

  it('ends where what is in force changes before it is merged', async () => {
    await start();
    const id = await opened();
    const { head } = await proposalOf(id);
    editFile(
      path.join(shop.folder, CRM_ESTATE),
      replaced('matchLabels: { app: web }', 'matchLabels: { app: cart }'),
    );
    await shop.run('refresh-estate');
    const merged = await shop
      .as('pavel')
      .post(`/proposals/${id}/merge`, { head });
    expect([
      merged.status,
      merged.body.error?.code ?? merged.body.code,
    ]).toEqual([409, 'proposal-blocked']);
    // The build that this woke may be under way, and nobody else builds it meanwhile.
    await eventually(
      async () => {
        await shop.run('build-proposals');
        return proposalOf(id);
      },
      ({ state }) => state === 'closed',
    );
    expect(git(shop, 'ls-tree', '-r', '--name-only', 'main')).not.toContain(
      CUSTOMERS_POLICY,
    );
  });

  it('ends where somebody else would own what is declared', async () => {
    await start();
    const id = await opened();
    const { head, files } = await proposalOf(id);
    expect(JSON.stringify(files)).toContain(
      'owner: group:default/customer-care',
    );
    const index = shop.entities.findIndex(
      ({ kind, metadata }) => kind === 'API' && metadata.name === 'customers',
    );
    const found = shop.entities[index];
    shop.entities[index] = {
      ...found,
      spec: { ...found.spec, owner: 'group:default/contractors' },
    };
    const merged = await shop
      .as('pavel')
      .post(`/proposals/${id}/merge`, { head });
    expect(merged.status).toBe(409);
    // The build that this woke may be under way, and nobody else builds it meanwhile.
    await eventually(
      async () => {
        await shop.run('build-proposals');
        return proposalOf(id);
      },
      ({ state }) => state === 'closed',
    );
    expect(git(shop, 'branch', '--list', 'callgate/*')).toBe('');
  });

  /** Store locator, of contractors, says that a workload is theirs. */
  const lie = (namespace: string, id: string) => ({
    'component:store-locator': (entity: Entity) => ({
      ...entity,
      metadata: {
        ...entity.metadata,
        annotations: {
          ...entity.metadata.annotations,
          'backstage.io/kubernetes-id': id,
          'backstage.io/kubernetes-namespace': namespace,
        },
      },
    }),
  });

  it.each([
    ['the caller', 'care', 'care-desk'],
    ['the API', 'crm', 'crm'],
  ])(
    'gives nothing to whoever says that the workload of %s is theirs',
    async (_, namespace, id) => {
      await start({ entities: lie(namespace, id) });
      const found = await one();
      const named = found.items.map(({ caller }) => caller?.ref);
      expect(named).not.toContain('component:default/store-locator');
      expect(['written', 'left-out']).toContain(found.state);
    },
  );

  it('keeps by hand whoever calls from a workload that several claim', async () => {
    await start({
      files: {
        [CRM_ESTATE]: text => `${text.trimEnd()}\n${BY_HAND_CONTESTED}`,
      },
    });
    const found = await one();
    expect(found.items.map(({ caller }) => caller?.ref)).toEqual([
      'component:default/care-desk',
      'component:default/web',
    ]);
    expect(found.byHand).toMatchObject([
      { reason: expect.stringMatching(/^claimed by .*, and not settled$/) },
    ]);
  });

  it('says nothing to whoever of the team may not see every caller', async () => {
    await start({
      hides: (person, ref) =>
        person === 'user:default/pavel' &&
        ref === 'component:default/care-desk',
    });
    const { body } = await shop.as('pavel').get('/imports');
    expect(body).toMatchObject({
      items: [],
      problem: expect.stringMatching(/you may not see all of them/),
    });
    const { digest } = await one();
    for (const answer of [
      await shop.as('pavel').get(ONE),
      await open(digest, 'pavel'),
    ])
      expect(answer.status).toBe(403);
    const id = await opened();
    const told = JSON.stringify(await proposalOf(id, 'pavel'));
    expect(told).not.toMatch(/care-desk|crm-callers/i);
    // Who may see it reads it there.
    expect(JSON.stringify(await proposalOf(id, 'petra'))).toMatch(/care-desk/);
  });

  it('keeps titles and names of others text', async () => {
    await start({
      entities: {
        'component:web': entity => ({
          ...entity,
          metadata: {
            ...entity.metadata,
            title: '](https://evil.example) <img src=x> @everybody #1 | x',
          },
        }),
      },
    });
    const { body, title } = await proposalOf(await opened());
    expect(body).not.toMatch(/<img|\]\(https|@everybody|#1 /);
    expect(body).toContain('&lt;img');
    expect(title).not.toContain('@');
  });
});
