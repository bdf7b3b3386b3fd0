import type { Entity, EntityRelation } from '@backstage/catalog-model';

/*
 * A company of twelve teams with four people each, and two of the platform team. Each team has an API with its provider and three
 * components that call others; everything runs in one namespace with sidecars.
 */

const TEAMS = Array.from({ length: 12 }, (_, index) => `team-${index}`);
const PEOPLE_OF_A_TEAM = 4;
const CALLERS_OF_A_TEAM = 3;

/** Ids of the operations that each API offers. */
export const OPERATIONS = [
  'listItems',
  'getItem',
  'createItem',
  'replaceItem',
  'deleteItem',
  'listNotes',
];

const DEFINITION = `openapi: 3.0.3
info: { title: Items, version: '1' }
paths:
  /items:
    get: { operationId: listItems, responses: { '200': { description: ok } } }
    post: { operationId: createItem, responses: { '201': { description: ok } } }
  /items/{id}:
    get: { operationId: getItem, responses: { '200': { description: ok } } }
    put: { operationId: replaceItem, responses: { '200': { description: ok } } }
    delete: { operationId: deleteItem, responses: { '204': { description: ok } } }
  /items/{id}/notes:
    get: { operationId: listNotes, responses: { '200': { description: ok } } }
`;

/** Somebody of the company, with the team whose things are theirs. */
export interface Employee {
  ref: string;
  team: string;
}

export const EMPLOYEES: readonly Employee[] = TEAMS.flatMap(team =>
  Array.from({ length: PEOPLE_OF_A_TEAM }, (_, index) => ({
    ref: `user:default/${team}-${index}`,
    team,
  })),
);
export const PLATFORM: readonly string[] = [
  'user:default/petra',
  'user:default/paul',
];
export const APIS: readonly { ref: string; team: string }[] = TEAMS.map(
  team => ({ ref: `api:default/${team}-items`, team }),
);
export const CALLERS: readonly { ref: string; team: string }[] = TEAMS.flatMap(
  team =>
    Array.from({ length: CALLERS_OF_A_TEAM }, (_, index) => ({
      ref: `component:default/${team}-app-${index}`,
      team,
    })),
);

/** What somebody owns things as. */
export function claimsOf(ref: string): string[] {
  const found = EMPLOYEES.find(each => each.ref === ref);
  const group = PLATFORM.includes(ref) ? 'platform' : found?.team;
  return group ? [ref, `group:default/${group}`] : [ref];
}

const nameOf = (ref: string) => ref.split('/')[1];

function entity(
  kind: string,
  ref: string,
  spec: Record<string, string | string[]>,
  relations: EntityRelation[],
): Entity {
  const name = nameOf(ref);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name,
      namespace: 'default',
      annotations: { 'backstage.io/kubernetes-id': name },
    },
    spec,
    relations,
  };
}

function owned(
  kind: string,
  ref: string,
  team: string,
  spec: Record<string, string | string[]>,
): Entity {
  const owner = `group:default/${team}`;
  return entity(kind, ref, { lifecycle: 'production', owner, ...spec }, [
    { type: 'ownedBy', targetRef: owner },
  ]);
}

/** The catalog, with relations as the catalog serves them. */
export function readCatalog(): Entity[] {
  const members = (group: string) =>
    [...EMPLOYEES.map(({ ref }) => ref), ...PLATFORM].filter(ref =>
      claimsOf(ref).includes(group),
    );
  const groups = [...TEAMS, 'platform'].map(name => `group:default/${name}`);
  return [
    ...groups.map(ref =>
      entity(
        'Group',
        ref,
        { type: 'team', children: [] },
        members(ref).map(targetRef => ({ type: 'hasMember', targetRef })),
      ),
    ),
    ...groups.flatMap(group =>
      members(group).map(ref =>
        entity('User', ref, { memberOf: [group] }, [
          { type: 'memberOf', targetRef: group },
        ]),
      ),
    ),
    ...APIS.flatMap(({ ref, team }) => [
      owned('API', ref, team, { type: 'openapi', definition: DEFINITION }),
      owned('Component', `component:default/${nameOf(ref)}`, team, {
        type: 'service',
        providesApis: [nameOf(ref)],
      }),
    ]),
    ...CALLERS.map(({ ref, team }) =>
      owned('Component', ref, team, { type: 'service' }),
    ),
  ];
}

const workload = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: company }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, backstage.io/kubernetes-id: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: app, ports: [{ containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: company }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`;

/** Manifests of everything that runs. */
export function estate(): string {
  return [
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: company, labels: { istio-injection: enabled } }\n',
    ...[...APIS, ...CALLERS].map(({ ref }) => workload(nameOf(ref))),
  ].join('---\n');
}
