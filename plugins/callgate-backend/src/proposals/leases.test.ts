import { TestDatabases } from '@backstage/backend-test-utils';
import type { Forge } from '@callgate/plugin-callgate-node';
import { ORDERS, ProposalBench } from './__testUtils__/ProposalBench';
import { Leases, LeaseLostError } from './Leases';

jest.setTimeout(120_000);

describe('leases', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  /** The forge, with something that happens when it is asked. */
  function before(
    happens: () => Promise<void>,
    methods = ['findPullRequest'],
  ): Forge {
    const forge = bench.forge();
    return {
      id: forge.id,
      reviewsInPortal: true,
      connect: async target => {
        const repository = await forge.connect(target);
        return new Proxy(repository, {
          get: (object, property) => {
            const value = Reflect.get(object, property, object);
            if (typeof value !== 'function') return value;
            return methods.includes(String(property))
              ? async (...args: unknown[]) => {
                  await happens();
                  return value.apply(object, args);
                }
              : value.bind(object);
          },
        });
      },
    };
  }
  const pullRequest = async () =>
    (await bench.repository()).readPullRequest(1).catch(() => undefined);

  it('has another process take up within half a minute what a killed one has begun', async () => {
    const id = await bench.approved();
    const killed = bench.backend({
      forge: before(() => new Promise(() => undefined)),
    });
    killed.worker.runOnce().catch(() => undefined);
    while ((await bench.client('outbox').first()).leased_until === 0)
      await new Promise(resolve => setTimeout(resolve, 10));
    await bench.backend().worker.runOnce();
    expect(await bench.stateOf(id)).toBe('approved');
    bench.now += 30_001;
    await bench.backend().worker.runOnce();
    expect(await bench.stateOf(id)).toBe('proposed');
  });

  it('gives back at once what a process has begun that ends in an orderly way, and writes nothing more', async () => {
    const id = await bench.approved();
    let reached: () => void;
    let goOn: () => void;
    const atTheForge = new Promise<void>(resolve => {
      reached = resolve;
    });
    const ending = bench.backend({
      forge: before(
        () =>
          new Promise(resolve => {
            goOn = resolve;
            reached();
          }),
      ),
    });
    const building = ending.worker.runOnce();
    await atTheForge;
    const stopped = ending.worker.stop();
    goOn!();
    await Promise.all([building, stopped]);
    expect(await bench.store.currentProposal(ORDERS)).toBeUndefined();
    expect(await bench.outbox()).toMatchObject([
      { api_ref: ORDERS, leased_until: 0, attempts: 0 },
    ]);
    await ending.worker.runOnce();
    expect(await bench.stateOf(id)).toBe('approved');
    await bench.backend().worker.runOnce();
    expect(await bench.stateOf(id)).toBe('proposed');
  });

  it('keeps the lease of a build that takes long', async () => {
    await bench.approved();
    const others: unknown[] = [];
    const slow = bench.backend({
      forge: before(async () => {
        // Two thirds of a lease, three times: longer than one in all.
        bench.now += 20_000;
        others.push(...(await bench.store.claim({ limit: 1, leaseMs: 1 })));
      }, ['fetch', 'findPullRequest']),
    });
    await slow.worker.runOnce();
    expect(others).toEqual([]);
    expect(await pullRequest()).toMatchObject({ state: 'open' });
    expect(await bench.outbox()).toEqual([]);
  });

  it('stops before its next side effect where another process has taken over', async () => {
    const id = await bench.approved();
    let taken = 0;
    const late = bench.backend({
      forge: before(async () => {
        bench.now += 31_000;
        taken += (await bench.store.claim({ limit: 1, leaseMs: 60_000 }))
          .length;
      }),
    });
    await late.worker.runOnce();
    expect(taken).toBe(1);
    expect(await bench.store.currentProposal(ORDERS)).toBeUndefined();
    expect(await bench.stateOf(id)).toBe('approved');
    expect(await bench.outbox()).toMatchObject([{ attempts: 0 }]);
  });

  it('does not go on where it cannot be told whether the lease is still there', async () => {
    await bench.store.enqueue(ORDERS);
    const leases = new Leases({
      store: new Proxy(bench.store, {
        get: (store, property) =>
          property === 'renew'
            ? async () => {
                throw new Error('no database');
              }
            : Reflect.get(store, property).bind(store),
      }),
      now: () => bench.now,
    });
    const [lease] = await leases.claim(1);
    await lease.hold();
    bench.now += 10_000;
    await expect(lease.hold()).rejects.toThrow('no database');
    await leases.release();
    await expect(lease.hold()).rejects.toThrow(LeaseLostError);
  });
});
