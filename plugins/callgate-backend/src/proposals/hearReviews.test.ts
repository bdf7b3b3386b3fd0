import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { Forge, PullRequestReview } from '@callgate/plugin-callgate-node';
import { ORDERS, ProposalBench } from './__testUtils__/ProposalBench';
import { PlatformListener } from './PlatformListener';

jest.setTimeout(60_000);

describe('a review on the pages of a hosted forge', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  let reviews: PullRequestReview[];
  const send = jest.fn();

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    reviews = [];
    send.mockReset().mockResolvedValue(undefined);
  });
  afterEach(() => bench.close());

  /** Its pull requests are reviewed and merged elsewhere. */
  function hosted(): Forge {
    const local = bench.forge();
    return {
      id: 'hosted',
      reviewsInPortal: false,
      connect: async target => {
        const repository = await local.connect(target);
        return new Proxy(repository, {
          get: (of, property) => {
            if (property === 'portalReviews') return undefined;
            const value = Reflect.get(of, property, of);
            if (property !== 'readPullRequest')
              return typeof value === 'function' ? value.bind(of) : value;
            return async (number: number) => ({
              ...(await of.readPullRequest(number)),
              reviews,
            });
          },
        });
      },
    };
  }

  /** What the platform team has in its list of the pull request after each look at the forge. */
  async function start() {
    const { worker, snapshots } = bench.backend({
      forge: hosted(),
      listener: new PlatformListener({
        platformTeam: 'group:default/platform',
        requests: bench.requests,
        snapshots: { read: () => bench.backend().snapshots.read() },
        notifications: { send },
        logger: mockServices.logger.mock(),
      }),
    });
    await snapshots.read();
    return worker;
  }
  const titles = () =>
    send.mock.calls.map(([{ payload }]) => payload.title.split(':')[0]);
  const head = async () => (await bench.store.currentProposal(ORDERS))!.head!;
  const WAITS = 'A pull request waits for your review';
  const APPROVED = 'Reviewed, and approved';
  const OBJECTED = 'Reviewed';
  const review = async (
    decision: PullRequestReview['decision'],
    by = 'petra',
  ) => {
    bench.now += 1000;
    const at = new Date(bench.now).toISOString();
    reviews.push({ by, decision, at, head: await head() });
  };

  it('that approves closes what the platform team was told, once', async () => {
    await bench.approved();
    const worker = await start();
    await worker.runOnce();
    await worker.syncOnce();
    expect(titles()).toEqual([WAITS]);
    await review('approved');
    await worker.syncOnce();
    await worker.syncOnce();
    expect(titles()).toEqual([WAITS, APPROVED]);
    const scopes = send.mock.calls.map(([{ payload }]) => payload.scope);
    expect(new Set(scopes).size).toBe(1);
  });

  it('that asks for changes closes it as well, and dismissed it waits again', async () => {
    await bench.approved();
    const worker = await start();
    await worker.runOnce();
    await review('changes-requested');
    await worker.syncOnce();
    expect(titles()).toEqual([WAITS, OBJECTED]);
    reviews = [];
    await worker.syncOnce();
    await worker.syncOnce();
    expect(titles()).toEqual([WAITS, OBJECTED, WAITS]);
  });

  it('that only comments closes nothing', async () => {
    await bench.approved();
    const worker = await start();
    await worker.runOnce();
    await review('commented');
    await worker.syncOnce();
    expect(titles()).toEqual([WAITS]);
  });

  it('of an earlier head closes nothing of the next one, which waits for its own', async () => {
    await bench.approved();
    const worker = await start();
    await worker.runOnce();
    await review('approved');
    await worker.syncOnce();
    await bench.approved({ caller: 'component:default/cart' });
    await worker.runOnce();
    await worker.syncOnce();
    expect(titles()).toEqual([WAITS, APPROVED, WAITS]);
    await review('approved');
    await worker.syncOnce();
    expect(titles()).toEqual([WAITS, APPROVED, WAITS, APPROVED]);
  });
});
