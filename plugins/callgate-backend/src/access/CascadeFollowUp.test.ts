import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { CatalogEntity } from '@callgate/policy';
import { DatabaseCascadeStore } from '../database/CascadeStore';
import type { Ownership } from '../ownership';
import {
  ORDERS,
  POLICY,
  ProposalBench,
} from '../proposals/__testUtils__/ProposalBench';
import { Cascade } from './Cascade';
import { CascadeFollowUp, type CascadeNotice } from './CascadeFollowUp';
import type { ChangeNotifier } from './ChangeNotifier';

jest.setTimeout(180_000);

const HOUR = 3_600_000;
const CART = 'component:default/cart';
const API_TEAM = 'group:default/orders-team';
const CART_TEAM = 'group:default/cart-team';
const ORIGIN = 'backstage.io/managed-by-origin-location';

const grant = (
  name: string,
  operation = 'listOrders',
) => `    - id: ${name}-lists
      caller: component:default/${name}
      operations: [{ id: ${operation} }]
      ends: { caller: ['prod:shop/sa/${name}'], provider: ['prod:shop/sa/orders'] }
`;

const policy = (...grants: string[]) => `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: ${API_TEAM}
  api: ${ORDERS}
  mode: enforce
  grants:
${grants.join('')}`;

const refOf = ({ kind, metadata }: CatalogEntity) =>
  `${kind.toLowerCase()}:default/${metadata.name}`;

describe('what goes by itself where things that grants name go or change', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  const cascaded = jest.fn<Promise<void>, [string, readonly CascadeNotice[]]>();
  const changeAsked = jest.fn();
  const withdrawn = jest.fn();
  const auditor = mockServices.auditor.mock();

  beforeEach(async () => {
    jest.resetAllMocks();
    auditor.createEvent.mockResolvedValue({
      success: jest.fn(),
      fail: jest.fn(),
    });
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    edit('cart', entity => {
      ownedBy(entity, CART_TEAM);
      entity.metadata.annotations![ORIGIN] = 'url:cart.yaml';
    });
  });
  afterEach(() => bench.close());

  /** The task of one process. */
  function task(): CascadeFollowUp {
    const people: Record<string, string[]> = {
      [API_TEAM]: ['user:default/omar'],
      [CART_TEAM]: ['user:default/cora'],
      'group:default/others': ['user:default/stan'],
      'group:default/platform': ['user:default/petra'],
    };
    const ownership = {
      ownersOf: async (ref: string) =>
        bench.catalog
          .filter(each => refOf(each) === ref)
          .flatMap(each => each.relations ?? [])
          .filter(({ type }) => type === 'ownedBy')
          .map(({ targetRef }) => targetRef),
      peopleOf: async (owners: string[]) =>
        [...new Set(owners.flatMap(owner => people[owner] ?? []))].sort(),
      within: () => ownership,
    } as unknown as Ownership;
    const store = DatabaseCascadeStore.create({ client: bench.client });
    return new CascadeFollowUp({
      requests: bench.requests,
      ownership,
      notifier: {
        cascaded,
        changeAsked,
        withdrawn,
      } as unknown as ChangeNotifier,
      lifecycle: { remindDays: [] },
      platformTeam: 'group:default/platform',
      now: () => bench.now,
      snapshots: bench.backend().snapshots,
      planner: bench.planner,
      cascade: new Cascade(store),
      store,
      auditor,
      auth: mockServices.auth({ pluginId: 'callgate' }),
      logger: bench.logger,
    });
  }

  function edit(name: string, change: (entity: CatalogEntity) => void): void {
    bench.catalog = bench.catalog.map(each => {
      if (each.metadata.name !== name || each.kind !== 'Component') return each;
      const copy = structuredClone(each);
      change(copy);
      return copy;
    });
  }

  function ownedBy(entity: CatalogEntity, owner: string): void {
    entity.spec!.owner = owner;
    entity.relations = [{ type: 'ownedBy', targetRef: owner }];
  }

  const remove = (...names: string[]) => {
    bench.catalog = bench.catalog.filter(
      ({ kind, metadata }) =>
        kind !== 'Component' || !names.includes(metadata.name),
    );
  };

  /** Declares it, and has the manifests written with a request that is merged. */
  async function inForce(text: string): Promise<void> {
    await bench.pushToMain({ [POLICY]: text });
    await bench.approved({ operations: [{ id: 'getOrder' }] });
    await bench.backend().worker.runOnce();
    await bench.mergedElsewhere(1);
    await bench.backend().worker.syncOnce();
    await task().runOnce();
  }

  /** Each hour a process that begins with nothing in its memory. */
  async function hours(count: number): Promise<void> {
    for (let hour = 0; hour < count; hour++) {
      bench.now += HOUR;
      await task().runOnce();
    }
  }

  const ends = async (id = 'cart-lists') =>
    (await bench.requests.requestsOfGrant(ORDERS, id)).map(
      ({ state, requestedBy, draft: { change } }) => ({
        state,
        requestedBy,
        gone: change?.gone,
      }),
    );
  const told = () =>
    cascaded.mock.calls.map(([person, notices]) => [
      person,
      notices.map(({ kind }) => kind),
    ]);
  const main = () => bench.git('show', `main:${POLICY}`);

  describe('a caller that is gone', () => {
    beforeEach(() => inForce(policy(grant('checkout'), grant('cart'))));

    it('is nothing for a day, and then an end that is proposed once both sides have heard', async () => {
      remove('cart');
      // Seen at ten o'clock on the second; so many hours later it has not been gone for a day.
      await task().runOnce();
      await hours(23);
      expect(told()).toEqual([]);
      expect(await ends()).toEqual([]);
      bench.now += HOUR;
      await Promise.all([task().runOnce(), task().runOnce()]);
      await task().runOnce();
      expect(told().sort()).toEqual([
        ['user:default/cora', ['caller-gone']],
        ['user:default/omar', ['caller-gone']],
      ]);
      expect(await ends()).toEqual([
        { state: 'approved', requestedBy: 'callgate', gone: '2026-11-02' },
      ]);
      // Nothing is closed by it.
      await bench.backend().worker.runOnce();
      expect((await ends())[0].state).toBe('proposed');
      expect(main()).toContain('cart-lists');
      await bench.mergedElsewhere(2);
      await bench.backend().worker.syncOnce();
      expect((await ends())[0].state).toBe('merged');
      expect(main()).not.toContain('cart-lists');
      await hours(30);
      expect(await ends()).toHaveLength(1);
      expect(told()).toHaveLength(2);
    });

    it('is known to those who owned it when it was there, who may read of its end', async () => {
      remove('cart');
      await task().runOnce();
      await hours(24);
      const [{ id }] = await bench.requests.requestsOfGrant(
        ORDERS,
        'cart-lists',
      );
      const parties = await bench.requests.getParties(id);
      expect(JSON.stringify(parties)).toContain(CART_TEAM);
    });

    it('counts only while it is looked at', async () => {
      remove('cart');
      await task().runOnce();
      // For three days no process ran.
      bench.now += 72 * HOUR;
      await task().runOnce();
      expect(told()).toEqual([]);
      await hours(22);
      expect(await ends()).toEqual([]);
      await hours(1);
      expect(await ends()).toHaveLength(1);
    });

    it('begins anew where it was there in between', async () => {
      const before = bench.catalog;
      remove('cart');
      await task().runOnce();
      await hours(20);
      const gone = bench.catalog;
      bench.catalog = before;
      await hours(1);
      bench.catalog = gone;
      await hours(24);
      expect(await ends()).toEqual([]);
      expect(told()).toEqual([]);
      await hours(1);
      expect(await ends()).toHaveLength(1);
    });

    it('that comes back takes the question with it, also out of an open pull request', async () => {
      const before = bench.catalog;
      remove('cart');
      await task().runOnce();
      await hours(24);
      await bench.backend().worker.runOnce();
      expect(await ends()).toMatchObject([{ state: 'proposed' }]);
      bench.catalog = before;
      await task().runOnce();
      expect(await ends()).toMatchObject([{ state: 'superseded' }]);
      const [{ id }] = await bench.requests.requestsOfGrant(
        ORDERS,
        'cart-lists',
      );
      expect((await bench.requests.transitions(id)).at(-1)).toMatchObject({
        facts: { code: 'caller-back' },
      });
      await bench.backend().worker.runOnce();
      expect(await bench.store.currentProposal(ORDERS)).toBeUndefined();
      expect(main()).toContain('cart-lists');
    });

    it('that comes back while nobody follows it is not ended by what is built next', async () => {
      const before = bench.catalog;
      remove('cart');
      await task().runOnce();
      await hours(24);
      bench.catalog = before;
      await bench.backend().worker.runOnce();
      expect(await ends()).toMatchObject([{ state: 'superseded' }]);
    });

    it('is not said to be back where the API is not in the catalog either', async () => {
      remove('cart');
      await task().runOnce();
      await hours(24);
      expect(await ends()).toMatchObject([{ state: 'approved' }]);
      const before = bench.catalog;
      bench.catalog = bench.catalog.filter(
        ({ kind, metadata }) => kind !== 'API' || metadata.name !== 'orders',
      );
      await hours(2);
      expect(await ends()).toMatchObject([{ state: 'approved' }]);
      bench.catalog = before;
      await hours(30);
      expect(await ends()).toHaveLength(1);
    });

    it('keeps its grant where somebody said no, until it was there once more', async () => {
      const before = bench.catalog;
      remove('cart');
      const gone = bench.catalog;
      await task().runOnce();
      await hours(24);
      const [{ id }] = await bench.requests.requestsOfGrant(
        ORDERS,
        'cart-lists',
      );
      await bench.requests.change({ id, event: 'withdraw', rebuild: true });
      await hours(30);
      expect(await ends()).toHaveLength(1);
      bench.catalog = before;
      await hours(1);
      bench.catalog = gone;
      await hours(25);
      expect(await ends()).toHaveLength(2);
    });

    it('asks nobody where its end is asked for already', async () => {
      await bench.submitted({
        caller: CART,
        change: {
          kind: 'end',
          grant: 'cart-lists',
          side: 'caller',
          whenLast: 'keep-closed',
        },
      });
      remove('cart');
      await task().runOnce();
      await hours(30);
      expect(await ends()).toEqual([
        {
          state: 'approved',
          requestedBy: 'user:default/priya',
          gone: undefined,
        },
      ]);
    });

    it('is not asked about before everybody concerned has heard, who hear once a day', async () => {
      edit('checkout', entity => {
        ownedBy(entity, 'group:default/others');
      });
      await task().runOnce();
      await hours(2);
      remove('cart');
      await task().runOnce();
      await hours(22);
      // At ten o'clock on the third Omar hears of the other owner, and not of the caller that counts two hours later.
      // Checkout has two grants.
      expect(told()).toContainEqual([
        'user:default/omar',
        ['caller-moved', 'caller-moved'],
      ]);
      await hours(2);
      expect(told()).toContainEqual(['user:default/cora', ['caller-gone']]);
      expect(await ends()).toEqual([]);
      // The next day.
      await hours(12);
      expect(told()).toContainEqual(['user:default/omar', ['caller-gone']]);
      expect(await ends()).toHaveLength(1);
    });

    it('is nothing where the catalog cannot be read, or says nothing of it', async () => {
      remove('cart');
      await task().runOnce();
      const { catalog } = bench;
      Object.defineProperty(bench, 'catalog', {
        configurable: true,
        get: () => {
          throw new Error('The catalog is away');
        },
      });
      for (let hour = 0; hour < 30; hour++) {
        bench.now += HOUR;
        await expect(task().runOnce()).rejects.toThrow();
      }
      Object.defineProperty(bench, 'catalog', {
        value: catalog,
        writable: true,
      });
      await task().runOnce();
      expect(told()).toEqual([]);
      expect(await ends()).toEqual([]);
    });
  });

  it('of many callers that go together asks nobody, and tells the platform team once', async () => {
    const names = ['checkout', 'cart', 'stock', 'orders', 'web', 'app'];
    bench.catalog = [
      ...bench.catalog,
      ...['web', 'app'].map(name => {
        const copy = structuredClone(
          bench.catalog.find(({ metadata }) => metadata.name === 'cart')!,
        );
        copy.metadata.name = name;
        return copy;
      }),
    ];
    await bench.pushToMain({
      [POLICY]: policy(...names.map(name => grant(name))),
    });
    await task().runOnce();
    // Four of six: more than a quarter of all grants, of more than three entities.
    remove('checkout', 'cart', 'web', 'app');
    await task().runOnce();
    await hours(50);
    expect(told()).toEqual([['user:default/petra', ['many-gone']]]);
    expect(cascaded.mock.calls[0][1]).toMatchObject([
      { callers: 4, grants: 4 },
    ]);
    for (const name of names) expect(await ends(`${name}-lists`)).toEqual([]);
  });

  describe('a caller that is renamed', () => {
    const rename = (change: (entity: CatalogEntity) => void = () => {}) =>
      edit('cart', entity => {
        entity.metadata.name = 'basket';
        change(entity);
      });

    beforeEach(() => inForce(policy(grant('checkout'), grant('cart'))));

    it('is told, and its grant does not end before the same is granted to its new name', async () => {
      rename();
      await task().runOnce();
      await hours(30);
      expect(cascaded.mock.calls.map(([, [notice]]) => notice)).toMatchObject([
        { kind: 'caller-gone', renamedTo: 'component:default/basket' },
        { kind: 'caller-gone', renamedTo: 'component:default/basket' },
      ]);
      expect(await ends()).toEqual([]);
      await bench.pushToMain({
        [POLICY]: `${main()}${grant('basket').replace('sa/basket', 'sa/cart')}`,
      });
      await hours(1);
      expect(await ends()).toMatchObject([{ state: 'approved' }]);
    });

    it('takes back an end that was asked before the new name was there', async () => {
      const before = bench.catalog;
      remove('cart');
      await task().runOnce();
      await hours(24);
      expect(await ends()).toHaveLength(1);
      bench.catalog = before;
      rename();
      await task().runOnce();
      expect(await ends()).toMatchObject([{ state: 'superseded' }]);
    });

    it('moves nothing to an entity of another owner: that is a caller that is gone', async () => {
      rename(entity => {
        ownedBy(entity, 'group:default/others');
      });
      await task().runOnce();
      await hours(24);
      expect(await ends()).toHaveLength(1);
      expect(main()).not.toContain('basket');
    });
  });

  it('tells old and new owners of a caller and the API’s owners, once, and ends nothing', async () => {
    await inForce(policy(grant('checkout'), grant('cart')));
    edit('cart', entity => {
      ownedBy(entity, 'group:default/others');
    });
    await task().runOnce();
    await hours(24);
    const all = [
      ['user:default/cora', ['caller-moved']],
      ['user:default/omar', ['caller-moved']],
      ['user:default/stan', ['caller-moved']],
    ];
    expect(told().sort()).toEqual(all);
    // After a month it is simply theirs.
    bench.now += 31 * 24 * HOUR;
    await task().runOnce();
    expect(told().sort()).toEqual(all);
    const store = DatabaseCascadeStore.create({ client: bench.client });
    expect(await store.remembered()).toContainEqual(
      expect.objectContaining({ ref: CART, owners: ['group:default/others'] }),
    );
    expect(await ends()).toEqual([]);
  });

  it('tells who owned a caller last that it is gone, also soon after it became theirs', async () => {
    await inForce(policy(grant('checkout'), grant('cart')));
    edit('cart', entity => {
      ownedBy(entity, 'group:default/others');
    });
    await task().runOnce();
    remove('cart');
    await task().runOnce();
    await hours(24);
    expect(told().sort()).toEqual([
      ['user:default/omar', ['caller-gone']],
      ['user:default/stan', ['caller-gone']],
    ]);
  });

  it('tells callers of an API that is deprecated, and both sides of an operation that is gone, and asks nothing', async () => {
    await inForce(policy(grant('checkout', 'createOrder'), grant('cart')));
    bench.catalog = bench.catalog.map(each => {
      if (refOf(each) !== ORDERS) return each;
      const copy = structuredClone(each);
      copy.spec!.lifecycle = 'deprecated';
      copy.spec!.definition = String(copy.spec!.definition).replace(
        'listOrders',
        'readOrders',
      );
      return copy;
    });
    await task().runOnce();
    await hours(24);
    expect(told().sort()).toEqual([
      ['user:default/cora', ['api-deprecated', 'operations-gone']],
      ['user:default/omar', ['api-deprecated', 'operations-gone']],
    ]);
    expect(await ends()).toEqual([]);
  });

  it('tells owners and the platform team of an API that nothing provides', async () => {
    await inForce(policy(grant('checkout'), grant('cart')));
    remove('orders');
    await task().runOnce();
    await hours(24);
    expect(told().sort()).toEqual([
      ['user:default/omar', ['provider-gone']],
      ['user:default/petra', ['provider-gone']],
    ]);
  });

  it('forgets nothing of a declaration that cannot be read for a while', async () => {
    const text = policy(grant('checkout'), grant('cart'));
    await inForce(text);
    const whole = main();
    remove('cart');
    await task().runOnce();
    await hours(20);
    await bench.pushToMain({ [POLICY]: `${whole}  nothing: [` });
    await hours(10);
    await bench.pushToMain({ [POLICY]: whole });
    // An hour counts for the time in which nobody knew, at most.
    await hours(3);
    expect(await ends()).toEqual([]);
    await hours(1);
    expect(await ends()).toHaveLength(1);
  });
});
