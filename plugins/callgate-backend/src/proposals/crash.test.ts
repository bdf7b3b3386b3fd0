import { TestDatabases } from '@backstage/backend-test-utils';
import type {
  Forge,
  ForgeRepository,
  GitStore,
} from '@callgate/plugin-callgate-node';
import { ORDERS, POLICY, ProposalBench } from './__testUtils__/ProposalBench';
import type { ProposalStore } from './types';

jest.setTimeout(120_000);

/** Every call that changes something outside the process, in the order in which the worker makes them. */
class Steps {
  readonly names: string[] = [];

  /** @param crash - before or after which step the process ends; nothing happens after that */
  constructor(
    private readonly crash?: { step: number; when: 'before' | 'after' },
  ) {}

  #dead = false;

  wrap<T extends object>(
    target: T,
    steps: readonly string[],
    instead: Partial<T> = {},
  ): T {
    return new Proxy(target, {
      get: (object, property) => {
        if (property in instead) return Reflect.get(instead, property);
        const value = Reflect.get(object, property, object);
        if (typeof value !== 'function') return value;
        const bound = value.bind(object);
        return steps.includes(String(property))
          ? (...args: unknown[]) =>
              this.#step(String(property), () => bound(...args))
          : (...args: unknown[]) => {
              this.#refuseWhenDead();
              return bound(...args);
            };
      },
    });
  }

  async #step<T>(name: string, run: () => Promise<T>): Promise<T> {
    this.#refuseWhenDead();
    this.names.push(name);
    const here = this.crash?.step === this.names.length;
    if (here && this.crash?.when === 'before') this.#die();
    const result = await run();
    if (here) this.#die();
    return result;
  }

  #die(): never {
    this.#dead = true;
    throw new Error('The process ended here');
  }

  #refuseWhenDead(): void {
    if (this.#dead) throw new Error('The process has ended');
  }
}

const STORE_WRITES = [
  'claim',
  'finish',
  'saveProposal',
  'saveOutcomes',
  'enqueue',
];
const FORGE_WRITES = [
  'push',
  'openPullRequest',
  'updatePullRequest',
  'closePullRequest',
];

function watched(
  bench: ProposalBench,
  steps: Steps,
): { forge: Forge; store: ProposalStore } {
  const forge = bench.forge();
  return {
    store: steps.wrap(bench.store as ProposalStore, STORE_WRITES),
    forge: {
      id: forge.id,
      reviewsInPortal: forge.reviewsInPortal,
      connect: async target => {
        const repository = await forge.connect(target);
        const store: GitStore = steps.wrap(repository.store as GitStore, [
          'commit',
        ]);
        return steps.wrap<ForgeRepository>(repository, FORGE_WRITES, { store });
      },
    },
  };
}

/** A story: what has happened before the worker runs, and what must be true in the end however often it crashed. */
interface Story {
  name: string;
  before(bench: ProposalBench): Promise<string[]>;
  after(bench: ProposalBench, ids: string[]): Promise<void>;
}

const openPullRequests = async (bench: ProposalBench) => {
  const repository = await bench.repository();
  const states: string[] = [];
  for (let number = 1; number < 10; number++) {
    const pull = await repository
      .readPullRequest(number)
      .catch(() => undefined);
    if (pull) states.push(pull.state);
  }
  return states;
};

const STORIES: Story[] = [
  {
    name: 'a first approval',
    before: async bench => [await bench.approved()],
    after: async (bench, [id]) => {
      expect(await bench.stateOf(id)).toBe('proposed');
      expect(await openPullRequests(bench)).toEqual(['open']);
      expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
        state: 'open',
        number: 1,
        requestIds: [id],
      });
      expect(
        bench
          .git('show', `callgate/default/orders:${POLICY}`)
          .match(/request: /g),
      ).toHaveLength(1);
      expect(
        bench
          .git('rev-list', '--count', 'main..callgate/default/orders')
          .trim(),
      ).toBe('1');
    },
  },
  {
    name: 'a second approval',
    before: async bench => {
      const first = await bench.approved();
      await bench.backend().worker.runOnce();
      return [
        first,
        await bench.approved({ caller: 'component:default/cart' }),
      ];
    },
    after: async (bench, [first, second]) => {
      expect([await bench.stateOf(first), await bench.stateOf(second)]).toEqual(
        ['proposed', 'proposed'],
      );
      expect(await openPullRequests(bench)).toEqual(['open']);
      expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
        number: 1,
        requestIds: [first, second],
      });
      expect(
        bench
          .git('show', `callgate/default/orders:${POLICY}`)
          .match(/request: /g),
      ).toHaveLength(2);
    },
  },
  {
    name: 'the withdrawal of one of two',
    before: async bench => {
      const ids = [
        await bench.approved(),
        await bench.approved({ caller: 'component:default/cart' }),
      ];
      await bench.backend().worker.runOnce();
      await bench.withdraw(ids[0]);
      return ids;
    },
    after: async (bench, [first, second]) => {
      expect([await bench.stateOf(first), await bench.stateOf(second)]).toEqual(
        ['withdrawn', 'proposed'],
      );
      expect(await openPullRequests(bench)).toEqual(['open']);
      expect(
        bench.git('show', `callgate/default/orders:${POLICY}`),
      ).not.toContain(first);
    },
  },
  {
    name: 'the withdrawal of the last one',
    before: async bench => {
      const id = await bench.approved();
      await bench.backend().worker.runOnce();
      await bench.withdraw(id);
      return [id];
    },
    after: async (bench, [id]) => {
      expect(await bench.stateOf(id)).toBe('withdrawn');
      expect(await openPullRequests(bench)).toEqual(['closed']);
      expect(await bench.store.currentProposal(ORDERS)).toBeUndefined();
    },
  },
  {
    name: 'a merge that is noticed by the next build',
    before: async bench => {
      const first = await bench.approved();
      await bench.backend().worker.runOnce();
      const second = await bench.approved({ caller: 'component:default/cart' });
      await bench.mergedElsewhere(1);
      return [first, second];
    },
    after: async (bench, [first, second]) => {
      expect([await bench.stateOf(first), await bench.stateOf(second)]).toEqual(
        ['merged', 'proposed'],
      );
      expect(await openPullRequests(bench)).toEqual(['merged', 'open']);
      expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
        number: 2,
        requestIds: [second],
      });
    },
  },
];

describe('the outbox', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  const open: ProposalBench[] = [];
  const bench = async () => {
    const created = await ProposalBench.create(
      await databases.init('SQLITE_3'),
    );
    open.push(created);
    return created;
  };
  afterEach(() => Promise.all(open.splice(0).map(each => each.close())));

  /** Later processes, after leases have run out, until nothing is left to do. */
  async function restart(current: ProposalBench): Promise<void> {
    for (let round = 0; round < 3; round++) {
      current.now += 3_600_000;
      const { worker } = current.backend();
      await worker.runOnce();
      await worker.syncOnce();
    }
    expect(await current.outbox()).toEqual([]);
  }

  describe.each(STORIES)('of $name', ({ before, after }) => {
    it('loses nothing and opens nothing twice, wherever the process ends', async () => {
      const whole = await bench();
      const counting = new Steps();
      const ids = await before(whole);
      await whole.backend(watched(whole, counting)).worker.runOnce();
      await restart(whole);
      await after(whole, ids);
      // The whole way, and not an early failure that the restart mended.
      expect(counting.names.at(-1)).toBe('finish');

      for (let step = 1; step <= counting.names.length; step++) {
        for (const when of ['before', 'after'] as const) {
          const crashed = await bench();
          const requests = await before(crashed);
          const { worker } = crashed.backend(
            watched(crashed, new Steps({ step, when })),
          );
          await worker.runOnce().catch(() => undefined);
          await restart(crashed);
          await after(crashed, requests);
          crashed.git('fsck', '--strict');
        }
      }
    });
  });

  it('gives a row to one of two workers', async () => {
    const shared = await bench();
    await shared.approved();
    const [first, second] = await Promise.all([
      shared.store.claim({ limit: 10, leaseMs: 1000 }),
      shared.store.claim({ limit: 10, leaseMs: 1000 }),
    ]);
    expect([...first, ...second]).toHaveLength(1);
  });

  it('opens one pull request when two processes work at the same time', async () => {
    const shared = await bench();
    await shared.approved();
    await Promise.all([
      shared.backend().worker.runOnce(),
      shared.backend().worker.runOnce(),
    ]);
    expect(await openPullRequests(shared)).toEqual(['open']);
  });

  it('waits longer after each failure, and says why on the proposal', async () => {
    const current = await bench();
    const id = await current.approved();
    const down: Forge = {
      id: 'local',
      reviewsInPortal: true,
      connect: async () => {
        throw Object.assign(new Error('token ghp_secret at https://x:y@host'), {
          code: 'ECONNREFUSED',
        });
      },
    };
    const { worker } = current.backend({ forge: down });
    const dueAt = async () =>
      Number((await current.client('outbox').first()).due_at) - current.now;
    const delays: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      await worker.runOnce();
      delays.push(await dueAt());
      current.now += 3_600_000;
    }
    expect(delays).toEqual([5_000, 10_000, 20_000]);
    const record = await current.store.currentProposal(ORDERS);
    expect(record).toMatchObject({ state: 'building' });
    expect(record?.problem).toBeTruthy();
    expect(JSON.stringify([record, await current.outbox()])).not.toContain(
      'secret',
    );
    expect(await current.stateOf(id)).toBe('approved');
    await current.backend().worker.runOnce();
    expect(await current.stateOf(id)).toBe('proposed');
  });
});
