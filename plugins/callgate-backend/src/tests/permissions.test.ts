import {
  coreServices,
  createServiceFactory,
  type BackendFeature,
  type BackstageCredentials,
  type BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type Permission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  accessReadPermission,
  accessRequestCreatePermission,
  accessRequestDecidePermission,
  accessRequestReadPermission,
  accessRequestWithdrawPermission,
  evidenceReadPermission,
  proposalMergePermission,
  proposalReadPermission,
} from '@callgate/plugin-callgate-common';
import {
  accessRequestConditions,
  createAccessRequestConditionalDecision,
} from '../permissions';
import { startShop, type RunningShop } from '../__testUtils__/startShop';
import { approve, DRAFT, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(120_000);

type Policy = (
  permission: Permission,
  person: string,
) => PolicyDecision | undefined;

const DENY: PolicyDecision = { result: AuthorizeResult.DENY };

/** A permission policy that can be exchanged while the backend runs; what it does not answer is allowed. */
function changingPolicy(): {
  set(next: Policy): void;
  feature: BackendFeature;
} {
  let policy: Policy = () => undefined;
  const decide = (
    permission: Permission,
    credentials?: BackstageCredentials,
  ): PolicyDecision =>
    policy(
      permission,
      (credentials?.principal as BackstageUserPrincipal).userEntityRef,
    ) ?? { result: AuthorizeResult.ALLOW };
  return {
    set: next => {
      policy = next;
    },
    feature: createServiceFactory({
      service: coreServices.permissions,
      deps: {},
      factory: () => ({
        authorize: async (requests, options) =>
          requests.map(({ permission }) => {
            const { result } = decide(permission, options?.credentials);
            return result === AuthorizeResult.CONDITIONAL
              ? { result: AuthorizeResult.DENY }
              : { result };
          }),
        authorizeConditional: async (requests, options) =>
          requests.map(({ permission }) =>
            decide(permission, options?.credentials),
          ),
      }),
    }),
  };
}

describe('the permission policy', () => {
  const policy = changingPolicy();
  let shop: RunningShop;
  let id: string;
  let digest: string;
  let proposalId: string;

  beforeAll(async () => {
    shop = await startShop({ features: [policy.feature] });
    const carried = await send(shop, 'priya');
    await approve(shop, 'omar', carried);
    proposalId = (await proposalOf(shop, carried)).id;
    const waiting = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'getOrder' }],
    });
    id = waiting.id;
    digest = waiting.digest;
  });
  afterAll(() => shop?.stop());
  afterEach(() => policy.set(() => undefined));

  const denying = (...permissions: Permission[]) =>
    policy.set(({ name }) =>
      permissions.some(each => each.name === name) ? DENY : undefined,
    );

  it('that denies evidence leaves none, and no way to it on the page of pull requests', async () => {
    const petra = shop.as('petra');
    expect((await petra.get('/proposals')).body.evidence).toBe(true);
    denying(evidenceReadPermission);
    expect((await petra.get('/proposals')).body.evidence).toBeUndefined();
    for (const path of ['/exports/grants', '/exports/decisions?format=csv']) {
      const { status, text } = await petra.get(path);
      expect(status).toBe(404);
      expect(text).not.toMatch(/orders/);
    }
  });

  it('that denies reading access leaves no page of it', async () => {
    denying(accessReadPermission);
    const omar = shop.as('omar');
    const call = { api: DRAFT.api, caller: DRAFT.caller };
    const answers = [
      await omar.get('/apis/default/orders'),
      await omar.get('/apis/default/orders/operations'),
      await omar.get('/callers/component/default/checkout'),
      await omar.post('/explanations', call),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  it('that denies asking forbids previews and requests, and the button says so', async () => {
    denying(accessRequestCreatePermission);
    const priya = shop.as('priya');
    expect((await priya.post('/previews', DRAFT)).status).toBe(403);
    expect((await priya.post('/requests', { ...DRAFT, digest })).status).toBe(
      403,
    );
    const { request, grant } = (
      await shop.as('omar').get('/apis/default/orders')
    ).body;
    expect(request).toEqual({
      allowed: false,
      reason: expect.stringMatching(/permission policy/),
    });
    expect(grant.allowed).toBe(false);
  });

  it('that denies reading requests hides them, also inside other pages', async () => {
    denying(accessRequestReadPermission);
    const omar = shop.as('omar');
    expect((await omar.get('/requests')).body).toMatchObject({
      items: [],
      total: 0,
    });
    expect((await omar.get('/requests?tab=waiting')).body.items).toEqual([]);
    expect((await omar.get(`/requests/${id}`)).status).toBe(404);
    const api = (await omar.get('/apis/default/orders')).body;
    expect(api.openRequests).toEqual([]);
    expect(api.proposal.requests).toEqual([]);
    expect(
      (await omar.get('/callers/component/default/checkout')).body.requests,
    ).toEqual([]);
    expect((await omar.get(`/proposals/${proposalId}`)).body.requests).toEqual(
      [],
    );
    // What cannot be read cannot be decided on either, and does not even exist.
    expect(
      (await omar.post(`/requests/${id}/approve`, { digest })).status,
    ).toBe(404);
  });

  it('that denies deciding or withdrawing forbids it to those whom ownership would let', async () => {
    denying(accessRequestDecidePermission, accessRequestWithdrawPermission);
    const answers = [
      await shop.as('omar').post(`/requests/${id}/approve`, { digest }),
      await shop.as('omar').post(`/requests/${id}/reject`, { reason: 'no' }),
      await shop.as('priya').post(`/requests/${id}/withdraw`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  });

  it('that denies merging leaves no claims to settle', async () => {
    denying(proposalMergePermission);
    const petra = shop.as('petra');
    const claim = '/claims/prod-eu/monitoring/StatefulSet/prometheus';
    expect((await petra.get('/claims')).status).toBe(404);
    expect(
      (await petra.get('/proposals')).body.contestedClaims,
    ).toBeUndefined();
    for (const [action, body] of [
      ['settle', { owner: 'group:default/security' }],
      ['merge', { head: 'x' }],
    ] as const)
      expect((await petra.post(`${claim}/${action}`, body)).status).toBe(403);
  });

  it('that denies reading proposals hides them, also inside other pages', async () => {
    denying(proposalReadPermission);
    const petra = shop.as('petra');
    expect((await petra.get('/proposals')).body).toMatchObject({
      items: [],
      total: 0,
    });
    expect((await petra.get(`/proposals/${proposalId}`)).status).toBe(404);
    expect(
      (await petra.post(`/proposals/${proposalId}/merge`, { head: 'x' }))
        .status,
    ).toBe(404);
    expect(
      (await petra.get('/apis/default/orders')).body.proposal,
    ).toBeUndefined();
  });

  it('that denies merging forbids review and merge to the platform team', async () => {
    denying(proposalMergePermission);
    const petra = shop.as('petra');
    const review = { decision: 'approved', head: 'x' };
    expect([
      (await petra.post(`/proposals/${proposalId}/review`, review)).status,
      (await petra.post(`/proposals/${proposalId}/merge`, { head: 'x' }))
        .status,
    ]).toEqual([403, 403]);
  });

  it.each([
    ['requesters', 'priya', 'isRequester'],
    ['owners of the API', 'omar', 'isApiOwner'],
    ['owners of the caller', 'cora', 'isCallerOwner'],
  ] as const)(
    'that lets %s alone read shows them their requests, and others none',
    async (_, person, rule) => {
      const claims: Record<string, string[]> = {
        'user:default/priya': ['user:default/priya'],
        'user:default/omar': ['user:default/omar', 'group:default/orders-team'],
        'user:default/cora': [
          'user:default/cora',
          'group:default/storefront-team',
        ],
      };
      policy.set((permission, who) =>
        permission.name === accessRequestReadPermission.name
          ? createAccessRequestConditionalDecision(
              accessRequestReadPermission,
              accessRequestConditions[rule]({ claims: claims[who] ?? [who] }),
            )
          : undefined,
      );
      const seen = (await shop.as(person).get('/requests')).body;
      expect([seen.total, seen.items.length]).toEqual([2, 2]);
      expect((await shop.as(person).get(`/requests/${id}`)).status).toBe(200);
      const none = (await shop.as('stan').get('/requests')).body;
      expect([none.total, none.items]).toEqual([0, []]);
      expect((await shop.as('stan').get(`/requests/${id}`)).status).toBe(404);
    },
  );

  it('gives nobody a right that ownership does not give', async () => {
    // Everything is allowed here.
    expect(
      (await shop.as('stan').post(`/requests/${id}/approve`, { digest }))
        .status,
    ).toBe(403);
  });
});
