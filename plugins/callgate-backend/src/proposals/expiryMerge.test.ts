import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  type Forge,
  forgeError,
  type ForgeRepository,
  type PullRequest,
} from '@callgate/plugin-callgate-node';
import { CALLGATE_ACTOR } from '../actor';
import type { Ownership } from '../ownership';
import { askEnd } from '../access/askEnd';
import {
  BRANCH,
  ORDERS,
  POLICY,
  ProposalBench,
} from './__testUtils__/ProposalBench';
import { declarationOf } from './editDeclaration';
import { READY_MS } from './ExpiryMerge';

jest.setTimeout(120_000);

const ENDS = `ends: { caller: ['prod:shop/sa/NAME'], provider: ['prod:shop/sa/orders'] }`;
const DAY = 86_400_000;

const grant = (name: string, until?: string) => `    - id: ${name}-lists
      caller: component:default/${name}
      operations: [{ id: listOrders }]
${until ? `      until: ${until}\n` : ''}      ${ENDS.replace('NAME', name)}
`;
const policy = (...grants: string[]) => `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/orders-team
  api: ${ORDERS}
  mode: enforce
  grants:
${grants.join('')}`;

describe('ends of what is over, where they are merged by Callgate', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  const auditor = mockServices.auditor.mock();
  let changes: { event: string; by?: string; requestIds: readonly string[] }[];

  beforeEach(async () => {
    jest.resetAllMocks();
    auditor.createEvent.mockResolvedValue({
      success: jest.fn(),
      fail: jest.fn(),
    });
    changes = [];
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    await bench.pushToMain({
      [POLICY]: policy(
        grant('cart', '2026-11-10'),
        grant('stock', '2026-11-10'),
      ),
    });
    // The grants are in force: with a request that is merged their manifests are written.
    await bench.approved({ operations: [{ id: 'getOrder' }] });
    await bench.backend().worker.runOnce();
    await bench.mergedElsewhere(1);
    await bench.backend().worker.syncOnce();
    bench.now = Date.parse('2026-11-11T00:00:00Z');
  });
  afterEach(() => bench.close());

  const process_ = (more: Parameters<ProposalBench['backend']>[0] = {}) =>
    bench.backend({
      ...more,
      listener: {
        changed: async ({ event, by, requestIds }) => {
          changes.push({ event, requestIds, ...(by && { by }) });
        },
      },
      expiry: { auditor, auth: mockServices.auth({ pluginId: 'callgate' }) },
    });

  /** Callgate asks for the end of a grant whose last day is over. */
  async function ended(
    name = 'cart',
    glass?: { request: string; why: 'over' | 'rejected' },
  ): Promise<string> {
    const snapshot = await bench.backend().snapshots.read({ fresh: true });
    const found = declarationOf(snapshot, ORDERS)!.policy!.spec.grants.find(
      each => (glass ? each.breakGlass : each.id === `${name}-lists`),
    )!;
    const ownership = { ownersOf: async () => [] } as unknown as Ownership;
    const done = await askEnd(
      {
        ...{ requests: bench.requests, planner: bench.planner, ownership },
        ...{ auditor, auth: mockServices.auth({ pluginId: 'callgate' }) },
      },
      snapshot,
      {
        ...{ api: ORDERS, caller: `component:default/${name}`, grant: found },
        because: { expired: found.until!, ...(glass && { glass }) },
      },
    );
    expect(done!.stored.state).toBe('approved');
    return done!.stored.id;
  }

  const current = async () => (await bench.store.currentProposal(ORDERS))!;
  const look = async (of = process_()) => of.worker.syncOnce();
  const after = (ms: number) => {
    bench.now += ms;
  };
  const isMerged = async (id: string) => (await bench.stateOf(id)) === 'merged';
  const merges = () =>
    bench.git('log', '--merges', '--format=%s%n%b', 'main').trim();

  /** Looks at it, and again after the time for which it has to be ready. */
  async function lookTwice(of = process_()): Promise<void> {
    await look(of);
    after(READY_MS);
    await look(of);
  }

  /** Everything that keeps it from being merged comes to the same: it is open, and says why. */
  async function waits(id: string): Promise<string | undefined> {
    after(READY_MS);
    await look();
    after(READY_MS);
    await look();
    expect(await bench.stateOf(id)).not.toBe('merged');
    expect(bench.git('show', `main:${POLICY}`)).toContain('cart-lists');
    return (await current()).automatic?.waits;
  }

  it('are merged once they were ready for a while, recorded as done by Callgate at that configuration', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await look();
    expect(await isMerged(id)).toBe(false);
    expect((await current()).automatic).toMatchObject({
      readySince: bench.now,
    });
    after(READY_MS - 1);
    await look();
    expect(await isMerged(id)).toBe(false);
    after(1);
    await look();
    expect(await isMerged(id)).toBe(true);
    expect(bench.git('show', `main:${POLICY}`)).not.toContain('cart-lists');
    expect(bench.git('show', `main:${POLICY}`)).toContain('stock-lists');
    expect((await bench.requests.transitions(id)).at(-1)).toMatchObject({
      event: 'merge',
      actor: CALLGATE_ACTOR,
      facts: { code: 'merged-after-end' },
    });
    expect(changes.at(-1)).toEqual({
      event: 'merged',
      requestIds: [id],
      by: CALLGATE_ACTOR,
    });
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'proposal-mutate',
        severityLevel: 'high',
        meta: expect.objectContaining({
          actionType: 'merge',
          onExpiry: 'merge',
          actor: 'plugin:callgate',
        }),
      }),
    );
  });

  it.each(['over', 'rejected'] as const)(
    'of what nobody had approved are merged when its hours are over, and not because it was rejected (%s)',
    async why => {
      const expiresAt = bench.now + 4 * 3_600_000;
      const opened = await bench.submitted({
        operations: [{ id: 'listOrders' }],
        until: '2026-11-11',
        breakGlass: { expiresAt },
      });
      await process_().worker.runOnce();
      await bench.mergedElsewhere(2);
      await look();
      const id = await ended('checkout', { request: opened, why });
      await process_().worker.runOnce();
      await lookTwice();
      expect(await isMerged(id)).toBe(false);
      expect((await current()).automatic?.waits).toBe(
        why === 'over' ? 'not-over' : undefined,
      );
      bench.now = expiresAt;
      await lookTwice();
      expect(await isMerged(id)).toBe(why === 'over');
    },
  );

  it('go together where each is over', async () => {
    const ids = [await ended(), await ended('stock')];
    await process_().worker.runOnce();
    await lookTwice();
    expect(await Promise.all(ids.map(isMerged))).toEqual([true, true]);
  });

  it('are not merged where nobody has configured it', async () => {
    const id = await ended();
    await bench.backend().worker.runOnce();
    await lookTwice(bench.backend() as ReturnType<typeof process_>);
    expect(await isMerged(id)).toBe(false);
    expect((await current()).automatic).toBeUndefined();
  });

  it('wait where a request of somebody is in the same pull request, also one that joins later', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await look();
    await bench.approved({
      caller: 'component:default/stock',
      operations: [{ id: 'createOrder' }],
    });
    // Approved, and not in the pull request yet.
    after(READY_MS);
    await look();
    expect(await isMerged(id)).toBe(false);
    await process_().worker.runOnce();
    expect(await waits(id)).toBe('carries-others');
  });

  it('are no matter of this where somebody asked for the end, whatever the day', async () => {
    const id = await bench.submitted({
      change: { kind: 'end', grant: 'cart-lists', side: 'caller' },
      caller: 'component:default/cart',
      operations: [],
    });
    await process_().worker.runOnce();
    await lookTwice();
    expect(await isMerged(id)).toBe(false);
    expect((await current()).automatic).toBeUndefined();
  });

  it('are asked again where the grant was changed by hand, so that its end means more', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await look();
    await bench.pushToMain({
      [POLICY]: bench
        .git('show', `main:${POLICY}`)
        .replace(
          /(id: cart-lists[\s\S]*?operations:)[\s\S]*?until/,
          '$1 [{ id: listOrders }, { id: getOrder }]\n      until',
        ),
    });
    after(READY_MS);
    await look();
    expect(await isMerged(id)).toBe(false);
    await process_().worker.runOnce();
    await lookTwice();
    // It takes away more than it said: somebody decides.
    expect(await bench.stateOf(id)).toBe('submitted');
    expect(bench.git('show', `main:${POLICY}`)).toContain('cart-lists');
  });

  it('wait until they are built again where the declaration was touched, whatever of it', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await look();
    const text = bench.git('show', `main:${POLICY}`);
    await bench.pushToMain({ [POLICY]: `# By hand\n${text}` });
    expect(await waits(id)).toBe('outdated');
    await process_().worker.runOnce();
    await lookTwice();
    expect(await isMerged(id)).toBe(true);
    expect(bench.git('show', `main:${POLICY}`)).toContain('# By hand');
  });

  it('wait where somebody granted by hand what it takes away, so that its end means less', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await look();
    const text = bench.git('show', `main:${POLICY}`);
    await bench.pushToMain({
      [POLICY]: text.replace(
        '    - id: cart-lists',
        `${grant('cart').replace(
          'cart-lists',
          'cart-too',
        )}    - id: cart-lists`,
      ),
    });
    after(READY_MS);
    await look();
    await process_().worker.runOnce();
    expect(await waits(id)).toBe('means-else');
  });

  it('end where the day in Git is another one by now', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await look();
    await bench.pushToMain({
      [POLICY]: bench
        .git('show', `main:${POLICY}`)
        .replace(/until: 2026-11-10/, 'until: 2026-11-09'),
    });
    after(READY_MS);
    await look();
    await process_().worker.runOnce();
    await lookTwice();
    expect(await bench.stateOf(id)).toBe('superseded');
    expect(bench.git('show', `main:${POLICY}`)).toContain('cart-lists');
  });

  it('wait where the clock was wrong, and the day is not over', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    bench.now -= 3 * DAY;
    expect(await waits(id)).toBe('not-over');
  });

  it('wait where somebody has pushed onto the branch, and nothing of that is merged', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await look();
    const repository = await bench.repository();
    const head = await repository.fetch(BRANCH);
    const commit = await repository.store.commit({
      parents: [head!],
      changes: new Map([['README.md', 'By hand\n']]),
      message: 'By hand',
      timestamp: 1_800_000_000,
    });
    await repository.push(BRANCH, commit, head);
    expect(await waits(id)).toBe('pushed');
    expect(bench.git('ls-tree', '--name-only', 'main')).not.toContain('README');
  });

  it('wait while somebody objects', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await look();
    const { number, head } = await current();
    const { portalReviews } = await bench.repository();
    const by = 'user:default/pavel';
    await portalReviews!.review(number!, {
      ...{ by, head: head!, decision: 'changes-requested', comment: 'Wait' },
    });
    expect(await waits(id)).toBe('objection');
    await portalReviews!.review(number!, {
      ...{ by, head: head!, decision: 'withdrawn' },
    });
    // It is ready from now on, and not since it was before.
    await look();
    expect(await isMerged(id)).toBe(false);
    after(READY_MS);
    await look();
    expect(await isMerged(id)).toBe(true);
  });

  it('wait while a cluster cannot be read', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await bench.pushToMain({ 'profiles/prod.yaml': 'kind: [\n' });
    await look();
    after(READY_MS);
    await look();
    expect(await isMerged(id)).toBe(false);
    expect((await current()).automatic?.waits).toMatch(
      /^(outdated|unread-cluster)$/,
    );
  });

  /** The local forge, with some answers of its repository replaced. */
  function forge(change: {
    pull?: Partial<PullRequest>;
    merge?: (
      merge: NonNullable<ForgeRepository['merge']>,
    ) => ForgeRepository['merge'];
  }): Forge {
    const local = bench.forge();
    return {
      id: 'local',
      reviewsInPortal: true,
      connect: async target => {
        const repository = await local.connect(target);
        return new Proxy(repository, {
          get: (of, property) => {
            const value = Reflect.get(of, property, of);
            if (property === 'merge' && change.merge)
              return change.merge(of.merge!.bind(of));
            if (property === 'readPullRequest' && change.pull)
              return async (number: number) => ({
                ...(await of.readPullRequest(number)),
                ...change.pull,
              });
            return typeof value === 'function' ? value.bind(of) : value;
          },
        });
      },
    };
  }

  it.each([
    [
      'there are more reviews than were read',
      { reviewsCut: true as const, rules: 'met' as const },
      'objection',
    ],
    ['a check is failing or under way', { rules: 'checks' as const }, 'checks'],
    ['a rule of the forge is not met', { rules: 'unmet' as const }, 'unmet'],
    [
      'it goes to another branch',
      { base: 'other', rules: 'met' as const },
      'other-branch',
    ],
    ['it has not told yet', { rules: undefined }, undefined],
  ])('wait while %s', async (_, pull, code) => {
    const id = await ended();
    await process_().worker.runOnce();
    const { worker } = process_({ forge: forge({ pull }) });
    await worker.syncOnce();
    after(READY_MS);
    await worker.syncOnce();
    expect(await isMerged(id)).toBe(false);
    expect((await current()).automatic?.waits).toBe(code);
    // Once they are met it is ready from then on.
    await lookTwice();
    expect(await isMerged(id)).toBe(true);
  });

  it('wait where the forge lets nobody merge by itself', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await process_({
      forge: forge({ merge: () => undefined }),
    }).worker.syncOnce();
    expect(await isMerged(id)).toBe(false);
    expect((await current()).automatic?.waits).toBe('forge-cannot');
  });

  it('are found merged where the answer was lost, as done by Callgate, once', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    let calls = 0;
    const losing = process_({
      forge: forge({
        merge: merge => async (number, options) => {
          calls += 1;
          await merge(number, options);
          throw new Error('the connection broke');
        },
      }),
    });
    await lookTwice(losing);
    expect(await isMerged(id)).toBe(false);
    await look(losing);
    expect(await isMerged(id)).toBe(true);
    expect(calls).toBe(1);
    expect((await bench.requests.transitions(id)).at(-1)).toMatchObject({
      actor: CALLGATE_ACTOR,
      facts: { code: 'merged-after-end' },
    });
    expect(changes.filter(({ event }) => event === 'merged')).toHaveLength(1);
  });

  it('are tried again where the forge did not do it', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    let calls = 0;
    const failing = process_({
      forge: forge({
        merge: merge => async (number, options) => {
          calls += 1;
          if (calls === 1) throw new Error('no connection');
          return merge(number, options);
        },
      }),
    });
    await lookTwice(failing);
    await look(failing);
    expect(calls).toBe(1);
    after(60_000);
    await look(failing);
    expect(calls).toBe(2);
    expect(await isMerged(id)).toBe(true);
  });

  it('are somebody’s merge where somebody was faster', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await look();
    await bench.mergedElsewhere(2);
    after(READY_MS);
    await look();
    const last = (await bench.requests.transitions(id)).at(-1);
    expect(last).toMatchObject({ event: 'merge', actor: 'user:default/petra' });
    expect(last?.facts).toBeUndefined();
  });

  it('are merged and told once where several processes look at the same time', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await look();
    after(READY_MS);
    const before = merges().split('Merge pull request').length;
    await Promise.all([look(), look(), look()]);
    await look();
    expect(await isMerged(id)).toBe(true);
    expect(merges().split('Merge pull request').length).toBe(before + 1);
    expect(changes.filter(({ event }) => event === 'merged')).toHaveLength(1);
  });

  it('are somebody’s merge where the forge had refused it, also if they have the account of Callgate', async () => {
    const id = await ended();
    await process_().worker.runOnce();
    await lookTwice(
      process_({
        forge: forge({
          merge: () => async () => {
            throw forgeError('forge-rejected', 'not by you');
          },
        }),
      }),
    );
    expect((await current()).automatic?.waits).toBe('refused');
    await bench.mergedElsewhere(2);
    await look(process_({ forge: forge({ pull: { closedByOpener: true } }) }));
    const last = (await bench.requests.transitions(id)).at(-1);
    expect(last).toMatchObject({ event: 'merge', actor: 'user:default/petra' });
    expect(last?.facts).toBeUndefined();
  });
});
