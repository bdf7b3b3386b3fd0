import { createServiceFactory } from '@backstage/backend-plugin-api';
import { notificationService } from '@backstage/plugin-notifications-node';
import { mockServices } from '@backstage/backend-test-utils';
import { coreServices } from '@backstage/backend-plugin-api';
import type {
  ClaimList,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';
import { startShop, type RunningShop } from '../__testUtils__/startShop';
import { commitElsewhere, git, pushToBranch } from '../__testUtils__/steps';

jest.setTimeout(180_000);

const PROFILE = 'profiles/prod-eu.yaml';
const POLICY = 'policies/default/orders.yaml';
const CLAIM = '/claims/prod-eu/monitoring/StatefulSet/prometheus';
const INSIGHT = 'group:default/insight-team';
const SECURITY = 'group:default/security';
const LINE = (owner: string) =>
  `+    - { namespaces: [monitoring], selector: { app: prometheus }, owner: '${owner}' }`;

describe('settling whose a workload is', () => {
  let shop: RunningShop;
  const notified: { recipients: unknown; payload: Record<string, string> }[] =
    [];
  const auditor = mockServices.auditor.mock();

  beforeEach(async () => {
    notified.length = 0;
    auditor.createEvent.mockReset();
    auditor.createEvent.mockResolvedValue({
      success: async () => {},
      fail: async () => {},
    });
    shop = await startShop({
      features: [
        createServiceFactory({
          service: coreServices.auditor,
          deps: {},
          factory: () => auditor,
        }),
        createServiceFactory({
          service: notificationService,
          deps: {},
          factory: () => ({
            send: async (sent: never) => {
              notified.push(sent);
            },
          }),
        }),
      ],
    });
  });
  afterEach(() => shop?.stop());

  const list = async (person = 'petra'): Promise<ClaimList> =>
    (await shop.as(person).get('/claims')).body;
  const settle = (owner: string, person = 'petra') =>
    shop.as(person).post(`${CLAIM}/settle`, { owner });
  const merge = (head: string, person = 'petra') =>
    shop.as(person).post(`${CLAIM}/merge`, { head });
  const pulls = () =>
    git(shop, 'for-each-ref', '--format=%(refname:short)', 'refs/heads')
      .split('\n')
      .filter(name => name.startsWith('callgate-owners/'));

  it('shows the platform team who claims what, with where that was registered and what would hold', async () => {
    const { contested, refused } = await list();
    expect(contested).toHaveLength(1);
    expect(contested[0]).toMatchObject({
      cluster: 'prod-eu',
      workload: 'monitoring/StatefulSet/prometheus',
      state: 'contested',
      parties: [
        { entity: { title: 'Key figures' }, owners: [{ ref: INSIGHT }] },
        { entity: { title: 'Metrics' }, owners: [{ ref: SECURITY }] },
      ],
      choices: [
        { owner: { ref: INSIGHT }, holds: [{ title: 'Key figures' }] },
        { owner: { ref: SECURITY }, holds: [{ title: 'Metrics' }] },
      ],
      settle: { allowed: true },
    });
    expect(refused).toMatchObject([
      {
        workload: 'fulfilment/Deployment/inventory',
        owner: { ref: 'group:default/fulfilment-team' },
        statedBy: 'profile',
        choices: [],
        settle: {
          allowed: false,
          reason: expect.stringMatching(/^Somebody states whose it is/),
        },
      },
    ]);
    const { body } = await shop.as('petra').get('/proposals');
    expect(body.contestedClaims).toBe(1);
    expect(
      (await shop.as('omar').get('/proposals')).body.contestedClaims,
    ).toBeUndefined();
  });

  const grantTo = (ends = '') => ({
    [POLICY]: (text: string) =>
      text.replace(
        '  grants:\n',
        `  grants:\n    - id: figures\n      caller: resource:key-figures\n      in: [prod-eu]\n      operations: [{ id: listOrders }]\n${ends}`,
      ),
  });

  /** Somebody else's commit, and a reading after it. */
  const declare = async (ends?: string) => {
    await list();
    commitElsewhere(shop, grantTo(ends));
    await settle('group:default/ghosts');
  };

  it('says which grants are held because of it', async () => {
    await declare();
    const { contested } = await list();
    expect(contested[0].concerns).toMatchObject([
      { api: { title: 'Orders API' }, caller: { title: 'Key figures' } },
    ]);
  });

  it('settles what was approved for others in the same way: a newcomer is refused until then', async () => {
    await declare(
      '      ends: { caller: [prod-eu:monitoring/sa/prometheus], provider: [prod-eu:ordering/sa/orders] }\n',
    );
    const before = await list();
    expect(before.contested).toEqual([]);
    const [newcomer] = before.refused.filter(
      ({ workload }) => workload === 'monitoring/StatefulSet/prometheus',
    );
    expect(newcomer).toMatchObject({
      statedBy: 'established',
      owner: { ref: INSIGHT },
      settle: { allowed: true },
      parties: [
        { entity: { title: 'Key figures' }, state: 'holds' },
        { entity: { title: 'Metrics' }, state: 'refused' },
      ],
    });
    const { settlement } = (await settle(SECURITY)).body as WorkloadClaim;
    const { body } = await merge(settlement!.head);
    expect(body).toMatchObject({
      statedBy: 'profile',
      owner: { ref: SECURITY },
      parties: [
        { entity: { title: 'Key figures' }, state: 'refused' },
        { entity: { title: 'Metrics' }, state: 'holds' },
      ],
    });
  });

  it('prepares one line, merges it, and the claim is settled on every page', async () => {
    const draft = {
      api: 'api:default/orders',
      caller: 'resource:default/key-figures',
      operations: [{ id: 'listOrders' }],
      in: ['prod-eu'],
      reason: 'Sales by hour',
    };
    const codes = async () => {
      const { body } = await shop.as('ivan').post('/previews', draft);
      return body.findings.map(({ code }: { code: string }) => code);
    };
    expect(await codes()).toContain('binding-contested');
    const prepared = (await settle(INSIGHT)).body as WorkloadClaim;
    expect(prepared.settlement).toMatchObject({
      current: true,
      owner: { ref: INSIGHT },
      reviewsInPortal: true,
      merge: { allowed: true },
      files: [{ path: PROFILE, status: 'changed', additions: 1, deletions: 0 }],
    });
    const [branch] = pulls();
    const diff = git(shop, 'diff', '-U0', 'main', branch).split('\n');
    expect(diff.filter(line => /^[+-](?![+-])/.test(line))).toEqual([
      LINE(INSIGHT),
    ]);

    const { status, body } = await merge(prepared.settlement!.head);
    expect([status, body.state, body.owner?.ref]).toEqual([
      200,
      'refused',
      INSIGHT,
    ]);
    expect((await list()).contested).toEqual([]);
    expect(await codes()).not.toContain('binding-contested');
    // Pressed twice: it is done.
    expect((await merge(prepared.settlement!.head)).status).toBe(200);
    const acts = auditor.createEvent.mock.calls
      .map(([event]) => event)
      .filter(({ eventId }) => eventId === 'claim-mutate')
      .map(({ meta, severityLevel }) => [
        meta?.actionType,
        meta?.workload,
        meta?.actor,
        severityLevel,
      ]);
    expect(acts.slice(0, 2)).toEqual([
      [
        'settle',
        'monitoring/StatefulSet/prometheus',
        'user:default/petra',
        'medium',
      ],
      [
        'merge',
        'monitoring/StatefulSet/prometheus',
        'user:default/petra',
        'high',
      ],
    ]);
  });

  it('has one pull request, however often it is prepared, and for whom', async () => {
    const first = (await settle(INSIGHT)).body.settlement;
    const again = (await settle(INSIGHT, 'pavel')).body.settlement;
    expect([again.number, again.head]).toEqual([first.number, first.head]);
    const other = (await settle(SECURITY)).body.settlement;
    expect([other.number, other.owner.ref]).toEqual([first.number, SECURITY]);
    expect(other.head).not.toBe(first.head);
    expect(pulls()).toHaveLength(1);
    const late = await merge(first.head);
    expect([late.status, late.body.error.code]).toEqual([409, 'head-changed']);
    expect((await merge(other.head)).body.owner.ref).toBe(SECURITY);
  });

  it('merges nothing that Callgate would not write: what somebody pushed, and what the profile does not say any more', async () => {
    const { head } = (await settle(INSIGHT)).body.settlement;
    commitElsewhere(shop, {
      [PROFILE]: text => text.replace('title: Production, Europe', 'title: EU'),
    });
    const outdated = await merge(head);
    expect([outdated.status, outdated.body.error.code]).toEqual([
      409,
      'proposal-outdated',
    ]);
    const [shown] = (await list()).contested;
    expect(shown.settlement).toMatchObject({ current: false, files: [] });
    const anew = (await settle(INSIGHT)).body.settlement;
    const pushed = pushToBranch(shop, pulls()[0], {
      [PROFILE]: text =>
        text.replace(
          'owners:',
          'owners:\n    - { namespaces: {}, owner: group:default/insight-team }',
        ),
    });
    expect((await merge(anew.head)).body.error.code).toBe('head-changed');
    expect((await merge(pushed)).body.error.code).toBe('proposal-outdated');
    expect((await list()).contested).toHaveLength(1);
  });

  it.each([
    ['a claimant', 'group:default/insight-team', SECURITY],
    [
      'the owner that is chosen',
      'group:default/partners',
      'group:default/partners',
    ],
  ])('is not for whoever owns %s', async (_, group, owner) => {
    const { head } = (await settle(owner)).body.settlement;
    const pavel = shop.entities.find(
      ({ kind, metadata }) => kind === 'User' && metadata.name === 'pavel',
    )!;
    pavel.relations!.push({ type: 'memberOf', targetRef: group });
    for (const answer of [
      await settle(owner, 'pavel'),
      await merge(head, 'pavel'),
    ])
      expect([answer.status, answer.body.error.code]).toEqual([
        403,
        'involved-in-claim',
      ]);
    const [shown] = (await list('pavel')).contested;
    expect(shown.settlement?.merge).toEqual({
      allowed: false,
      reason: expect.stringMatching(/nobody decides for themselves/),
    });
    expect((await merge(head)).status).toBe(200);
  });

  it('is not told to a member from whom a claimant is hidden, but that there is something', async () => {
    const { entities } = shop;
    await shop.stop();
    shop = await startShop({
      entities,
      hides: (person, ref) =>
        person === 'user:default/pavel' && ref === 'resource:default/metrics',
    });
    const traces = /prometheus|metrics|security/i;
    const shown = await shop.as('pavel').get('/claims');
    expect([shown.status, shown.body.contested, shown.body.unseen]).toEqual([
      200,
      [],
      1,
    ]);
    expect(shown.text).not.toMatch(traces);
    const answers = [await settle(INSIGHT, 'pavel'), await merge('0', 'pavel')];
    for (const { status, body } of answers)
      expect([status, body.error.message]).toEqual([
        404,
        'There is no such claim',
      ]);
    expect((await list()).contested).toHaveLength(1);
  });

  it('says what to do where no line can be written', async () => {
    const ghosts = await settle('group:default/ghosts');
    expect([ghosts.status, ghosts.body.error.code]).toEqual([
      409,
      'cannot-be-settled',
    ]);
    expect(ghosts.body.error.message).toMatch(/Choose one that is/);
    const stated = await shop
      .as('petra')
      .post('/claims/prod-eu/fulfilment/Deployment/inventory/settle', {
        owner: INSIGHT,
      });
    expect([stated.status, stated.body.error.code]).toEqual([
      409,
      'cannot-be-settled',
    ]);
    commitElsewhere(shop, { [PROFILE]: text => `${text}  oddity: true\n` });
    const broken = await settle(INSIGHT);
    expect([broken.status, broken.body.error.message]).toEqual([
      409,
      expect.stringMatching(
        /oddity.* \(profiles\/prod-eu\.yaml:\d+\)\. .*mend it first\./,
      ),
    ]);
    expect(pulls()).toEqual([]);
    expect(
      (
        await shop
          .as('petra')
          .post('/claims/prod-eu/no/Deployment/where/settle', {
            owner: INSIGHT,
          })
      ).status,
    ).toBe(404);
  });
});
