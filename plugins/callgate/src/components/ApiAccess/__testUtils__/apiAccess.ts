import type { ApiAccess, Edge } from '@callgate/plugin-callgate-common';
import {
  edge,
  label,
  OMAR,
  ORDERS,
  ORDERS_TEAM,
} from '../../RequestPage/__testUtils__/samples';

const CLOSED = {
  kernel: 'enforced',
  identity: 'enforced',
  method: 'enforced',
} as const;

/** Checkout may read, as Omar granted it. */
export const GRANTED: Edge = edge({
  status: 'granted',
  grant: {
    id: 'checkout-reads',
    reason: 'Order status on the confirmation page',
    approvedBy: [OMAR],
    acknowledges: [],
  },
});

/** A hand-written policy opens the whole port to a batch job. */
export const UNGRANTED: Edge = edge({
  caller: label('component:default/legacy-batch', 'Legacy batch'),
  operations: [],
  everythingOn: 'TCP 8080',
  status: 'effective-not-declared',
  because: 'no grant: policy allow-ops opens it',
  openedBy: [
    {
      cluster: 'prod-eu',
      kind: 'NetworkPolicy',
      namespace: 'ordering',
      name: 'allow-ops',
      rule: 'ingress[0]',
      file: 'clusters/prod-eu/ordering.yaml',
      yaml: 'kind: NetworkPolicy\n',
    },
  ],
  clusters: [
    {
      cluster: 'prod-eu',
      layers: { kernel: 'open', identity: 'none', method: 'none' },
      from: ['insight/legacy-batch'],
      to: ['ordering/orders'],
    },
  ],
  mayRequest: true,
});

/** One whose name the reader may not know. */
export const HIDDEN: Edge = edge({
  caller: { ref: '', kind: '', namespace: '', name: '', state: 'hidden' },
  status: 'granted',
  grant: { id: 'hidden', approvedBy: [], acknowledges: [] },
});

/** What the tab of the Orders API shows to one of its owners. */
export function apiAccess(changes: Partial<ApiAccess> = {}): ApiAccess {
  return {
    api: ORDERS,
    owners: [ORDERS_TEAM],
    headline: {
      state: 'closed',
      callers: 3,
      ungranted: 1,
      text: 'Closed to everyone but 3 callers, 1 of them without a grant',
    },
    clusters: [
      { cluster: 'prod-eu', layers: CLOSED, isolation: 'isolated' },
      {
        cluster: 'staging',
        layers: { kernel: 'enforced', identity: 'none', method: 'none' },
        isolation: 'partly',
        note: 'no mesh',
      },
    ],
    callers: [GRANTED, UNGRANTED, HIDDEN],
    openRequests: [],
    findings: [],
    source: {
      commit: '3f2a91c0aabbccdd',
      branch: 'main',
      readAt: new Date(Date.now() - 120_000).toISOString(),
      stale: false,
    },
    request: { allowed: true },
    grant: { allowed: true },
    ...changes,
  };
}
