import { TestDatabases } from '@backstage/backend-test-utils';
import fs from 'node:fs';
import path from 'node:path';
import { smallEstate } from './__testUtils__/smallCompany';
import { ORDERS, ProposalBench } from './__testUtils__/ProposalBench';
import { platformFindings, platformTroubles } from './platformTroubles';

jest.setTimeout(60_000);

const CART = 'component:default/cart';

describe('a namespace of which a reader left something out', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  let backend: ReturnType<ProposalBench['backend']>;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    backend = bench.backend();
    // Cart runs in a namespace of its own.
    const money = smallEstate(['cart'])
      .replaceAll('namespace: shop', 'namespace: money')
      .replace('name: shop', 'name: money');
    fs.writeFileSync(
      path.join(bench.root, 'estate/all.yaml'),
      [smallEstate(['orders', 'stock', 'checkout']), money].join('---'),
    );
    await bench.estate.refresh();
  });
  afterEach(() => bench.close());

  const gap = () => path.join(bench.root, 'estate/gap.yaml');
  const leaveOut = async (namespace: string) => {
    fs.writeFileSync(
      gap(),
      JSON.stringify({
        apiVersion: 'callgate.dev/v1alpha1',
        kind: 'NotRead',
        metadata: { name: 'networkpolicies', namespace },
        spec: {
          leftOut: [{ count: 1, names: ['huge'], reason: 'too-large' }],
        },
      }),
    );
    await bench.estate.refresh();
  };
  const read = () => backend.snapshots.read({ fresh: true });
  const preview = async (over = {}) =>
    bench.planner.preview(await read(), bench.draft(over));
  const work = async () => {
    bench.now += 3_600_000;
    await backend.worker.runOnce();
  };
  const merged = async () => {
    await work();
    const { number } = (await bench.store.currentProposal(ORDERS))!;
    await bench.mergedElsewhere(number!);
    await backend.worker.syncOnce();
  };
  const filesAt = async () => {
    const repository = await bench.repository();
    const tip = await repository.fetch('main');
    return repository.store.readFiles(tip!, ['clusters']);
  };

  it('waits alone: nothing is asked for it, and others of the same cluster and API are asked for, built and shown as they are', async () => {
    await leaveOut('money');
    const snapshot = await read();
    // Nothing is shown as it was before, and nobody waits for the cluster.
    expect(snapshot.unread).toEqual([]);
    expect(snapshot.source.stale).toBe(false);
    expect(platformTroubles(snapshot)).toEqual([]);
    expect(platformFindings(snapshot)).toEqual([
      expect.objectContaining({
        code: 'part-not-read',
        message: expect.stringMatching(
          /The cluster prod has objects .*networkpolicies of money.*huge/,
        ),
      }),
    ]);
    const there = await preview({ caller: CART });
    expect(there.sendable).toBe(false);
    expect(there.findings[0]).toMatchObject({
      ...{ code: 'end-not-read', severity: 'error' },
      objects: ['money/Deployment/cart'],
    });
    const id = await bench.approved();
    await work();
    expect(await bench.stateOf(id)).toBe('proposed');
    fs.rmSync(gap());
    await bench.estate.refresh();
    expect((await preview({ caller: CART })).sendable).toBe(true);
  });

  it('keeps what is in force for it, while another caller of the same API is added', async () => {
    await bench.approved({ caller: CART });
    await merged();
    const ofCart = async () =>
      [...(await filesAt())].flatMap(([name, text]) =>
        text
          .split('\n')
          .filter(line => line.includes('money'))
          .map(line => `${name} ${line}`),
      );
    const before = await ofCart();
    expect(before.length).toBeGreaterThan(0);
    await leaveOut('money');
    const id = await bench.approved();
    await merged();
    expect(await bench.stateOf(id)).toBe('merged');
    expect(await ofCart()).toEqual(before);
    const all = [...(await filesAt()).values()].join();
    expect(all).toContain('sa/checkout');
    const { compilation } = await read();
    expect(compilation.failedApis).toEqual([]);
    expect(compilation.held.map(({ api }) => api)).toEqual([ORDERS]);
  });

  it.each(['shop', 'money'])(
    'lets every grant be ended, the last one too: of %s',
    async namespace => {
      const requests = [
        [CART, await bench.approved({ caller: CART })],
        ['component:default/checkout', await bench.approved()],
      ] as const;
      await merged();
      await leaveOut(namespace);
      for (const [caller, request] of requests) {
        const { policies } = await read();
        const grant = policies
          .flatMap(({ policy }) => policy?.spec.grants ?? [])
          .find(each => each.request === request)!;
        const id = await bench.submitted({
          caller,
          operations: [],
          change: {
            kind: 'end',
            grant: grant.id,
            request,
            side: 'api',
            whenLast: 'keep-closed',
          },
        });
        await merged();
        expect(await bench.stateOf(id)).toBe('merged');
        const all = [...(await filesAt()).values()].join();
        expect(all).not.toContain(`sa/${caller.split('/')[1]}`);
      }
      // Nobody is granted anything, and it stays closed to everybody.
      expect([...(await filesAt()).values()].join()).toContain(
        'name: callgate-orders.orders',
      );
    },
  );

  it('leaves an open pull request open: what is approved waits, and goes on by itself once it can be read', async () => {
    const cart = await bench.approved({ caller: CART });
    await work();
    const { number } = (await bench.store.currentProposal(ORDERS))!;
    const pullRequest = async () =>
      (await bench.repository()).readPullRequest(number!);
    await leaveOut('shop');
    await expect(bench.submitted()).rejects.toThrow('could be read');
    for (let round = 0; round < 3; round++) {
      await work();
      await backend.worker.syncOnce();
    }
    expect((await pullRequest()).state).toBe('open');
    expect(await bench.stateOf(cart)).toBe('proposed');
    fs.rmSync(gap());
    await bench.estate.refresh();
    await merged();
    expect(await bench.stateOf(cart)).toBe('merged');
    expect([...(await filesAt()).values()].join()).toContain('sa/cart');
  });

  it('is about every request where it is the namespace of the API', async () => {
    await leaveOut('shop');
    expect((await preview()).sendable).toBe(false);
    expect((await preview({ caller: CART })).findings[0]).toMatchObject({
      code: 'end-not-read',
      objects: ['shop/Deployment/orders'],
    });
  });
});
