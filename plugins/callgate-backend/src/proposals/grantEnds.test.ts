import { TestDatabases } from '@backstage/backend-test-utils';
import type { GrantChange } from './types';
import {
  BRANCH,
  ORDERS,
  POLICY,
  ProposalBench,
} from './__testUtils__/ProposalBench';

jest.setTimeout(60_000);

const ENDS = `ends: { caller: ['prod:shop/sa/NAME'], provider: ['prod:shop/sa/orders'] }`;

const grant = (
  id: string,
  name: string,
  ...operations: string[]
) => `    - id: ${id}
      caller: component:default/${name}
      operations: [${operations.map(each => `{ id: ${each} }`).join(', ')}]
      ${ENDS.replace('NAME', name)}
`;

const POLICY_TEXT = `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/orders-team
  api: ${ORDERS}
  mode: enforce
  grants:
${grant('one', 'cart', 'listOrders', 'getOrder')}${grant(
  'two',
  'cart',
  'listOrders',
)}${grant('three', 'stock', 'createOrder')}`;

describe('proposals that end grants', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  const work = async () => bench.backend().worker.runOnce();

  /** The grants are in force: with a request that was merged since, their manifests were written. */
  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    await bench.pushToMain({ [POLICY]: POLICY_TEXT });
    await bench.approved({ operations: [{ id: 'getOrder' }] });
    await work();
    await bench.mergedElsewhere(1);
    await bench.backend().worker.syncOnce();
  });
  afterEach(() => bench.close());

  const proposal = async () => (await bench.store.currentProposal(ORDERS))!;
  const on = (ref: string) => bench.git('show', `${ref}:${POLICY}`);

  const end = (id: string, name: string, more: Partial<GrantChange> = {}) =>
    bench.submitted({
      change: { kind: 'end', grant: id, side: 'caller', ...more },
      caller: `component:default/${name}`,
      operations: [],
    });

  it('are written without the grant, and with everybody else’s files as they were', async () => {
    const id = await end('three', 'stock');
    expect(await bench.stateOf(id)).toBe('approved');
    await work();
    expect(await bench.stateOf(id)).toBe('proposed');
    expect(on(BRANCH)).not.toContain('three');
    expect(on(BRANCH)).toContain('two');
    const { body, checks } = await proposal();
    expect(body).toContain('nobody has to approve it: it opens nothing');
    expect(body).toContain('What is taken away');
    expect(checks.map(({ name, outcome }) => `${name} ${outcome}`)).toContain(
      'Taken away = said passed',
    );
  });

  it('do not take together what each left to the other: the second waits, and asks again', async () => {
    const first = await end('one', 'cart');
    const second = await end('two', 'cart');
    // Nothing is lost with the second alone: the first opens it as well.
    expect((await bench.requests.getRequest(second))?.shown.lost).toEqual([]);
    await work();
    expect((await proposal()).requestIds).toEqual([first]);
    expect(await bench.stateOf(second)).toBe('approved');
    expect(on(BRANCH)).toContain('id: two');

    await bench.mergedElsewhere(2);
    await bench.backend().worker.syncOnce();
    await work();
    expect(await bench.stateOf(first)).toBe('merged');
    expect(await bench.stateOf(second)).toBe('submitted');
    const asked = await bench.requests.getRequest(second);
    expect(asked?.needs).toEqual([
      { kind: 'api-owner', api: ORDERS, count: 1, because: [] },
    ]);
    expect((await bench.requests.transitions(second)).at(-1)).toMatchObject({
      event: 'ask-again',
      facts: { code: 'meaning-changed' },
    });
  });

  it('go together where each takes its own', async () => {
    const ids = [await end('two', 'cart'), await end('three', 'stock')];
    await work();
    expect((await proposal()).requestIds).toEqual(ids);
    expect(on(BRANCH)).not.toMatch(/id: (two|three)/);
  });

  it('are merged although nobody heard that the pull request was opened', async () => {
    const id = await end('three', 'stock');
    await work();
    const { id: record } = await proposal();
    // As after a crash between opening it and taking note.
    await bench.client('proposals').where({ id: record }).delete();
    await bench
      .client('access_requests')
      .where({ id })
      .update({ state: 'approved', proposal_id: null });
    await bench.mergedElsewhere(2);
    await bench.store.enqueue(ORDERS);
    await work();
    expect(await bench.stateOf(id)).toBe('merged');
    const { proposalId } = (await bench.requests.getRequest(id))!;
    expect(await bench.store.getProposal(proposalId!)).toMatchObject({
      state: 'merged',
      number: 2,
      requestIds: [id],
    });
  });

  it('are not taken for merged where the grant is there, for another request by now', async () => {
    const id = await end('three', 'stock');
    await work();
    const { id: record } = await proposal();
    await bench.client('proposals').where({ id: record }).delete();
    await bench
      .client('access_requests')
      .where({ id })
      .update({ state: 'approved', proposal_id: null });
    // The pull request names the end. What it brought is something else.
    const before = on('main');
    await bench.mergedElsewhere(2);
    await bench.pushToMain({
      [POLICY]: before.replace(
        '- id: three\n',
        '- id: three\n      request: 01ARZ3NDEKTSV4RRFFQ69G5FAV\n',
      ),
    });
    expect(on('main')).toContain('01ARZ3NDEKTSV4RRFFQ69G5FAV');
    await bench.store.enqueue(ORDERS);
    await work();
    expect(await bench.stateOf(id)).toBe('superseded');
  });

  it('are not taken for merged where somebody took the grant out by hand', async () => {
    const id = await end('three', 'stock');
    await work();
    await bench.pushToMain({
      [POLICY]: on('main').replace(/ {4}- id: three[^]*?(?= {4}- id)/, ''),
    });
    await bench.store.enqueue(ORDERS);
    await work();
    expect(await bench.stateOf(id)).toBe('superseded');
    expect(await bench.store.currentProposal(ORDERS)).toBeUndefined();
  });

  it('open nothing where another grant came in since it was the last one, and ask again: now the caller loses it', async () => {
    await bench.pushToMain({
      [POLICY]: on('main').replace(
        /grants:[^]*$/,
        `grants:\n${grant('one', 'cart', 'listOrders', 'getOrder')}`,
      ),
    });
    const id = await end('one', 'cart', { whenLast: 'open' });
    expect(await bench.stateOf(id)).toBe('submitted');
    expect((await bench.requests.getRequest(id))?.shown.left).toBe('open');
    await bench.approve(id);
    await bench.pushToMain({
      [POLICY]: `${on('main')}${grant('three', 'stock', 'createOrder')}`,
    });
    await work();
    expect(await bench.stateOf(id)).toBe('submitted');
    expect((await bench.requests.transitions(id)).at(-1)).toMatchObject({
      facts: {
        code: 'meaning-changed',
        differences: expect.arrayContaining([
          expect.objectContaining({
            takenAway: true,
            from: 'shop/Deployment/cart',
          }),
        ]),
      },
    });
    expect(await bench.store.currentProposal(ORDERS)).toBeUndefined();
  });
});
