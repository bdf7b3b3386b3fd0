import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { DatabaseGrantReviews } from '../database/DatabaseGrantReviews';
import { DatabaseReminders } from '../database/Reminders';
import { GrantReviews } from '../reviews';
import type { Ownership } from '../ownership';
import {
  ORDERS,
  POLICY,
  ProposalBench,
} from '../proposals/__testUtils__/ProposalBench';
import type { ChangeNotifier } from './ChangeNotifier';
import { GrantFollowUp } from './GrantFollowUp';

jest.setTimeout(120_000);

const ENDS = `ends: { caller: ['prod:shop/sa/NAME'], provider: ['prod:shop/sa/orders'] }`;

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

describe('what goes by itself with grants that end', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  const grantsDue = jest.fn();
  const withdrawn = jest.fn();
  let reviewEvery: number | undefined;
  const auditor = mockServices.auditor.mock();

  beforeEach(async () => {
    jest.resetAllMocks();
    reviewEvery = undefined;
    auditor.createEvent.mockResolvedValue({
      success: jest.fn(),
      fail: jest.fn(),
    });
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  /** The task of one process. */
  function task(): GrantFollowUp {
    const people: Record<string, string[]> = {
      'group:default/orders-team': ['user:default/omar', 'user:default/lena'],
    };
    const ownership = {
      ownersOf: async () => ['group:default/orders-team'],
      peopleOf: async (owners: string[]) =>
        owners.flatMap(owner => people[owner] ?? []),
      deciders: async (_: string, requester: string) => ({
        owners: ['group:default/orders-team'],
        people: people['group:default/orders-team'].filter(
          person => person !== requester,
        ),
        fallback: false,
      }),
      within: () => ownership,
    } as unknown as Ownership;
    return new GrantFollowUp({
      requests: bench.requests,
      proposals: bench.store,
      ownership,
      notifier: { grantsDue, withdrawn } as unknown as ChangeNotifier,
      lifecycle: { remindDays: [14, 3] },
      now: () => bench.now,
      snapshots: bench.backend().snapshots,
      planner: bench.planner,
      reminders: DatabaseReminders.create({ client: bench.client }),
      reviews: new GrantReviews({
        store: DatabaseGrantReviews.create({
          client: bench.client,
          now: () => bench.now,
        }),
        requests: bench.requests,
        now: () => bench.now,
        ...(reviewEvery !== undefined && { reviewEvery }),
      }),
      auditor,
      auth: mockServices.auth({ pluginId: 'callgate' }),
      logger: bench.logger,
    });
  }

  /** Declares it, and has the manifests written with the next request that is merged. */
  async function inForce(text: string): Promise<void> {
    await bench.pushToMain({ [POLICY]: text });
    await bench.approved({ operations: [{ id: 'getOrder' }] });
    await bench.backend().worker.runOnce();
    await bench.mergedElsewhere(1);
    await bench.backend().worker.syncOnce();
  }

  /** Somebody changes the declaration by hand. */
  const byHand = async (change: (text: string) => string) =>
    bench.pushToMain({
      [POLICY]: change(bench.git('show', `main:${POLICY}`)),
    });

  const at = (moment: string) => {
    bench.now = Date.parse(moment);
  };
  const ends = async () =>
    (await bench.requests.requestsOfGrant(ORDERS, 'cart-lists')).map(
      ({ state, requestedBy, draft: { change } }) => ({
        state,
        requestedBy,
        expired: change?.expired,
      }),
    );
  const told = () =>
    grantsDue.mock.calls.map(([person, { ends: soon }]) => [
      person,
      soon.map((each: { grant: string; step: number }) => [
        each.grant,
        each.step,
      ]),
    ]);

  it('reminds at the days that are configured, each person once', async () => {
    await bench.pushToMain({
      [POLICY]: policy(grant('checkout'), grant('cart', '2027-03-31')),
    });
    at('2027-03-16T23:59:59Z');
    await task().runOnce();
    expect(told()).toEqual([]);
    // Fourteen days before, by UTC.
    at('2027-03-17T00:00:00Z');
    await task().runOnce();
    await task().runOnce();
    const first = [
      ['user:default/omar', [['cart-lists', 14]]],
      ['user:default/lena', [['cart-lists', 14]]],
    ];
    expect(told()).toEqual(first);
    at('2027-03-20T12:00:00Z');
    await task().runOnce();
    expect(told()).toEqual(first);
    at('2027-03-28T01:00:00Z');
    await task().runOnce();
    expect(told().slice(2)).toEqual([
      ['user:default/omar', [['cart-lists', 3]]],
      ['user:default/lena', [['cart-lists', 3]]],
    ]);
    expect(await ends()).toEqual([]);
  });

  it('proposes the end on the day after the last one, and closes nothing', async () => {
    await inForce(policy(grant('checkout'), grant('cart', '2028-02-29')));
    at('2028-02-29T23:59:59Z');
    await task().runOnce();
    expect(await ends()).toEqual([]);
    at('2028-03-01T00:00:00Z');
    await Promise.all([task().runOnce(), task().runOnce()]);
    expect(await ends()).toEqual([
      { state: 'approved', requestedBy: 'callgate', expired: '2028-02-29' },
    ]);
    await bench.backend().worker.runOnce();
    expect((await ends())[0].state).toBe('proposed');
    expect(bench.git('show', `main:${POLICY}`)).toContain('cart-lists');
    await bench.mergedElsewhere(2);
    await bench.backend().worker.syncOnce();
    expect((await ends())[0].state).toBe('merged');
    expect(bench.git('show', `main:${POLICY}`)).not.toContain('cart-lists');
    await task().runOnce();
    expect(await ends()).toHaveLength(1);
  });

  it('catches up after a week without a flood', async () => {
    await inForce(
      policy(
        grant('checkout', '2027-03-05'),
        grant('cart', '2027-03-15'),
        grant('stock', '2027-03-20'),
      ),
    );
    // Nothing ran since long before; everything of it was due on some day.
    at('2027-03-13T12:00:00Z');
    await Promise.all([task().runOnce(), task().runOnce()]);
    await task().runOnce();
    const all = [
      ['checkout-lists', -1],
      ['cart-lists', 3],
      ['stock-lists', 14],
    ];
    expect(told()).toEqual([
      ['user:default/omar', all],
      ['user:default/lena', all],
    ]);
    expect(
      (await bench.requests.requestsOfGrant(ORDERS, 'checkout-lists')).map(
        ({ state }) => state,
      ),
    ).toEqual(['approved']);
  });

  it('tells nobody twice on a day, and the rest on the next one', async () => {
    await bench.pushToMain({ [POLICY]: policy(grant('cart', '2027-03-15')) });
    at('2027-03-12T08:00:00Z');
    await task().runOnce();
    await bench.pushToMain({
      [POLICY]: policy(
        grant('cart', '2027-03-15'),
        grant('checkout', '2027-03-14'),
      ),
    });
    at('2027-03-12T18:00:00Z');
    await task().runOnce();
    expect(told()).toHaveLength(2);
    at('2027-03-13T00:00:01Z');
    await task().runOnce();
    expect(told().slice(2)).toEqual([
      ['user:default/omar', [['checkout-lists', 3]]],
      ['user:default/lena', [['checkout-lists', 3]]],
    ]);
  });

  it('takes its question back where the grant holds longer, also because a clock went wrong', async () => {
    await inForce(policy(grant('checkout'), grant('cart', '2027-03-31')));
    // The clock of a machine jumps by a year.
    at('2028-04-01T00:00:00Z');
    await task().runOnce();
    expect(await ends()).toMatchObject([{ state: 'approved' }]);
    await byHand(text => text.replace('2027-03-31', '2028-06-30'));
    await task().runOnce();
    await bench.backend().worker.runOnce();
    expect(await ends()).toMatchObject([{ state: 'superseded' }]);
    const [{ id }] = await bench.requests.requestsOfGrant(ORDERS, 'cart-lists');
    expect((await bench.requests.transitions(id)).at(-1)).toMatchObject({
      facts: { code: 'not-over' },
    });
  });

  it('proposes the end also while somebody’s file of a cluster cannot be read', async () => {
    await inForce(policy(grant('checkout'), grant('cart', '2027-03-31')));
    await bench.pushToMain({ 'clusters/prod/theirs.yaml': 'kind: [' });
    at('2027-04-01T00:00:00Z');
    await task().runOnce();
    expect((await bench.backend().snapshots.read()).source.stale).toBe(true);
    expect(await ends()).toHaveLength(1);
  });

  it('asks anew once an API is mended that had errors when its grant was over, so that nobody has to approve the end', async () => {
    await inForce(policy(grant('checkout'), grant('cart', '2027-03-31')));
    const [right, wrong] = [
      'owner: group:default/orders-team',
      'owner: nobody',
    ];
    await byHand(text => text.replace(right, wrong));
    at('2027-04-01T00:00:00Z');
    await task().runOnce();
    await task().runOnce();
    // What it means is not known.
    expect(await ends()).toMatchObject([{ state: 'submitted' }]);
    await byHand(text => text.replace(wrong, right));
    await task().runOnce();
    expect((await ends()).map(({ state }) => state).sort()).toEqual([
      'approved',
      'superseded',
    ]);
    const asked = await bench.requests.requestsOfGrant(ORDERS, 'cart-lists');
    const old = asked.find(({ state }) => state === 'superseded')!;
    expect((await bench.requests.transitions(old.id)).at(-1)).toMatchObject({
      facts: { code: 'preparable-again' },
    });
  });

  it('does not propose again what somebody said no to', async () => {
    await bench.pushToMain({
      [POLICY]: policy(grant('checkout'), grant('cart', '2027-03-31')),
    });
    at('2027-04-01T00:00:00Z');
    await task().runOnce();
    const [{ id }] = await bench.requests.requestsOfGrant(ORDERS, 'cart-lists');
    await bench.requests.change({ id, event: 'withdraw', rebuild: true });
    at('2027-04-02T00:00:00Z');
    await task().runOnce();
    expect(await ends()).toHaveLength(1);
  });
});
