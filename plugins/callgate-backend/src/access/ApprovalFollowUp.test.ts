import { TestDatabases } from '@backstage/backend-test-utils';
import { DatabaseReminders } from '../database/Reminders';
import type { Ownership } from '../ownership';
import {
  ORDERS,
  ProposalBench,
} from '../proposals/__testUtils__/ProposalBench';
import { ApprovalFollowUp, type LongWait } from './ApprovalFollowUp';
import type { ChangeNotifier } from './ChangeNotifier';

jest.setTimeout(120_000);

const DAY = 86_400_000;
const rules = (escalate: string) => `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules: []
${escalate ? `  escalate: ${escalate}\n` : ''}`;
const BOTH = '{ remind: 2d, after: 5d, to: group:default/architecture }';

describe('requests that nobody decides', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  let start: number;
  const requestsWait = jest.fn();
  let people: Record<string, string[]>;

  beforeEach(async () => {
    jest.resetAllMocks();
    people = {
      'group:default/orders-team': ['user:default/omar', 'user:default/lena'],
    };
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    start = bench.now;
  });
  afterEach(() => bench.close());

  /** The task of one process. */
  function task(): ApprovalFollowUp {
    const who = (owners: string[]) =>
      owners.flatMap(owner => people[owner] ?? []);
    const ownership = {
      ownersOf: async () => ['group:default/orders-team'],
      peopleOf: async (owners: string[]) => who(owners),
      deciders: async (_: string, requester: string) => ({
        owners: ['group:default/orders-team'],
        people: who(['group:default/orders-team']).filter(
          person => person !== requester,
        ),
        fallback: false,
      }),
      within: () => ownership,
    } as unknown as Ownership;
    return new ApprovalFollowUp({
      requests: bench.requests,
      ownership,
      notifier: { requestsWait } as unknown as ChangeNotifier,
      now: () => bench.now,
      snapshots: bench.backend().snapshots,
      reminders: DatabaseReminders.create({ client: bench.client }),
      logger: bench.logger,
    });
  }

  const rulesAre = (escalate: string) =>
    bench.pushToMain({ 'approvals.yaml': rules(escalate) });
  const after = async (days: number) => {
    bench.now = start + days * DAY;
    requestsWait.mockClear();
    await task().runOnce();
    return requestsWait.mock.calls.map(([person, waits]) => [
      person,
      waits.map((wait: LongWait) => [wait.about.number, wait.step, wait.days]),
    ]);
  };
  const OWNERS = ['user:default/omar', 'user:default/lena'];
  const GROUP = 'group:default/architecture';

  it('are told to those who decide, and after that to the group, each once', async () => {
    await rulesAre(BOTH);
    await bench.submitted();
    expect(await after(1.99)).toEqual([]);
    expect(await after(2)).toEqual(
      OWNERS.map(person => [person, [[1, 'remind', 2]]]).sort(),
    );
    expect(await after(2.5)).toEqual([]);
    expect(await after(4.99)).toEqual([]);
    expect(await after(5)).toEqual([[GROUP, [[1, 'escalate', 5]]]]);
    expect(await after(40)).toEqual([]);
  });

  it("are nobody's where the rules do not say so", async () => {
    await rulesAre('');
    await bench.submitted();
    expect(await after(400)).toEqual([]);
  });

  it('after a week without a process everybody hears once of all, in however many processes', async () => {
    await rulesAre(BOTH);
    await bench.submitted();
    await bench.submitted({ operations: [{ id: 'getOrder' }] });
    bench.now = start + 9 * DAY;
    await Promise.all([task().runOnce(), task().runOnce(), task().runOnce()]);
    const told = requestsWait.mock.calls.map(([person, waits]) => [
      person,
      waits.length,
    ]);
    expect(told.sort()).toEqual([
      [GROUP, 2],
      ['user:default/lena', 2],
      ['user:default/omar', 2],
    ]);
    expect(await after(9.2)).toEqual([]);
  });

  it('are told at most once a day, whatever else somebody was reminded of', async () => {
    await rulesAre(BOTH);
    await bench.submitted();
    bench.now = start + 2 * DAY;
    const [day] = new Date(bench.now).toISOString().split('T');
    await DatabaseReminders.create({ client: bench.client }).claim(
      'user:default/omar',
      day,
      [{ kind: 'grant-ends', subject: [ORDERS, 'g', '2026-12-01', 14] }],
    );
    expect(await after(2)).toEqual([['user:default/lena', [[1, 'remind', 2]]]]);
    // The next day is his.
    expect(await after(3)).toEqual([['user:default/omar', [[1, 'remind', 3]]]]);
  });

  it('a clock that jumps back tells nobody again', async () => {
    await rulesAre(BOTH);
    await bench.submitted();
    expect(await after(6)).toHaveLength(3);
    expect(await after(-3)).toEqual([]);
    expect(await after(6)).toEqual([]);
  });

  it('are not told to who has left, nor to who asked', async () => {
    await rulesAre(BOTH);
    await bench.submitted({}, 'user:default/omar');
    people['group:default/orders-team'] = ['user:default/omar'];
    expect(await after(2)).toEqual([]);
    expect(await after(5)).toEqual([[GROUP, [[1, 'escalate', 5]]]]);
  });

  it('that were decided are told to nobody, and begin to wait anew where they have to be approved again', async () => {
    await rulesAre(BOTH);
    const id = await bench.approved();
    expect(await after(3)).toEqual([]);
    await bench.store.saveOutcomes([
      {
        requestId: id,
        event: 'meaning-changed',
        facts: { code: 'meaning-changed', differences: [] },
      },
    ]);
    expect(await after(4.9)).toEqual([]);
    expect(await after(5)).toHaveLength(2);
    expect(await after(8)).toEqual([[GROUP, [[1, 'escalate', 5]]]]);
  });

  it('one that cannot be told stops nobody else', async () => {
    await rulesAre(BOTH);
    await bench.submitted();
    bench.now = start + 6 * DAY;
    requestsWait.mockRejectedValueOnce(new Error('no mail'));
    await task().runOnce();
    expect(requestsWait).toHaveBeenCalledTimes(3);
  });
});
