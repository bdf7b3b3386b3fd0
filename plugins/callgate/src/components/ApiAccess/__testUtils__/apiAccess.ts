import type {
  AccessRow,
  ApiAccess,
  PolicyObject,
} from '@callgate/plugin-callgate-common';
import {
  grantInfo,
  label,
  ORDERS,
  ORDERS_TEAM,
  row,
} from '../../RequestPage/__testUtils__/samples';

const CLOSED = {
  kernel: 'enforced',
  identity: 'enforced',
  method: 'enforced',
} as const;

/** Checkout may read, as Omar granted it. */
export const GRANTED: AccessRow = row({
  grants: [grantInfo({ reason: 'Order status on the confirmation page' })],
});

/** A hand-written policy. */
export const ALLOW_OPS: PolicyObject = {
  cluster: 'prod-eu',
  kind: 'NetworkPolicy',
  namespace: 'ordering',
  name: 'allow-ops',
  rule: 'ingress[0]',
  generated: false,
  file: 'clusters/prod-eu/ordering.yaml',
  yaml: 'kind: NetworkPolicy\n',
};

/** It opens the whole port to a batch job. */
export const UNGRANTED: AccessRow = row({
  caller: label('component:default/legacy-batch', 'Legacy batch'),
  compared: 'none',
  grants: [],
  beyond: [
    {
      clusters: ['prod-eu'],
      operations: [],
      others: [],
      everythingOn: 'TCP 8080',
      surely: true,
      because: 'NetworkPolicy allow-ops opens it.',
      openedBy: [ALLOW_OPS],
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
export const HIDDEN: AccessRow = row({
  caller: { ref: '', kind: '', namespace: '', name: '', state: 'hidden' },
  grants: [grantInfo({ id: '', api: '', approvedBy: [] })],
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
      moreThanGranted: 0,
      perhaps: 0,
      firstGrantCloses: false,
      text: 'Closed to everyone but 3 callers, 1 of them without a grant',
    },
    clusters: [
      {
        cluster: 'prod-eu',
        layers: CLOSED,
        isolation: 'isolated',
        ungranted: 1,
      },
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
