import type {
  AccessRequest,
  AccessRequestSummary,
  AccessRow,
  ApprovalNeed,
  Edge,
  EntityLabel,
  GrantInfo,
  Meaning,
  Operation,
  Proposal,
} from '@callgate/plugin-callgate-common';
import type { CallgateApi } from '../../../api';

/** A label of an entity that the reader may see. */
export function label(ref: string, title?: string): EntityLabel {
  const [kind, rest] = ref.split(':');
  const [namespace, name] = rest.split('/');
  return {
    ref,
    kind,
    namespace,
    name,
    ...(title && { title }),
    state: 'visible',
  };
}

export const ORDERS = label('api:default/orders', 'Orders API');
export const CHECKOUT = label('component:default/checkout', 'Checkout');
export const PRIYA = label('user:default/priya', 'Priya');
export const OMAR = label('user:default/omar', 'Omar');
export const ORDERS_TEAM = label('group:default/orders-team', 'Orders team');

export const GET_ORDERS: Operation = {
  kind: 'http',
  method: 'GET',
  path: '/orders',
  writes: false,
};
export const POST_ORDERS: Operation = {
  kind: 'http',
  method: 'POST',
  path: '/orders',
  writes: true,
};

/** What the pages need of a request in a list. */
export function summary(
  changes: Partial<AccessRequestSummary> = {},
): AccessRequestSummary {
  return {
    id: 'r1',
    number: 214,
    kind: 'new',
    api: ORDERS,
    caller: CHECKOUT,
    operations: [GET_ORDERS],
    in: [],
    state: 'submitted',
    requestedBy: PRIYA,
    createdAt: new Date(Date.now() - 2 * 3_600_000).toISOString(),
    updatedAt: new Date(Date.now() - 2 * 3_600_000).toISOString(),
    waitsFor: 'Waits for Orders team',
    risk: { writes: false, flips: false, findings: 0, everything: false },
    summary: 'Checkout asks to GET /orders of Orders API',
    waitsForMe: true,
    mine: false,
    ...changes,
  };
}

/** An access of the checkout in one cluster. */
export function edge(changes: Partial<Edge> = {}): Edge {
  return {
    caller: CHECKOUT,
    api: ORDERS,
    operations: [GET_ORDERS],
    clusters: [
      {
        cluster: 'prod-eu',
        layers: {
          kernel: 'enforced',
          identity: 'enforced',
          method: 'enforced',
        },
        from: ['prod-eu/shop/checkout'],
        to: ['prod-eu/shop/orders'],
      },
    ],
    ...changes,
  };
}

/** A grant as a row shows it. */
export function grantInfo(changes: Partial<GrantInfo> = {}): GrantInfo {
  return {
    id: 'checkout-reads',
    api: ORDERS.ref,
    operations: [GET_ORDERS],
    status: 'granted',
    because: '',
    refusedBy: [],
    approvedBy: [OMAR],
    acknowledges: [],
    ...changes,
  };
}

/** The row of the checkout, which was granted what it can do. */
export function row(changes: Partial<AccessRow> = {}): AccessRow {
  const { caller, api, clusters } = edge();
  return {
    ...{ caller, api, clusters },
    compared: 'granted',
    certainty: 'sure',
    grants: [grantInfo()],
    beyond: [],
    mayRequest: false,
    ...changes,
  };
}

/** What a request that reads orders opens. */
export function meaning(changes: Partial<Meaning> = {}): Meaning {
  return {
    gained: [edge()],
    lost: [],
    restored: [],
    unchanged: 3,
    flips: [],
    others: [],
    plumbing: [],
    layersByCluster: [],
    findings: [],
    text: '1 caller, read only',
    ...changes,
  };
}

/** One owner of the API. */
export function need(changes: Partial<ApprovalNeed> = {}): ApprovalNeed {
  return {
    kind: 'api-owner',
    of: [ORDERS_TEAM],
    count: 1,
    because: [],
    fallback: false,
    approvals: [],
    open: 1,
    people: 2,
    names: [OMAR],
    text: 'Waits for 1 of Orders team (2 can decide)',
    ...changes,
  };
}

/** A request that the reader may decide. */
export function request(changes: Partial<AccessRequest> = {}): AccessRequest {
  return {
    ...summary(),
    reason: 'Order status on the confirmation page.',
    acknowledges: [],
    acceptedGaps: [],
    version: 1,
    digest: '5f2c81d0aabbccdd',
    currentDigest: '5f2c81d0aabbccdd',
    meaningChanged: false,
    meaning: meaning(),
    files: [
      {
        path: 'policies/orders.yaml',
        status: 'added',
        after: 'kind: AccessPolicy\n',
        additions: 1,
        deletions: 0,
        kind: 'declaration',
      },
    ],
    findings: [],
    deciders: {
      labels: [ORDERS_TEAM],
      people: 2,
      fallback: false,
      names: [OMAR],
      text: 'Orders team, any of 2 people',
    },
    needs: [need()],
    idleApprovals: [],
    timeline: [
      {
        at: new Date(Date.now() - 2 * 3_600_000).toISOString(),
        actor: PRIYA,
        to: 'submitted',
        event: 'submit',
      },
    ],
    approve: { allowed: true },
    reject: { allowed: true },
    withdraw: {
      allowed: false,
      reason:
        'Only who asked, or an owner of the caller, can withdraw a request.',
    },
    askChange: { allowed: true },
    revise: {
      allowed: false,
      reason: 'Only who asked can change this request.',
    },
    comment: { allowed: true },
    comments: [],
    ...changes,
  };
}

/** The head of {@link proposal}. */
export const HEAD = '3f2a91c0'.repeat(5);

/** A pull request in the embedded forge that the reader may review and merge. */
export function proposal(changes: Partial<Proposal> = {}): Proposal {
  const at = new Date(Date.now() - 3_600_000).toISOString();
  return {
    id: 'p1',
    number: 41,
    title: 'Access to Orders API: Checkout',
    state: 'open',
    api: ORDERS,
    branch: 'callgate/orders',
    forge: 'local',
    reviewsInPortal: true,
    createdAt: at,
    updatedAt: at,
    requests: [
      {
        id: 'r1',
        summary: 'Checkout → GET /orders',
        state: 'proposed',
        caller: CHECKOUT,
      },
    ],
    waitsFor: 'Waits for the platform team',
    body: 'Callgate opens this pull request for Orders API.',
    files: request().files,
    checks: [
      {
        name: 'Declared equals effective',
        outcome: 'passed',
        text: '4 edges agree.',
      },
    ],
    reviews: [],
    objections: [],
    head: HEAD,
    meaning: meaning(),
    conflicts: [],
    review: { allowed: true },
    merge: { allowed: true },
    commits: [
      { id: '3f2a91c0', message: 'Grant checkout access to orders', at },
    ],
    source: { branch: 'main', readAt: at, stale: false },
    ...changes,
  };
}

/** A backend that answers what a test says, and fails whatever else is asked. */
export function fakeCallgate(answers: Partial<CallgateApi>): CallgateApi {
  const unexpected = (name: string) => async () => {
    throw new Error(`Nobody expected ${name}.`);
  };
  return {
    getApiAccess: unexpected('getApiAccess'),
    getApiOperations: unexpected('getApiOperations'),
    getCallerAccess: unexpected('getCallerAccess'),
    getGrant: unexpected('getGrant'),
    preview: unexpected('preview'),
    explain: unexpected('explain'),
    createRequest: unexpected('createRequest'),
    listRequests: unexpected('listRequests'),
    getRequest: unexpected('getRequest'),
    approveRequest: unexpected('approveRequest'),
    rejectRequest: unexpected('rejectRequest'),
    withdrawRequest: unexpected('withdrawRequest'),
    askChange: unexpected('askChange'),
    reviseRequest: unexpected('reviseRequest'),
    commentOnRequest: unexpected('commentOnRequest'),
    decideRequests: unexpected('decideRequests'),
    // Whoever counts what waits asks.
    listReviews: async () => ({
      items: [],
      total: 0,
      waiting: 0,
      hidden: 0,
      asked: false,
    }),
    decideReviews: unexpected('decideReviews'),
    listProposals: unexpected('listProposals'),
    getProposal: unexpected('getProposal'),
    reviewProposal: unexpected('reviewProposal'),
    mergeProposal: unexpected('mergeProposal'),
    takeEvidence: unexpected('takeEvidence'),
    getApprovalRules: unexpected('getApprovalRules'),
    getClaims: unexpected('getClaims'),
    getClusters: unexpected('getClusters'),
    getBrokenGlass: unexpected('getBrokenGlass'),
    getImports: unexpected('getImports'),
    getImport: unexpected('getImport'),
    openImports: unexpected('openImports'),
    settleClaim: unexpected('settleClaim'),
    mergeClaim: unexpected('mergeClaim'),
    ...answers,
  };
}
