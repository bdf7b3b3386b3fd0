import type { Entity } from '@backstage/catalog-model';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type {
  AccessRequest,
  AccessRequestDraft,
  ApiOperations,
  EntityLabel,
  GrantPage,
  Operation,
  Preview,
} from '@callgate/plugin-callgate-common';
import { CallgateApi, callgateApiRef } from '../../../api';
import type { DraftMode, DraftStart } from '../../../draft';
import { requestRouteRef } from '../../../routes';
import { RequestDialog } from '../RequestDialog';
import { resolveOperations } from '../resolveOperations';

export const ORDERS: EntityLabel = label('api', 'orders', 'Orders API');
export const OWNERS = [label('group', 'orders-team', 'Orders team')];

export const OPERATIONS: Operation[] = [
  http('listOrders', 'GET', '/orders', 'Orders', 'List orders of a customer'),
  http('getOrder', 'GET', '/orders/{id}', 'Orders', 'Read one order'),
  http('placeOrder', 'POST', '/orders', 'Orders', 'Place an order'),
  http('purge', 'DELETE', '/admin/orders', 'Admin', 'Delete everything'),
];

export const OFFERED: ApiOperations = {
  api: ORDERS,
  operations: OPERATIONS,
  methods: [
    { kind: 'http', method: 'GET', writes: false },
    { kind: 'http', method: 'POST', writes: true },
  ],
  lastDay: { today: '2027-02-15' },
  ports: [{ port: 8080, protocol: 'TCP', name: 'http' }],
  clusters: ['prod-eu', 'staging'],
  findings: [],
};

/** A preview that opens exactly what the draft names. */
export function previewOf(
  draft: AccessRequestDraft,
  change?: Partial<Preview>,
): Preview {
  return {
    digest: `digest of ${JSON.stringify(draft)}`,
    meaning: {
      gained: [
        {
          caller: label('component', draft.caller.split('/')[1]),
          api: ORDERS,
          operations: resolveOperations(draft.operations, OPERATIONS),
          clusters: [
            {
              cluster: 'prod-eu',
              layers: {
                kernel: 'enforced',
                identity: 'enforced',
                method: 'enforced',
              },
              from: ['shop/Deployment/checkout'],
              to: ['shop/Deployment/orders'],
            },
          ],
        },
      ],
      lost: [],
      restored: [],
      unchanged: 5,
      flips: [],
      others: [],
      plumbing: [],
      layersByCluster: [],
      findings: [],
      text: `1 caller, ${draft.operations.length} operations`,
    },
    files: [
      {
        path: 'policies/default/orders.yaml',
        status: 'changed',
        before: 'grants: []\n',
        after: 'grants:\n  - id: checkout\n',
        additions: 2,
        deletions: 1,
        kind: 'declaration',
      },
    ],
    findings: [],
    deciders: {
      labels: OWNERS,
      people: 3,
      fallback: false,
      text: 'Orders team, any of 3 people',
    },
    needs: [],
    send: { allowed: true },
    acknowledgeable: [],
    ...change,
  };
}

/** What it is like where Orders API has a sidecar, and where it has none. */
export const PLACES: NonNullable<Preview['places']> = [
  {
    cluster: 'prod-eu',
    layers: { kernel: 'enforced', identity: 'enforced', method: 'enforced' },
    acknowledgeable: [],
  },
  {
    cluster: 'staging',
    blocked: finding(
      'method-not-enforceable',
      'No layer can enforce the methods',
      'Orders API has no mesh in staging, so only its whole port 8080 can be opened',
    ),
    acknowledgeable: ['method-not-enforced'],
  },
];

/** An error of a preview. */
export function finding(
  code: string,
  title: string,
  message: string,
): Preview['findings'][number] {
  return { code, severity: 'error', title, message, objects: [] };
}

/** Checkout's grant to list and read orders, which its reader may change, renew and end. */
export function grantPage(change?: Partial<GrantPage>): GrantPage {
  return {
    id: 'checkout-reads',
    api: ORDERS,
    caller: label('component', 'checkout', 'Checkout'),
    declared: true,
    operations: OPERATIONS.slice(0, 2),
    in: ['prod-eu'],
    acknowledges: [],
    acceptedGaps: [],
    approvedBy: [],
    rows: [],
    history: [],
    reviews: [],
    change: { allowed: true },
    renew: { allowed: true },
    end: { allowed: true },
    source: {
      branch: 'main',
      readAt: '2027-02-15T10:00:00.000Z',
      stale: false,
    },
    ...change,
  };
}

/** A preview of what cannot be granted, for one reason. */
export function blockedPreview(
  draft: AccessRequestDraft,
  error: Preview['findings'][number],
  change?: Partial<Preview>,
): Preview {
  const preview = previewOf(draft);
  return {
    ...preview,
    meaning: {
      ...preview.meaning,
      gained: [],
      text: 'Changes nobody’s access',
    },
    findings: [error],
    send: { allowed: false, reason: error.message },
    ...change,
  };
}

/** The parts of the backend that the dialog talks to. */
export function fakeBackend() {
  return {
    getApiOperations: jest.fn(async (): Promise<ApiOperations> => OFFERED),
    preview: jest.fn(
      async (draft: AccessRequestDraft): Promise<Preview> => previewOf(draft),
    ),
    createRequest: jest.fn(
      async (): Promise<AccessRequest> =>
        ({ id: '01J', number: 7, waitsFor: '' } as AccessRequest),
    ),
  };
}

const ENTITIES: Entity[] = [
  component('checkout', 'Checkout', 'group:default/storefront'),
  component('cart', 'Cart', 'group:default/storefront'),
  component('reporting', 'Reporting', 'group:default/insight'),
];

/** Opens the dialog as Priya, who owns Checkout through her team. */
export function openDialog(options: {
  backend?: ReturnType<typeof fakeBackend>;
  mode?: DraftMode;
  start?: DraftStart;
  grant?: GrantPage;
  ownerships?: string[];
  /** Ref of who asks. */
  person?: string;
  /** What the catalog has beside Checkout, Cart and Reporting. */
  more?: Entity[];
  /** Goes on with other APIs as well. */
  onSeveral?: (caller: string) => void;
}) {
  const backend = options.backend ?? fakeBackend();
  const onClose = jest.fn();
  const onSent = jest.fn();
  const { unmount } = renderInTestApp(
    <RequestDialog
      api={ORDERS}
      mode={options.mode ?? 'request'}
      start={options.start ?? {}}
      grant={options.grant}
      onClose={onClose}
      onSent={onSent}
      onSeveral={options.onSeveral}
    />,
    {
      apis: [
        [callgateApiRef, backend as Partial<CallgateApi> as CallgateApi],
        [
          catalogApiRef,
          catalogApiMock({ entities: [...ENTITIES, ...(options.more ?? [])] }),
        ],
        mockApis.identity({
          userEntityRef: options.person ?? 'user:default/priya',
          ownershipEntityRefs: options.ownerships ?? [
            'user:default/priya',
            'group:default/storefront',
          ],
        }),
      ],
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
        '/requests/:id': requestRouteRef,
      },
    },
  );
  return { backend, onClose, onSent, unmount };
}

/** A component of a team. */
export function component(name: string, title: string, owner: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default', title },
    spec: { system: 'storefront' },
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}

function label(kind: string, name: string, title?: string): EntityLabel {
  return {
    ref: `${kind}:default/${name}`,
    kind,
    namespace: 'default',
    name,
    ...(title && { title }),
    state: 'visible',
  };
}

function http(
  id: string,
  method: string,
  path: string,
  tag: string,
  summary: string,
): Operation {
  return {
    id,
    kind: 'http',
    method,
    path,
    tag,
    summary,
    writes: method !== 'GET',
  };
}
