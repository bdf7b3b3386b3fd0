import type { Entity } from '@backstage/catalog-model';
import type {
  AccessRow,
  Edge,
  EntityLabel,
  Layers,
  Operation,
} from '@callgate/plugin-callgate-common';

/** Whoever runs the development app; owns every team of it. */
export const ME = 'user:default/guest';

/** A label of something that everybody may see. */
export function label(ref: string, title?: string): EntityLabel {
  const [kind, rest] = ref.split(':');
  const [namespace, name] = rest.split('/');
  return { ref, kind, namespace, name, title, state: 'visible' };
}

export const ORDERS = label('api:default/orders', 'Orders API');
export const ORDERS_TEAM = label('group:default/orders-team', 'Orders team');
export const OMAR = label('user:default/omar', 'Omar Haddad');
export const GUEST = label(ME, 'Guest');

export const CALLERS: { [name: string]: EntityLabel } = {
  cart: label('component:default/cart', 'Cart'),
  checkout: label('component:default/checkout', 'Checkout'),
  returns: label('component:default/returns', 'Returns'),
  batch: label('component:default/legacy-batch', 'Legacy batch'),
};

/** What the Orders API offers. */
export const OPERATIONS: Operation[] = [
  operation(
    'listOrders',
    'GET',
    '/orders',
    'Orders',
    'List orders of a customer',
  ),
  operation('getOrder', 'GET', '/orders/{id}', 'Orders', 'Read one order'),
  operation(
    'getOrderLog',
    'GET',
    '/orders/{id}/log',
    'Orders',
    'Read its history',
  ),
  operation('createOrder', 'POST', '/orders', 'Orders', 'Place an order'),
  operation(
    'cancelOrder',
    'POST',
    '/orders/{id}/cancel',
    'Orders',
    'Cancel an order',
  ),
  operation(
    'listReturns',
    'GET',
    '/orders/{id}/returns',
    'Returns',
    'List returns of an order',
  ),
  operation(
    'openReturn',
    'POST',
    '/orders/{id}/returns',
    'Returns',
    'Open a return',
  ),
  operation(
    'listStuck',
    'GET',
    '/admin/orders/stuck',
    'Admin',
    'List orders that hang',
  ),
  operation(
    'replay',
    'POST',
    '/admin/orders/{id}/replay',
    'Admin',
    'Push an order that hangs',
  ),
];

const ALL_LAYERS: Layers = {
  kernel: 'enforced',
  identity: 'enforced',
  method: 'enforced',
};
const KERNEL_ONLY: Layers = {
  kernel: 'enforced',
  identity: 'none',
  method: 'none',
};
const NO_LAYER: Layers = { kernel: 'open', identity: 'none', method: 'none' };

/** How an access is enforced in the two clusters of the shop. */
export function clustersOf(
  caller: EntityLabel,
  clusters: readonly string[],
): Edge['clusters'] {
  const all: Edge['clusters'] = [
    {
      cluster: 'prod-eu',
      layers: ALL_LAYERS,
      from: [`storefront/${caller.name}`],
      to: ['ordering/orders'],
      port: 8080,
      objects: [
        {
          kind: 'NetworkPolicy',
          namespace: 'ordering',
          name: 'callgate-orders',
          rule: 'ingress[0]',
        },
        {
          kind: 'AuthorizationPolicy',
          namespace: 'ordering',
          name: 'callgate-orders',
          rule: 'rules[0]',
        },
      ],
    },
    {
      cluster: 'staging',
      layers: KERNEL_ONLY,
      from: [`storefront/${caller.name}`],
      to: ['ordering/orders'],
      port: 8080,
      note: 'no mesh',
    },
  ];
  return clusters.length === 0
    ? all
    : all.filter(({ cluster }) => clusters.includes(cluster));
}

/** Who can call the Orders API when the app starts: two grants, and a policy that somebody wrote by hand. */
export const ROWS: AccessRow[] = [
  granted(
    CALLERS.cart,
    ['createOrder'],
    'A basket becomes an order when the visitor pays',
  ),
  granted(
    CALLERS.returns,
    ['getOrder', 'listReturns', 'openReturn'],
    'Returns belong to an order',
  ),
  {
    caller: CALLERS.batch,
    api: ORDERS,
    compared: 'none',
    certainty: 'sure',
    grants: [],
    beyond: [
      {
        clusters: ['prod-eu'],
        operations: [],
        others: [],
        everythingOn: 'TCP 8080',
        surely: true,
        because: 'NetworkPolicy allow-ops opens it.',
        openedBy: [
          {
            cluster: 'prod-eu',
            kind: 'NetworkPolicy',
            namespace: 'ordering',
            name: 'allow-ops',
            rule: 'ingress[0]',
            generated: false,
            file: 'clusters/prod-eu/ordering/allow-ops.yaml',
            yaml: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: allow-ops\n  namespace: ordering\nspec:\n  podSelector: {}\n  ingress:\n    - from:\n        - namespaceSelector: {}\n',
          },
        ],
      },
    ],
    clusters: [
      {
        cluster: 'prod-eu',
        layers: NO_LAYER,
        from: ['insight/legacy-batch'],
        to: ['ordering/orders'],
      },
    ],
    mayRequest: true,
  },
];

/** The catalog of the development app. */
export const ENTITIES: Entity[] = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: { namespace: 'default', name: 'orders', title: 'Orders API' },
    spec: {
      type: 'openapi',
      lifecycle: 'production',
      owner: 'orders-team',
      definition: 'openapi: 3.0.0',
    },
    relations: [{ type: 'ownedBy', targetRef: ORDERS_TEAM.ref }],
  },
  ...Object.values(CALLERS).map(({ name, title }) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { namespace: 'default', name, title },
    spec: {
      type: 'service',
      lifecycle: 'production',
      system: 'storefront',
      owner: 'guest',
    },
    relations: [{ type: 'ownedBy', targetRef: ME }],
  })),
];

function operation(
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

function granted(
  caller: EntityLabel,
  ids: string[],
  reason: string,
): AccessRow {
  return {
    caller,
    api: ORDERS,
    compared: 'granted',
    certainty: 'sure',
    grants: [
      {
        id: `${caller.name}-${ids[0]}`,
        api: ORDERS.ref,
        operations: OPERATIONS.filter(({ id }) => id && ids.includes(id)),
        status: 'granted',
        because: '',
        refusedBy: [],
        reason,
        approvedBy: [OMAR],
        acknowledges: [],
      },
    ],
    beyond: [],
    clusters: clustersOf(caller, []),
    mayRequest: false,
  };
}
