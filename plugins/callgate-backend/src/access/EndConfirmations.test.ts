import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { CatalogEntity } from '@callgate/policy';
import type { AccessStore } from '../database/AccessStore';
import type { Ownership } from '../ownership';
import {
  ORDERS,
  POLICY,
  ProposalBench,
} from '../proposals/__testUtils__/ProposalBench';
import { smallCatalog } from '../proposals/__testUtils__/smallCompany';
import type { ChangeNotifier } from './ChangeNotifier';
import { EndConfirmations } from './EndConfirmations';

jest.setTimeout(60_000);

const POLICY_TEXT = `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/orders-team
  api: ${ORDERS}
  mode: enforce
  grants:
    - id: dock-lists
      caller: resource:default/dock
      operations: [{ id: listOrders }] # what it shows
      acknowledges: [method-not-enforced, identity-not-enforced, shared-service-account]
      ends: { caller: ['cidr:203.0.113.7/32'], provider: ['prod:shop/sa/orders'] }
`;

const dock = (addresses: string): CatalogEntity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name: 'dock',
    namespace: 'default',
    annotations: { 'callgate.dev/addresses': addresses },
  },
  spec: { type: 'appliance', owner: 'group:default/dock-team' },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/dock-team' }],
});

describe('asking owners to confirm what grants stand for', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  const submitted = jest.fn();
  const withdrawn = jest.fn();
  const auditor = mockServices.auditor.mock();
  const recorded = { success: jest.fn(), fail: jest.fn() };

  beforeEach(async () => {
    jest.resetAllMocks();
    auditor.createEvent.mockResolvedValue(recorded);
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    bench.catalog = [...smallCatalog(), dock('203.0.113.7/32')];
    await bench.pushToMain({ [POLICY]: POLICY_TEXT });
  });
  afterEach(() => bench.close());

  /** The task of one process. */
  function task(requests: AccessStore = bench.requests): EndConfirmations {
    const nobody = { owners: [], people: [], fallback: false };
    const ownership = {
      ownersOf: async (ref: string) => [
        ref === 'resource:default/dock'
          ? 'group:default/dock-team'
          : 'group:default/orders-team',
      ],
      deciders: async () => nobody,
      within: () => ownership,
    } as unknown as Ownership;
    return new EndConfirmations({
      requests,
      proposals: bench.store,
      ownership,
      notifier: { submitted, withdrawn } as unknown as ChangeNotifier,
      snapshots: bench.backend().snapshots,
      planner: bench.planner,
      auditor,
      auth: mockServices.auth({ pluginId: 'callgate' }),
      logger: bench.logger,
    });
  }

  const confirms = () => bench.requests.confirmsOf(ORDERS);
  const manifests = () =>
    bench.git('show', 'main:clusters/prod/shop/callgate-orders.yaml');

  it('an address that became half of all opens nothing until it is confirmed, and then what was confirmed', async () => {
    // Something unrelated is approved and merged meanwhile.
    bench.catalog = [...smallCatalog(), dock('128.0.0.0/1')];
    await bench.approved();
    await bench.backend().worker.runOnce();
    await bench.mergedElsewhere(1);
    await bench.backend().worker.syncOnce();
    expect(manifests()).not.toContain('128.0.0.0');

    await task().runOnce();
    const [asked] = await confirms();
    expect(asked).toMatchObject({
      state: 'submitted',
      requestedBy: 'callgate',
      callerRef: 'resource:default/dock',
      draft: { confirm: { grant: 'dock-lists', ends: [{ side: 'caller' }] } },
    });
    expect(submitted).toHaveBeenCalledTimes(1);
    await bench.approve(asked.id);
    await bench.backend().worker.runOnce();
    expect((await bench.outbox())[0]?.problem ?? null).toBeNull();
    await bench.mergedElsewhere(2);
    await bench.backend().worker.syncOnce();
    expect(await bench.stateOf(asked.id)).toBe('merged');
    expect(manifests()).toContain('128.0.0.0/1');
    const text = bench.git('show', `main:${POLICY}`);
    expect(text).toContain('operations: [{ id: listOrders }] # what it shows');
    expect(text).toMatch(/approvedBy:\n\s+- user:default\/omar\n/);
    expect(text).toMatch(/caller:\n\s+- cidr:128\.0\.0\.0\/1\n/);
  });

  it('merged by somebody else before the database heard of it, it counts as merged', async () => {
    bench.catalog = [...smallCatalog(), dock('203.0.113.0/29')];
    await task().runOnce();
    const [asked] = await confirms();
    await bench.approve(asked.id);
    const confirmed = POLICY_TEXT.replace('7/32', '0/29');
    const { snapshots, worker } = bench.backend();
    const snapshot = await snapshots.read({ fresh: true });
    const { files } = await bench.planner.preview(snapshot, {
      ...bench.draft(),
      confirm: asked.draft.confirm,
    });
    await bench.pushToMain({
      ...Object.fromEntries(files.map(each => [each.path, each.after])),
      [POLICY]: confirmed,
    });
    await worker.runOnce();
    expect(await bench.stateOf(asked.id)).toBe('merged');
  });

  it('several processes at the same moment make one request', async () => {
    bench.catalog = [...smallCatalog(), dock('203.0.113.0/29')];
    // Each has found that nobody asked yet before one of them does.
    let waiting = 0;
    let go: () => void = () => {};
    const all = new Promise<void>(resolve => {
      go = resolve;
    });
    const together = new Proxy(bench.requests, {
      get: (store, property) => {
        if (property === 'confirmsOf')
          return async (api: string) => {
            const found = await store.confirmsOf(api);
            waiting += 1;
            if (waiting === 3) go();
            await all;
            return found;
          };
        const value = Reflect.get(store, property, store);
        return typeof value === 'function' ? value.bind(store) : value;
      },
    });
    await Promise.all([1, 2, 3].map(() => task(together).runOnce()));
    expect(await confirms()).toHaveLength(1);
    expect(submitted).toHaveBeenCalledTimes(1);
    expect(bench.logger.warn).not.toHaveBeenCalled();
  });

  it('keeps an open request while the declaration cannot be read, or the grant is held', async () => {
    bench.catalog = [...smallCatalog(), dock('203.0.113.0/29')];
    await task().runOnce();
    await bench.pushToMain({
      [POLICY]: POLICY_TEXT.replace('mode:', 'mood:'),
    });
    await task().runOnce();
    await bench.pushToMain({
      [POLICY]: POLICY_TEXT.replace('listOrders', 'noSuchOperation'),
    });
    await task().runOnce();
    expect((await confirms()).map(({ state }) => state)).toEqual(['submitted']);
    await bench.pushToMain({
      [POLICY]: POLICY_TEXT.replace(/ {4}- id[\s\S]*/, '').replace(
        'grants:',
        'grants: []',
      ),
    });
    await task().runOnce();
    expect((await confirms()).map(({ state }) => state)).toEqual([
      'superseded',
    ]);
    expect(withdrawn).toHaveBeenCalledTimes(1);
  });

  it('is recorded as done by the plugin itself, and so is its end', async () => {
    bench.catalog = [...smallCatalog(), dock('203.0.113.0/29')];
    await task().runOnce();
    await task().runOnce();
    const [asked] = await confirms();
    expect(auditor.createEvent.mock.calls).toEqual([
      [
        {
          eventId: 'request-mutate',
          severityLevel: 'medium',
          meta: {
            actionType: 'create',
            kind: 'confirm',
            apiRef: ORDERS,
            callerRef: 'resource:default/dock',
            digest: asked.shown.digest,
            actor: 'plugin:callgate',
          },
        },
      ],
    ]);
    expect(recorded.success).toHaveBeenCalledWith({
      meta: { id: asked.id, state: 'submitted' },
    });
    bench.catalog = [...smallCatalog(), dock('203.0.113.7/32')];
    await task().runOnce();
    expect(await bench.stateOf(asked.id)).toBe('superseded');
    expect(auditor.createEvent).toHaveBeenLastCalledWith(
      expect.objectContaining({
        meta: {
          actionType: 'supersede',
          id: asked.id,
          apiRef: ORDERS,
          actor: 'plugin:callgate',
        },
      }),
    );
  });

  it('tells the owners of the caller as well', async () => {
    bench.catalog = [...smallCatalog(), dock('203.0.113.0/29')];
    await task().runOnce();
    expect(submitted).toHaveBeenCalledWith(
      expect.objectContaining({ callerRef: 'resource:default/dock' }),
      expect.anything(),
      ['group:default/dock-team'],
    );
  });
});
