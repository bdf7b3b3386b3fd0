import type { Forge } from '@callgate/plugin-callgate-node';
import { TestDatabases } from '@backstage/backend-test-utils';
import { parseAccessPolicy } from '@callgate/policy';
import fs from 'node:fs';
import path from 'node:path';
import { sayProblem } from './problems';
import {
  BRANCH,
  ORDERS,
  POLICY,
  ProposalBench,
} from './__testUtils__/ProposalBench';
import { smallEstate } from './__testUtils__/smallCompany';

jest.setTimeout(60_000);

describe('proposals', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  const work = async () => bench.backend().worker.runOnce();
  const proposal = async () => (await bench.store.currentProposal(ORDERS))!;
  /** As somebody reads it who may see everything. */
  const problem = async () => {
    const found = (await proposal()).problem;
    return found && sayProblem(found);
  };
  /** Somebody who has the page of the proposal before them. */
  const shown = async (by = 'user:default/petra') => ({
    by,
    head: (await proposal()).head!,
  });
  const policyOn = (ref: string) =>
    parseAccessPolicy({
      path: POLICY,
      text: bench.git('show', `${ref}:${POLICY}`),
    }).policy!;

  /** A forge on which something happens as soon as somebody has looked at a pull request for the first time. */
  const afterALook = (happens: () => Promise<unknown>): Forge => {
    const forge = bench.forge();
    let isFirst = true;
    return {
      id: forge.id,
      reviewsInPortal: forge.reviewsInPortal,
      connect: async target => {
        const repository = await forge.connect(target);
        const look = repository.readPullRequest.bind(repository);
        return Object.assign(repository, {
          readPullRequest: async (number: number) => {
            const seen = await look(number);
            if (isFirst) {
              isFirst = false;
              await happens();
            }
            return seen;
          },
        });
      },
    };
  };

  describe('of a first request', () => {
    it('open a pull request with the declaration and the manifests', async () => {
      const id = await bench.approved();
      await work();
      expect(await bench.stateOf(id)).toBe('proposed');
      expect(await proposal()).toMatchObject({
        state: 'open',
        number: 1,
        branch: BRANCH,
        forge: 'local',
        requestIds: [id],
      });
      expect(
        bench.git('diff', '--name-only', `main...${BRANCH}`).trim().split('\n'),
      ).toEqual([
        'clusters/prod/shop/callgate-orders.yaml',
        expect.stringMatching(
          /^policies\/\.receipts\/default\/orders\/[0-9a-f]{64}\.json$/,
        ),
        POLICY,
      ]);
      expect(policyOn(BRANCH)).toMatchObject({
        metadata: { name: 'orders', namespace: 'default' },
        spec: {
          owner: 'group:default/orders-team',
          api: ORDERS,
          mode: 'enforce',
          grants: [
            {
              caller: 'component:default/checkout',
              operations: [{ id: 'listOrders' }],
              reason: 'order status',
              requestedBy: 'user:default/priya',
              approvedBy: ['user:default/omar'],
              request: id,
            },
          ],
        },
      });
      bench.git('fsck', '--strict');
      expect(await bench.outbox()).toEqual([]);
      expect(bench.changes).toContainEqual({
        event: 'proposed',
        requestIds: [id],
      });
    });

    it('record the checks that passed', async () => {
      await bench.approved();
      await work();
      const { checks } = await proposal();
      expect(checks.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
        'Opened = approved: passed',
        'Generated manifests = declared: passed',
        'Hand-written objects: passed',
        'Order of application: passed',
      ]);
    });

    it('change nothing when they are built again', async () => {
      await bench.approved();
      await work();
      const before = { refs: bench.git('show-ref'), record: await proposal() };
      await bench.store.enqueue(ORDERS);
      bench.now += 60_000;
      await work();
      expect(bench.git('show-ref')).toBe(before.refs);
      expect(await proposal()).toMatchObject({
        number: 1,
        head: before.record.head,
        title: before.record.title,
        body: before.record.body,
      });
    });
  });

  describe('of several requests of one API', () => {
    it('are one pull request', async () => {
      const first = await bench.approved();
      await work();
      const second = await bench.approved({
        caller: 'component:default/cart',
        operations: [{ id: 'getOrder' }],
      });
      await work();
      expect(await proposal()).toMatchObject({
        number: 1,
        requestIds: [first, second],
      });
      expect(
        policyOn(BRANCH).spec.grants.map(({ request }) => request),
      ).toEqual([first, second]);
      expect(bench.git('rev-list', '--count', `main..${BRANCH}`).trim()).toBe(
        '1',
      );
    });

    it('go on without the one that was withdrawn', async () => {
      const first = await bench.approved();
      const second = await bench.approved({ caller: 'component:default/cart' });
      await work();
      await bench.withdraw(first);
      await work();
      expect(await proposal()).toMatchObject({
        number: 1,
        state: 'open',
        requestIds: [second],
      });
      expect(
        policyOn(BRANCH).spec.grants.map(({ request }) => request),
      ).toEqual([second]);
    });

    it('are closed when the last one is withdrawn, and the next request opens another', async () => {
      const id = await bench.approved();
      await work();
      await bench.withdraw(id);
      await work();
      expect(await bench.store.currentProposal(ORDERS)).toBeUndefined();
      expect((await (await bench.repository()).readPullRequest(1)).state).toBe(
        'closed',
      );
      expect(bench.git('branch', '--list', BRANCH)).toBe('');
      const next = await bench.approved();
      await work();
      expect(await proposal()).toMatchObject({ number: 2, requestIds: [next] });
    });
  });

  it('keep requests of different APIs apart', async () => {
    await bench.approved();
    await bench.approved({ api: 'api:default/stock' });
    await work();
    expect(
      (await bench.store.openProposals()).map(({ branch, number }) => [
        branch,
        number,
      ]),
    ).toEqual([
      [BRANCH, 1],
      ['callgate/default/stock', 2],
    ]);
    expect(
      bench.git('diff', '--name-only', `main...callgate/default/stock`),
    ).not.toContain('orders');
  });

  it('keep every byte of the declaration that they do not concern', async () => {
    const text = [
      '# Who may read orders',
      'apiVersion: callgate.dev/v1alpha1',
      'kind: AccessPolicy',
      'metadata: { name: orders }   # flow style',
      'spec:',
      '  owner:   group:default/orders-team',
      '  api: api:default/orders',
      '  mode: observe',
      '  grants:',
      '    # the oldest grant',
      '    - id: cart',
      "      caller: 'component:default/cart'",
      '      operations: [ {id: getOrder} ]',
      '# the end',
      '',
    ].join('\n');
    await bench.repository();
    await bench.pushToMain({ [POLICY]: text });
    await bench.pushToMain({
      [POLICY]: text.replace('mode: observe', 'mode: enforce'),
    });
    await bench.approved();
    await work();
    const removed = bench
      .git('diff', `main...${BRANCH}`, '--', POLICY)
      .split('\n')
      .filter(line => /^-[^-]/.test(line));
    expect(removed).toEqual([]);
  });

  describe('when the target branch moves', () => {
    it('stay as they are while they would do the same', async () => {
      await bench.approved();
      await work();
      const { head } = await proposal();
      await bench.pushToMain({ 'README.md': 'Hello\n' });
      await bench.store.enqueue(ORDERS);
      await work();
      expect((await proposal()).head).toBe(head);
    });

    it('are rebuilt where both changed the declaration', async () => {
      await bench.approved();
      await work();
      const byHand = bench
        .git('show', `${BRANCH}:${POLICY}`)
        .replace('mode: enforce', 'mode: enforce # decided in March')
        .replace(/grants:[^]*$/, 'grants: []\n');
      await bench.pushToMain({ [POLICY]: byHand });
      const { worker } = bench.backend();
      await worker.syncOnce();
      await worker.runOnce();
      const repository = await bench.repository();
      expect((await repository.readPullRequest(1)).mergeable).toEqual({
        ok: true,
        conflicts: [],
      });
      const text = bench.git('show', `${BRANCH}:${POLICY}`);
      expect(text).toContain('# decided in March');
      expect(text).toContain('component:default/checkout');
    });

    it('are known as those in which a request was merged before anybody had heard of them', async () => {
      const id = await bench.approved();
      await work();
      // Opened, and the process ended before it took note; a person was faster than the next round.
      await bench.client('proposals').delete();
      await bench
        .client('access_requests')
        .where({ id })
        .update({ state: 'approved', proposal_id: null });
      await bench.mergedElsewhere(1);
      await bench.store.enqueue(ORDERS);
      bench.changes.length = 0;
      await work();
      expect(await bench.stateOf(id)).toBe('merged');
      const { proposalId } = (await bench.requests.getRequest(id))!;
      expect(await bench.store.getProposal(proposalId!)).toMatchObject({
        state: 'merged',
        number: 1,
        requestIds: [id],
      });
      expect(bench.changes).toEqual([{ event: 'merged', requestIds: [id] }]);
    });

    it('are built again at once where another process was faster, which is nobody’s trouble', async () => {
      const id = await bench.approved();
      jest
        .spyOn(bench.store, 'saveProposal')
        .mockRejectedValueOnce(
          Object.assign(new Error('changed'), { code: 'version-conflict' }),
        );
      await work();
      expect(bench.logger.warn).not.toHaveBeenCalled();
      expect(await bench.client('outbox').select('problem')).toEqual([
        { problem: null },
      ]);
      await work();
      expect(await bench.stateOf(id)).toBe('proposed');
    });

    it('are those of what they brought, merged between two looks and before anybody noted what joined them', async () => {
      await bench.approved();
      await work();
      const { id: record } = await proposal();
      const [noted] = await bench.client('proposals').where({ id: record });
      const joined = await bench.approved({
        caller: 'component:default/cart',
      });
      await work();
      // Pushed and described, and the process ended before it took note.
      await bench.client('proposals').where({ id: record }).update(noted);
      await bench
        .client('access_requests')
        .where({ id: joined })
        .update({ state: 'approved', proposal_id: null });
      const late = afterALook(() => bench.mergedElsewhere(1));
      await bench.store.enqueue(ORDERS);
      await bench.backend({ forge: late }).worker.runOnce();
      expect(await bench.stateOf(joined)).toBe('merged');
      const { proposalId } = (await bench.requests.getRequest(joined))!;
      expect(await bench.store.getProposal(proposalId!)).toMatchObject({
        state: 'merged',
        number: 1,
        requestIds: expect.arrayContaining([joined]),
      });
    });

    describe('that was merged while a request of theirs was withdrawn', () => {
      const timeline = async (id: string) =>
        (await bench.requests.transitions(id))
          .slice(-2)
          .map(({ event, facts }) => [event, facts]);

      it.each(['syncOnce', 'runOnce'] as const)(
        'say that this came too late, in %s',
        async look => {
          const id = await bench.approved();
          await work();
          await bench.mergedElsewhere(1);
          await bench.withdraw(id);
          await bench.backend().worker[look]();
          expect(await bench.stateOf(id)).toBe('merged');
          expect(await timeline(id)).toEqual([
            ['withdraw', undefined],
            ['merge', { code: 'withdrawn-too-late' }],
          ]);
          expect(policyOn('main').spec.grants).toMatchObject([{ request: id }]);
        },
      );

      it('say so too where nobody had heard of the pull request', async () => {
        const id = await bench.approved();
        await work();
        await bench.client('proposals').delete();
        await bench
          .client('access_requests')
          .where({ id })
          .update({ state: 'approved', proposal_id: null });
        await bench.mergedElsewhere(1);
        await bench.withdraw(id);
        await work();
        const { state, proposalId } = (await bench.requests.getRequest(id))!;
        expect(state).toBe('merged');
        expect(await bench.store.getProposal(proposalId!)).toMatchObject({
          state: 'merged',
          number: 1,
          requestIds: [id],
        });
      });

      it('leave it withdrawn where the pull request had lost it', async () => {
        const id = await bench.approved();
        const other = await bench.approved({
          caller: 'component:default/cart',
        });
        await work();
        await bench.withdraw(id);
        await work();
        await bench.mergedElsewhere(1);
        await bench.backend().worker.syncOnce();
        expect([await bench.stateOf(id), await bench.stateOf(other)]).toEqual([
          'withdrawn',
          'merged',
        ]);
      });
    });

    it('merge a request whose grant somebody has written by hand meanwhile', async () => {
      const id = await bench.approved();
      await work();
      await bench.pushToMain({
        [POLICY]: bench.git('show', `${BRANCH}:${POLICY}`),
        'clusters/prod/shop/callgate-orders.yaml': bench.git(
          'show',
          `${BRANCH}:clusters/prod/shop/callgate-orders.yaml`,
        ),
      });
      await bench.store.enqueue(ORDERS);
      await work();
      expect(await bench.stateOf(id)).toBe('merged');
      expect((await (await bench.repository()).readPullRequest(1)).state).toBe(
        'closed',
      );
    });
  });

  describe('when people decide about the pull request', () => {
    it('make their requests merged, and the grant part of the tip', async () => {
      const id = await bench.approved();
      await work();
      const { reviews, snapshots } = bench.backend();
      await reviews.merge(await proposal(), await shown());
      expect(await bench.stateOf(id)).toBe('merged');
      expect(await bench.store.currentProposal(ORDERS)).toBeUndefined();
      expect(
        policyOn('main').spec.grants.map(({ request }) => request),
      ).toEqual([id]);
      expect((await snapshots.read()).policies.map(({ file }) => file)).toEqual(
        [POLICY],
      );
      expect((await bench.requests.transitions(id)).at(-1)).toMatchObject({
        to: 'merged',
        actor: 'user:default/petra',
      });
    });

    it('notice a merge that happened elsewhere', async () => {
      const id = await bench.approved();
      await work();
      await bench.mergedElsewhere(1);
      await bench.backend().worker.syncOnce();
      expect(await bench.stateOf(id)).toBe('merged');
    });

    it('are not opened again where somebody closed theirs between two looks', async () => {
      const id = await bench.approved();
      await work();
      const joined = await bench.approved({
        caller: 'component:default/cart',
      });
      const late = afterALook(async () =>
        (await bench.repository()).closePullRequest(1, 'Not like this.'),
      );
      const { worker } = bench.backend({ forge: late });
      await worker.runOnce();
      expect(bench.logger.warn).not.toHaveBeenCalled();
      await worker.runOnce();
      expect(await bench.stateOf(id)).toBe('declined');
      expect(await proposal()).toMatchObject({
        number: 2,
        requestIds: [joined],
      });
      expect(
        policyOn(BRANCH).spec.grants.map(({ request }) => request),
      ).toEqual([joined]);
    });

    it('decline their requests with the comment of whoever closed it', async () => {
      const id = await bench.approved();
      await work();
      await (
        await bench.repository()
      ).closePullRequest(1, 'Not before the audit.');
      await bench.backend().worker.syncOnce();
      expect(await bench.stateOf(id)).toBe('declined');
      expect((await bench.requests.transitions(id)).at(-1)?.reason).toBe(
        'Not before the audit.',
      );
    });

    it('open another pull request for a request that came after the merged head', async () => {
      const first = await bench.approved();
      await work();
      const second = await bench.approved({ caller: 'component:default/cart' });
      await bench.mergedElsewhere(1);
      await work();
      expect(await bench.stateOf(first)).toBe('merged');
      expect(await bench.stateOf(second)).toBe('proposed');
      expect(await proposal()).toMatchObject({
        number: 2,
        requestIds: [second],
      });
    });
  });

  describe('in the portal', () => {
    it.each(['user:default/priya', 'user:default/omar'])(
      'are not merged by %s, who took part',
      async by => {
        await bench.approved();
        await work();
        const { reviews } = bench.backend();
        await expect(
          reviews.merge(await proposal(), await shown(by)),
        ).rejects.toMatchObject({ code: 'involved-in-request' });
        await expect(
          reviews.review(await proposal(), {
            ...(await shown(by)),
            decision: 'approved',
          }),
        ).rejects.toMatchObject({
          code: 'involved-in-request',
        });
        expect(bench.git('ls-tree', '-r', '--name-only', 'main')).not.toContain(
          POLICY,
        );
      },
    );

    it('are not merged by somebody whom only Git knows as the one who asked', async () => {
      await bench.approved();
      await work();
      const record = await proposal();
      await bench
        .client('access_requests')
        .update({ requested_by: 'user:default/other' });
      await expect(
        bench
          .backend()
          .reviews.merge(record, await shown('user:default/priya')),
      ).rejects.toMatchObject({
        code: 'involved-in-request',
      });
    });

    it('are not merged against an objection until its author approves', async () => {
      await bench.approved();
      await work();
      const { reviews } = bench.backend();
      const by = 'user:default/petra';
      await reviews.review(await proposal(), {
        ...(await shown(by)),
        decision: 'changes-requested',
        comment: 'Too wide',
      });
      await expect(
        reviews.merge(await proposal(), await shown('user:default/pavel')),
      ).rejects.toMatchObject({
        code: 'changes-requested',
      });
      await reviews.review(await proposal(), {
        ...(await shown(by)),
        decision: 'approved',
      });
      await reviews.merge(await proposal(), await shown('user:default/pavel'));
    });

    it('are not merged when they would do something else by now', async () => {
      const id = await bench.approved();
      await work();
      await bench.pushToMain({
        'clusters/prod/shop/deny.yaml': [
          'apiVersion: security.istio.io/v1',
          'kind: AuthorizationPolicy',
          'metadata: { name: deny-checkout, namespace: shop }',
          'spec:',
          '  selector: { matchLabels: { app: orders } }',
          '  action: DENY',
          '  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/checkout] } }] }]',
          '',
        ].join('\n'),
      });
      await expect(
        bench.backend().reviews.merge(await proposal(), await shown()),
      ).rejects.toMatchObject({
        code: 'proposal-outdated',
      });
      expect(await bench.stateOf(id)).toBe('proposed');
      await work();
      expect(await problem()).toContain('deny-checkout');
    });
  });

  describe('whose meaning has changed since the approval', () => {
    it('ask again, with what is new', async () => {
      const id = await bench.approved();
      // A second workload of the same component: the grant would now open two.
      fs.writeFileSync(
        path.join(bench.root, 'estate/more.yaml'),
        smallEstate(['checkout'])
          .replace(/name: checkout,/g, 'name: checkout-canary,')
          .replace(/app: checkout/g, 'app: checkout-canary'),
      );
      await bench.estate.refresh();
      await work();
      expect(await bench.stateOf(id)).toBe('submitted');
      expect((await bench.requests.transitions(id)).at(-1)).toMatchObject({
        event: 'ask-again',
        facts: {
          code: 'meaning-changed',
          differences: expect.arrayContaining([
            expect.objectContaining({
              code: 'opened',
              from: 'shop/Deployment/checkout-canary',
            }),
          ]),
        },
      });
      expect(await bench.store.currentProposal(ORDERS)).toBeUndefined();
      expect(bench.git('branch', '--list', 'callgate/*')).toBe('');
    });

    it('are not disturbed by other commits and other requests', async () => {
      const id = await bench.approved();
      await bench.approved({ caller: 'component:default/cart' });
      await bench.pushToMain({ 'README.md': 'Hello\n' });
      await work();
      expect(await bench.stateOf(id)).toBe('proposed');
    });
  });

  describe('that cannot be built', () => {
    it('wait, with the reason, while the API is not in the catalog', async () => {
      const id = await bench.approved();
      const { catalog } = bench;
      bench.catalog = catalog.filter(
        ({ kind, metadata }) => kind !== 'API' || metadata.name !== 'orders',
      );
      await work();
      expect(await bench.stateOf(id)).toBe('approved');
      expect((await proposal()).state).toBe('failed');
      expect(await problem()).toContain(
        'api:default/orders is not in the catalog',
      );
      bench.catalog = catalog;
      bench.now += 3_600_000;
      await work();
      expect(await bench.stateOf(id)).toBe('proposed');
      expect((await proposal()).problem).toBeUndefined();
    });

    it('do not hold up another request of the same API', async () => {
      const broken = await bench.approved();
      const sound = await bench.approved({ caller: 'component:default/cart' });
      bench.catalog = bench.catalog.filter(
        ({ metadata }) => metadata.name !== 'checkout',
      );
      await work();
      expect(await bench.stateOf(broken)).toBe('approved');
      expect(await bench.stateOf(sound)).toBe('proposed');
      expect(await proposal()).toMatchObject({
        state: 'open',
        requestIds: [sound],
        problem: {
          code: 'not-proposable',
          findings: [
            expect.objectContaining({
              code: 'caller-not-found',
              objects: ['component:default/checkout'],
            }),
          ],
        },
      });
    });

    it('wait while a declaration of the API does not parse, and name file and line', async () => {
      const id = await bench.approved();
      await bench.pushToMain({
        [POLICY]:
          'apiVersion: callgate.dev/v1alpha1\nkind: AccessPolicy\nmetadata: { name: orders }\nspec:\n  api: api:default/orders\n  grants: [\n',
      });
      await work();
      expect(await bench.stateOf(id)).toBe('approved');
      expect(await problem()).toMatch(/policies\/default\/orders\.yaml:\d+/);
      expect(bench.git('branch', '--list', 'callgate/*')).toBe('');
    });

    it('wait while the estate has a syntax error, and name file and line', async () => {
      const id = await bench.approved();
      fs.writeFileSync(
        path.join(bench.root, 'estate/broken.yaml'),
        'kind: Deployment\nmetadata: [\n',
      );
      await bench.estate.refresh();
      await work();
      expect(await bench.stateOf(id)).toBe('approved');
      expect(await problem()).toMatch(/prod\/broken\.yaml:\d+/);
    });

    it('wait while the estate cannot be read', async () => {
      const id = await bench.approved();
      await bench.estate.refresh();
      fs.rmSync(path.join(bench.root, 'estate'), { recursive: true });
      await bench.estate.refresh();
      await work();
      expect(await bench.stateOf(id)).toBe('approved');
      expect(await problem()).toContain('estate');
    });

    it('close a pull request that has a withdrawn grant in it and cannot be rebuilt', async () => {
      const first = await bench.approved();
      const second = await bench.approved({ caller: 'component:default/cart' });
      await work();
      await bench.withdraw(first);
      fs.writeFileSync(
        path.join(bench.root, 'estate/broken.yaml'),
        'kind: Deployment\nmetadata: [\n',
      );
      await bench.estate.refresh();
      await work();
      expect((await (await bench.repository()).readPullRequest(1)).state).toBe(
        'closed',
      );
      expect(['approved', 'proposed']).toContain(await bench.stateOf(second));
      fs.rmSync(path.join(bench.root, 'estate/broken.yaml'));
      await bench.estate.refresh();
      bench.now += 3_600_000;
      await work();
      expect(await proposal()).toMatchObject({
        number: 2,
        state: 'open',
        requestIds: [second],
      });
    });
  });
});
