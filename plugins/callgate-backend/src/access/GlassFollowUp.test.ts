import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { Ownership } from '../ownership';
import {
  ORDERS,
  POLICY,
  ProposalBench,
} from '../proposals/__testUtils__/ProposalBench';
import type { ChangeNotifier } from './ChangeNotifier';
import { GlassFollowUp } from './GlassFollowUp';

jest.setTimeout(120_000);

const HOUR = 3_600_000;

describe('what ends that nobody had approved', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  const auditor = mockServices.auditor.mock();
  const glassOver = jest.fn();

  beforeEach(async () => {
    jest.resetAllMocks();
    auditor.createEvent.mockResolvedValue({
      success: jest.fn(),
      fail: jest.fn(),
    });
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  /** One round of one process. */
  async function round(): Promise<void> {
    const { snapshots } = bench.backend();
    const ownership = {
      ownersOf: async () => ['group:default/orders-team'],
    } as unknown as Ownership;
    await new GlassFollowUp({
      requests: bench.requests,
      ownership,
      notifier: {
        glassOver,
        withdrawn: jest.fn(),
      } as unknown as ChangeNotifier,
      now: () => bench.now,
      snapshots,
      planner: bench.planner,
      auditor,
      auth: mockServices.auth({ pluginId: 'callgate' }),
      logger: bench.logger,
    }).runOnce(await snapshots.read({ fresh: true }));
  }

  /** Sends one that lasts four hours. */
  async function sent(): Promise<string> {
    const expiresAt = bench.now + 4 * HOUR;
    return bench.submitted({
      breakGlass: { expiresAt },
      until: new Date(expiresAt).toISOString().slice(0, 10),
    });
  }

  const ends = async (id: string) => {
    const request = await bench.requests.getRequest(id);
    const grant = `${request!.callerRef.split('/')[1]}-${id
      .slice(-8)
      .toLowerCase()}`;
    return (await bench.requests.requestsOfGrant(ORDERS, grant))
      .filter(({ draft }) => draft.change?.kind === 'end')
      .map(({ state, requestedBy, draft }) => ({
        state,
        requestedBy,
        why: draft.change?.glass?.why,
      }));
  };

  it('is asked for once and told once, by several processes and after a while in which none ran', async () => {
    // Somebody else's first grant has closed the API already.
    await bench.approved({ caller: 'component:default/cart' });
    await bench.backend().worker.runOnce();
    await bench.mergedElsewhere(1);
    await bench.backend().worker.syncOnce();
    const id = await sent();
    expect(await bench.stateOf(id)).toBe('approved');
    await bench.backend().worker.runOnce();
    expect(await bench.stateOf(id)).toBe('proposed');
    await bench.mergedElsewhere(2);
    await bench.backend().worker.syncOnce();
    expect(await bench.stateOf(id)).toBe('merged');
    expect(bench.git('show', `main:${POLICY}`)).toContain('breakGlass: true');
    bench.now += 4 * HOUR - 1;
    await round();
    expect(await ends(id)).toEqual([]);
    bench.now += 5 * 24 * HOUR;
    await Promise.all([round(), round(), round()]);
    await round();
    expect(await ends(id)).toEqual([
      { state: 'approved', requestedBy: 'callgate', why: 'over' },
    ]);
    expect((await bench.requests.getRequest(id))?.breakGlass?.afterwards).toBe(
      'lapsed',
    );
    const steps = await bench.requests.transitions(id);
    expect(steps.filter(({ event }) => event === 'lapse')).toHaveLength(1);
    expect(glassOver).toHaveBeenCalledTimes(1);
    // That another process was faster is no trouble.
    expect(bench.logger.warn).not.toHaveBeenCalled();
  });

  it.each<[string, string, string]>([
    [
      'goes on by itself, with what stands open under the old name',
      '',
      'approved',
    ],
    [
      'waits for an owner where somebody else has open what nobody grants any more',
      'stock',
      'submitted',
    ],
  ])('%s', async (_, other, state) => {
    for (const name of ['cart', ...(other ? [other] : [])])
      await bench.approved({
        caller: `component:default/${name}`,
        operations: [{ id: 'getOrder' }],
      });
    await bench.backend().worker.runOnce();
    await bench.mergedElsewhere(1);
    await bench.backend().worker.syncOnce();
    const id = await sent();
    await bench.backend().worker.runOnce();
    await bench.mergedElsewhere(2);
    await bench.backend().worker.syncOnce();
    expect(await bench.stateOf(id)).toBe('merged');
    bench.catalog = bench.catalog.map(entity => ({
      ...entity,
      spec: {
        ...entity.spec,
        ...(typeof entity.spec?.definition === 'string' && {
          definition: entity.spec.definition.replace(
            /\/orders(?=["':])/,
            '/v2/orders',
          ),
        }),
      },
    }));
    if (other)
      await bench.pushToMain({
        [POLICY]: bench
          .git('show', `main:${POLICY}`)
          .replace(/ {4}- id: stock[^]*?(?= {4}- id: checkout)/, ''),
      });
    bench.now += 5 * 24 * HOUR;
    await round();
    expect(await ends(id)).toEqual([
      { state, requestedBy: 'callgate', why: 'over' },
    ]);
  });

  it('ends also what was merged in the moment in which it was rejected', async () => {
    await bench.approved({ caller: 'component:default/cart' });
    await bench.backend().worker.runOnce();
    await bench.mergedElsewhere(1);
    await bench.backend().worker.syncOnce();
    const id = await sent();
    await bench.backend().worker.runOnce();
    await bench.mergedElsewhere(2);
    // Nobody has heard of the merge yet.
    await bench.requests.change({
      id,
      event: 'refuse',
      actor: 'user:default/omar',
      reason: 'No',
      set: { afterwards: 'rejected' },
    });
    expect(await bench.stateOf(id)).toBe('rejected');
    await round();
    expect(await ends(id)).toEqual([
      { state: 'approved', requestedBy: 'callgate', why: 'rejected' },
    ]);
  });

  it('ends instead of asking anybody where it means more than when it was sent', async () => {
    await bench.approved({ caller: 'component:default/cart' });
    await bench.backend().worker.runOnce();
    await bench.mergedElsewhere(1);
    await bench.backend().worker.syncOnce();
    const id = await sent();
    const { shown } = (await bench.requests.getRequest(id))!;
    // What was shown is less than what it opens now.
    await bench
      .client('access_requests')
      .where({ id })
      .update({
        shown: JSON.stringify({
          ...shown,
          digest: 'sha256:of-less',
          content: { ...shown.content, edges: [] },
        }),
      });
    await bench.backend().worker.runOnce();
    expect(await bench.stateOf(id)).toBe('superseded');
    const steps = await bench.requests.transitions(id);
    expect(steps[steps.length - 1].facts).toEqual({ code: 'glass-means-more' });
  });
});
