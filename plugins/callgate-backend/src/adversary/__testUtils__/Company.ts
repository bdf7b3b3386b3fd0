import type { Entity, EntityRelation } from '@backstage/catalog-model';
import { SMALL_PROFILE } from '../../proposals/__testUtils__/smallCompany';

export const TEAMS = ['orders', 'stock', 'web', 'evil', 'platform'] as const;
export type Team = (typeof TEAMS)[number];

export const PEOPLE = [
  ...['omar', 'lena', 'olga', 'stan', 'sue', 'priya', 'wim'],
  ...['mal', 'eve', 'kim', 'petra', 'pavel', 'pia'],
];

export const APIS = ['orders', 'stock', 'billing', 'views'];
export const OPERATIONS: Record<string, [string, string]> = {
  listThings: ['get', '/things'],
  createThing: ['post', '/things'],
  getThing: ['get', '/things/{id}'],
  wipe: ['delete', '/admin/things'],
};

export const groupOf = (team: string) => `group:default/${team}-team`;
/** Programs that ask for a team, as the configuration of the portal names them. */
export const BOTS = (['orders', 'web', 'evil'] as const).map(team => ({
  subject: `bot-${team}`,
  actsFor: groupOf(team),
  sees: 'everything',
}));
export const isBot = (person: string) => person.startsWith('bot-');
/** Whoever asks, as it stands in the record: a person, or a program with the team for which it asks. */
export const userOf = (person: string) =>
  isBot(person)
    ? `service:${person}@default/${person.slice('bot-'.length)}-team`
    : `user:default/${person}`;

/** A workload, with what those who hold its namespace may write about it. */
export interface RunningWorkload {
  name: string;
  namespace: string;
  account: string;
  app: string;
  tier: string;
  /** `callgate.dev/owner` */
  owner?: string;
}

export interface CatalogComponent {
  kind: 'Component' | 'System';
  owner: Team;
  annotations: Record<string, string>;
  provides: string[];
  system?: string;
}

export interface CatalogApi {
  owner: Team;
  operations: Record<string, [string, string]>;
  broken?: string;
}

/** Who may write about the workloads of a namespace, and who says whose they are. */
const NAMESPACES: Record<
  string,
  { holder: Team; stated?: 'profile' | 'namespace' }
> = {
  ordering: { holder: 'orders', stated: 'profile' },
  stocking: { holder: 'stock', stated: 'profile' },
  storefront: { holder: 'web', stated: 'namespace' },
  legacy: { holder: 'orders' },
  lab: { holder: 'evil' },
};

export const idOf = ({ namespace, name }: RunningWorkload) =>
  `${namespace}/Deployment/${name}`;

export const accountOf = ({ namespace, account }: RunningWorkload) =>
  `${namespace}/${account}`;

const KUBERNETES_ID = 'backstage.io/kubernetes-id';

/**
 * Teams with what they run and register, and the plain truth of who owns what: a table that knows nothing of claims. Everything
 * is data that steps change.
 */
export class Company {
  readonly workloads: RunningWorkload[] = [
    runs('orders', 'ordering'),
    runs('orders-batch', 'ordering'),
    runs('stock', 'stocking'),
    runs('checkout', 'storefront'),
    runs('cart', 'storefront'),
    runs('search', 'storefront'),
    runs('billing', 'legacy'),
    runs('archive', 'legacy'),
    runs('lab-one', 'lab'),
    runs('lab-two', 'lab'),
  ];
  readonly components: Record<string, CatalogComponent> = {
    orders: registered('orders', 'orders', ['orders']),
    'orders-batch': registered('orders', 'orders-batch'),
    stock: registered('stock', 'stock', ['stock']),
    checkout: { ...registered('web', 'checkout'), system: 'shopfront' },
    cart: registered('web', 'cart'),
    search: registered('web', 'search'),
    billing: registered('orders', 'billing', ['billing']),
    archive: registered('orders', 'archive'),
    // What keeps the workloads of the lab claimed by those who run them.
    'lab-one': registered('evil', 'lab-one'),
    'lab-two': registered('evil', 'lab-two'),
    // What the hostile team does as it likes with.
    views: registered('evil', 'lab-two', ['views']),
    spy: registered('evil', 'lab-one'),
    dock: {
      ...registered('web', ''),
      annotations: { 'callgate.dev/addresses': '192.0.2.5' },
    },
    shopfront: { ...registered('web', ''), kind: 'System', annotations: {} },
  };
  readonly apis: Record<string, CatalogApi> = {
    orders: offered('orders'),
    stock: offered('stock'),
    billing: offered('orders'),
    views: offered('evil'),
  };
  readonly members: Record<Team, Set<string>> = {
    orders: new Set(['omar', 'lena', 'olga']),
    stock: new Set(['stan', 'sue']),
    web: new Set(['priya', 'wim']),
    evil: new Set(['mal', 'eve', 'kim']),
    platform: new Set(['petra', 'pavel', 'pia']),
  };

  /** What is not in the catalog for now, by the name that it had. */
  readonly unregistered: Record<string, CatalogComponent> = {};

  /** Who left, the last one first. */
  readonly former: Record<Team, string[]> = {
    orders: [],
    stock: [],
    web: [],
    evil: [],
    platform: [],
  };

  /** Components whose binding stays: their workloads have no stated owner, so theirs is the claim that others contest. */
  static readonly STEADY = ['billing', 'archive', 'lab-one', 'lab-two'];

  workload(id: string): RunningWorkload | undefined {
    return this.workloads.find(each => idOf(each) === id);
  }

  /** Who may write in the namespace of a workload. */
  holder(workload: RunningWorkload): Team {
    return NAMESPACES[workload.namespace].holder;
  }

  /** The team that a workload belongs to; nobody's where its holders wrote so. */
  ownerOf(workload: RunningWorkload): Team | undefined {
    const { holder, stated } = NAMESPACES[workload.namespace];
    if (stated || workload.owner === undefined) return holder;
    return TEAMS.find(team => groupOf(team) === workload.owner);
  }

  /** Whether somebody asked, or may have had a program of their team ask. */
  isAsker(person: string, requestedBy: string): boolean {
    return (
      userOf(person) === requestedBy ||
      TEAMS.some(
        team =>
          requestedBy === userOf(`bot-${team}`) && this.isMember(person, team),
      )
    );
  }

  /** Whether somebody asks for a team: a member, or its program. */
  asksFor(person: string, team: Team | undefined): boolean {
    return this.isMember(person, team) || person === `bot-${team}`;
  }

  isMember(person: string, team: Team | undefined): boolean {
    return team !== undefined && this.members[team].has(person);
  }

  /** The owner of a component, system or API. */
  ownerOfEntity(ref: string): Team | undefined {
    const [kind, name] = ref.split(/:default\//);
    return kind === 'api'
      ? this.apis[name]?.owner
      : this.components[name]?.owner;
  }

  estate(): string {
    const namespaces = Object.entries(NAMESPACES).map(
      ([name, { holder, stated }]) => `apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
  labels: { istio-injection: enabled }
  annotations: { ${
    stated === 'namespace' ? `callgate.dev/owner: '${groupOf(holder)}'` : ''
  } }
`,
    );
    return [...namespaces, ...this.workloads.map(manifest)].join('---\n');
  }

  /** The catalog as it would be served: relations in both directions. */
  catalog(): Entity[] {
    const entities = [
      ...Object.entries(this.components).map(([name, each]) =>
        entity(each.kind, name, {
          annotations: {
            ...each.annotations,
            // The place it is registered from is the team's own.
            'backstage.io/managed-by-origin-location': `url:${each.owner}`,
          },
          spec: {
            ...(each.kind === 'Component' && {
              type: 'service',
              lifecycle: 'production',
              providesApis: each.provides,
              ...(each.system && { system: each.system }),
            }),
            owner: groupOf(each.owner),
          },
          owner: groupOf(each.owner),
        }),
      ),
      ...Object.entries(this.apis).map(([name, each]) =>
        entity('API', name, {
          spec: {
            type: 'openapi',
            lifecycle: 'production',
            owner: groupOf(each.owner),
            definition: definition(each),
          },
          owner: groupOf(each.owner),
        }),
      ),
      ...TEAMS.map(team =>
        entity('Group', `${team}-team`, {
          spec: { type: 'team', children: [] },
          relations: [...this.members[team]].map(person => ({
            type: 'hasMember',
            targetRef: userOf(person),
          })),
        }),
      ),
      ...PEOPLE.map(person =>
        entity('User', person, {
          spec: { memberOf: [] },
          relations: TEAMS.filter(team => this.members[team].has(person)).map(
            team => ({ type: 'memberOf', targetRef: groupOf(team) }),
          ),
        }),
      ),
    ];
    return entities;
  }
}

function runs(name: string, namespace: string): RunningWorkload {
  return { name, namespace, account: name, app: name, tier: 'api' };
}

function registered(
  owner: Team,
  id: string,
  provides: string[] = [],
): CatalogComponent {
  return {
    kind: 'Component',
    owner,
    annotations: { [KUBERNETES_ID]: id },
    provides,
  };
}

function offered(owner: Team): CatalogApi {
  return { owner, operations: { ...OPERATIONS } };
}

function entity(
  kind: string,
  name: string,
  parts: {
    annotations?: Record<string, string>;
    spec: Entity['spec'];
    owner?: string;
    relations?: EntityRelation[];
  },
): Entity {
  const { annotations, spec, owner, relations = [] } = parts;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name,
      namespace: 'default',
      ...(annotations && { annotations }),
    },
    spec,
    relations: owner
      ? [...relations, { type: 'ownedBy', targetRef: owner }]
      : relations,
  };
}

function definition({ operations, broken }: CatalogApi): string {
  if (broken !== undefined) return broken;
  const paths: Record<string, Record<string, object>> = {};
  for (const [operationId, [method, path]] of Object.entries(operations)) {
    paths[path] = {
      ...paths[path],
      [method]: { operationId, responses: { 200: { description: 'ok' } } },
    };
  }
  return JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'API', version: '1' },
    paths,
  });
}

function manifest(workload: RunningWorkload): string {
  const { name, namespace, account, app, tier, owner } = workload;
  return `apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: ${namespace} }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: { ${KUBERNETES_ID}: ${name} }
  annotations: { ${
    owner === undefined ? '' : `callgate.dev/owner: '${owner}'`
  } }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${app} } }
  template:
    metadata: { labels: { app: ${app}, tier: ${tier}, ${KUBERNETES_ID}: ${name} } }
    spec:
      serviceAccountName: ${account}
      containers:
        - { name: app, image: example.test/${name}, ports: [{ name: http, containerPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace}, labels: { ${KUBERNETES_ID}: ${name} } }
spec:
  selector: { app: ${app} }
  ports: [{ name: http, port: 80, targetPort: 8080, appProtocol: http }]
`;
}

export const PROFILE = `${SMALL_PROFILE}  owners:
    - { namespaces: [ordering], owner: 'group:default/orders-team' }
    - { namespaces: [stocking], owner: 'group:default/stock-team' }
  addresses:
    - { cidrs: [192.0.2.0/28], owner: 'group:default/web-team' }
`;

/** Requests for billing take two owners. */
export const APPROVALS = `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
    - name: four-eyes
      when: api.name == 'billing'
      needs: [{ role: api-owner, count: 2 }]
      examples:
        hold: [{ api: { name: billing } }]
        not: [{ api: { name: stock } }]
`;
