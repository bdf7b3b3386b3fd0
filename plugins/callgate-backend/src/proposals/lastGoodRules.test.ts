import { TestDatabases } from '@backstage/backend-test-utils';
import { ORDERS, ProposalBench } from './__testUtils__/ProposalBench';

jest.setTimeout(60_000);

const approvals = (rule: string) => `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
    - name: ${rule}
      when: api.name == 'orders'
      needs: [{ role: platform }]
      examples:
        hold: [{ api: { name: orders } }]
        not: [{ api: { name: stock } }]
`;
const BROKEN = approvals('watched').replace("== 'orders'", "=== 'orders'");

const guardrails = (expression: string) => `apiVersion: callgate.dev/v1alpha1
kind: Guardrails
spec:
  rules:
    - name: no-cart
      subject: edge
      message: The cart stays out
      expression: ${expression}
      examples:
        pass: [{ edge: { caller: { name: checkout } } }]
        fail: [{ edge: { caller: { name: cart } } }]
`;

describe('rules that cannot be read', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  let backend: ReturnType<ProposalBench['backend']>;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    backend = bench.backend();
  });
  afterEach(() => bench.close());

  const push = (text: string | undefined, file = 'approvals.yaml') =>
    bench.pushToMain({ [file]: text });
  const read = () => backend.snapshots.read({ fresh: true });
  const preview = async (over = {}) =>
    bench.planner.preview(await read(), bench.draft(over));
  const kinds = async () =>
    (await preview()).needs.map(({ kind }) => kind).sort();

  it('hold as their last version that could be read, and stop nobody', async () => {
    const good = await push(approvals('watched'));
    await push(BROKEN);
    const snapshot = await read();
    expect(snapshot.findings).toMatchObject([
      {
        code: 'approvals-invalid',
        at: { file: 'approvals.yaml', line: 6 },
        fix: expect.stringContaining(
          `holds: commit ${good.slice(0, 7)} of 2026-11-02`,
        ),
      },
    ]);
    const { sendable, needs } = await preview();
    expect(sendable).toBe(true);
    expect(needs).toEqual([
      { kind: 'api-owner', api: ORDERS, count: 1, because: [] },
      {
        kind: 'platform',
        count: 1,
        because: ['watched'],
        asOf: { commit: good, at: '2026-11-02T10:00:00.000Z' },
      },
    ]);
    const other = await preview({ api: 'api:default/stock' });
    expect(other.needs).toHaveLength(1);
  });

  it('hold however often they are broken anew, and in a process that has just started', async () => {
    await push(approvals('first'));
    await push(approvals('second'));
    await push(BROKEN);
    await push(`${BROKEN}# again\n`);
    await push('{{{');
    backend = bench.backend();
    expect((await preview()).needs[1].because).toEqual(['second']);
  });

  it('are passed over while there were none: what was gone asks what it asked before', async () => {
    await push(approvals('watched'));
    await push(undefined);
    expect(await kinds()).toEqual(['api-owner']);
    await push(BROKEN);
    expect(await kinds()).toEqual(['api-owner', 'platform']);
  });

  it('do not hold any more once they are mended', async () => {
    await push(approvals('watched'));
    await push(BROKEN);
    expect(await kinds()).toEqual(['api-owner', 'platform']);
    await push(approvals('mended'));
    const { needs } = await preview();
    expect(needs[1]).toEqual({
      kind: 'platform',
      count: 1,
      because: ['mended'],
    });
    expect((await read()).findings).toEqual([]);
  });

  it('refuse what is asked, with the reason, where no version can be read', async () => {
    await push(BROKEN);
    const { sendable, problem, findings } = await preview();
    expect(sendable).toBe(false);
    expect(problem).toContain('does not compile');
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'approvals-invalid',
        fix: expect.stringContaining('no earlier version'),
      }),
    );
  });

  it('refuse what is asked where they are no text, and were never', async () => {
    await bench.pushBytesToMain('approvals.yaml');
    const { sendable, problem } = await preview();
    expect(sendable).toBe(false);
    expect(problem).toBe('approvals.yaml is not UTF-8 text');
    await push(approvals('watched'));
    await bench.pushBytesToMain('approvals.yaml');
    expect(await kinds()).toEqual(['api-owner', 'platform']);
  });

  it('of the platform team refuse what their last readable version refused', async () => {
    const file = 'guardrails.yaml';
    await push(guardrails("edge.caller.name != 'cart'"), file);
    await push(guardrails("edge.caller.name !== 'cart'"), file);
    expect((await preview()).sendable).toBe(true);
    const cart = await preview({ caller: 'component:default/cart' });
    expect(cart.sendable).toBe(false);
    expect(cart.problem).toContain('The cart stays out');
  });

  it('let what is approved be built, and what was approved with less ask again', async () => {
    const id = await bench.approved();
    await push(approvals('watched'));
    await push(BROKEN);
    await backend.worker.runOnce();
    expect(await bench.stateOf(id)).toBe('submitted');
    const stock = await bench.approved({ api: 'api:default/stock' });
    await backend.worker.runOnce();
    expect(await bench.stateOf(stock)).toBe('proposed');
  });

  it('are the platform team’s to mend where they stop a proposal', async () => {
    const id = await bench.approved();
    await push(BROKEN);
    await backend.worker.runOnce();
    expect(await bench.stateOf(id)).toBe('approved');
    const record = await bench.store.currentProposal(ORDERS);
    expect(record?.problem).toMatchObject({
      code: 'rules-not-readable',
      text: expect.stringContaining('approvals.yaml:6'),
    });
  });
});
