import {
  AccessPolicy,
  CatalogEntity,
  parseAccessPolicy,
} from '@callgate/policy';
import { Random } from './Random';
import { randomWorld } from './randomWorld';
import { callableOf, isGrpc, richerWorld } from './richerWorld';
import { World, WorldWorkload } from './types';

/** What an API is about: operations of HTTP or gRPC, or everything on a port. */
export type ApiKind = 'http' | 'tcp' | 'udp' | 'sctp';

const KINDS: readonly ApiKind[] = ['http', 'tcp', 'udp', 'sctp'];

/** Ports of pods by what is on them, and their names. */
export const PORTS: Record<ApiKind, { name: string; number: number }> = {
  http: { name: 'http-api', number: 8080 },
  tcp: { name: 'tcp-db', number: 9090 },
  udp: { name: 'udp-log', number: 5353 },
  sctp: { name: 'sctp-sig', number: 3868 },
};

/** An operation of the one HTTP API that every workload has. */
export interface Operation {
  id: string;
  method: string;
  path: string;
}

export const OPERATIONS: readonly Operation[] = [
  { id: 'listOrders', method: 'GET', path: '/orders' },
  { id: 'createOrder', method: 'POST', path: '/orders' },
  { id: 'getOrder', method: 'GET', path: '/orders/{id}' },
  { id: 'deleteOrder', method: 'DELETE', path: '/orders/{id}' },
  { id: 'listItems', method: 'GET', path: '/orders/{id}/items' },
];

/** Operations of the workloads whose HTTP API is gRPC: methods of one service. */
export const GRPC_OPERATIONS: readonly Operation[] = [
  'Get',
  'List',
  'Create',
].map(id => ({ id, method: 'POST', path: `/shop.Orders/${id}` }));

/** One grant: who may do what at which workload. */
export interface CompanyGrant {
  caller: number;
  provider: number;
  /** Operations of HTTP, or everything on a port. */
  access:
    | { operations: readonly Operation[] }
    | { portOf: Exclude<ApiKind, 'http'> };
}

/** The API that a grant is about. */
export function kindOf(access: CompanyGrant['access']): ApiKind {
  return 'portOf' in access ? access.portOf : 'http';
}

/** A random company: what runs, who owns it, and what is declared. */
export interface Company {
  /** Without policies of anybody. */
  world: World;
  catalog: CatalogEntity[];
  policies: { policy: AccessPolicy; file: string }[];
  /** Workloads with a declaration; the others are open. */
  declared: readonly { provider: number; kind: ApiKind }[];
  grants: readonly CompanyGrant[];
  /** Workloads that may call what is granted to them, and nothing else. */
  closed: readonly number[];
  /** Callers and owners accept what no layer can hold. */
  isAcknowledged: boolean;
}

const OWNER = 'group:default/owners';

const PROTO = `syntax = "proto3";
package shop;
message Nothing {}
service Orders {
  rpc Get (Nothing) returns (Nothing);
  rpc List (Nothing) returns (Nothing);
  rpc Create (Nothing) returns (Nothing);
}
`;

function definition(): string {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { id, method, path } of OPERATIONS)
    (paths[path] ??= {})[method.toLowerCase()] = {
      operationId: id,
      responses: {},
    };
  const info = { title: 'Orders', version: '1' };
  return JSON.stringify({ openapi: '3.0.3', info, paths });
}

/** Names of the catalog are of one namespace there. */
export function entityName({ namespace, name }: WorldWorkload): string {
  return `${namespace}-${name}`;
}

/** How a grant names who calls. */
export function callerRef(workload: WorldWorkload): string {
  return workload.gateway
    ? `gateway:${workload.namespace}/${workload.gateway}`
    : `component:default/${entityName(workload)}`;
}

export function apiName(workload: WorldWorkload, kind: ApiKind): string {
  return `${entityName(workload)}-${kind}`;
}

function entitiesOf(
  workload: WorldWorkload,
  isClosed: boolean,
): CatalogEntity[] {
  const kinds = KINDS.filter(kind =>
    workload.ports.some(({ name }) => name === PORTS[kind].name),
  );
  const http = isGrpc(workload)
    ? { type: 'grpc', definition: PROTO }
    : { type: 'openapi', definition: definition() };
  const spec = { lifecycle: 'production', owner: OWNER };
  return [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: entityName(workload),
        annotations: {
          'backstage.io/kubernetes-label-selector': `app=${workload.name}`,
          'backstage.io/kubernetes-namespace': workload.namespace,
          ...(isClosed && { 'callgate.dev/egress': 'enforce' }),
        },
      },
      spec: {
        ...spec,
        type: 'service',
        providesApis: kinds.map(kind => apiName(workload, kind)),
      },
    },
    ...kinds.map(
      (kind): CatalogEntity => ({
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'API',
        metadata: {
          name: apiName(workload, kind),
          annotations: { 'callgate.dev/port': PORTS[kind].name },
        },
        spec: {
          ...spec,
          ...(kind === 'http' ? http : { type: kind, definition: 'a port' }),
        },
      }),
    ),
  ];
}

function operationsOf(
  provider: WorldWorkload,
  access: CompanyGrant['access'],
): unknown[] {
  if ('portOf' in access)
    return [{ [access.portOf]: { port: PORTS[access.portOf].number } }];
  const ids = access.operations.map(({ id }) => id);
  return isGrpc(provider)
    ? [{ grpc: { service: 'shop.Orders', methods: ids } }]
    : ids.map(id => ({ id }));
}

function policyOf(
  api: string,
  grants: readonly CompanyGrant[],
  workloads: readonly WorldWorkload[],
  acknowledged: boolean,
): { policy: AccessPolicy; file: string } {
  const file = `policies/${api}.yaml`;
  const text = JSON.stringify({
    apiVersion: 'callgate.dev/v1alpha1',
    kind: 'AccessPolicy',
    metadata: { name: api },
    spec: {
      owner: OWNER,
      api: `api:default/${api}`,
      mode: 'enforce',
      grants: grants.map(({ caller, provider, access }, index) => ({
        id: `grant-${index}`,
        caller: callerRef(workloads[caller]),
        operations: operationsOf(workloads[provider], access),
        ...(acknowledged && {
          acknowledges: ['method-not-enforced', 'identity-not-enforced'],
        }),
      })),
    },
  });
  const { policy, findings } = parseAccessPolicy({ path: file, text });
  if (!policy) throw new Error(`${file}: ${findings[0].message}`);
  return { policy, file };
}

/** The same company with other declarations and grants. */
export function companyWith(
  { world, catalog, closed, isAcknowledged }: Omit<Company, 'policies'>,
  { declared, grants }: Pick<Company, 'declared' | 'grants'>,
): Company {
  const policies = declared.map(({ provider, kind }) =>
    policyOf(
      apiName(world.workloads[provider], kind),
      grants.filter(
        grant => grant.provider === provider && kind === kindOf(grant.access),
      ),
      world.workloads,
      isAcknowledged,
    ),
  );
  return { world, catalog, closed, isAcknowledged, policies, declared, grants };
}

/** A company from a seed. Some of its workloads have declarations, some nobody cares for. */
export function randomCompany(seed: number): Company {
  const more = new Random(seed + 2_000_003);
  const world = richerWorld(randomWorld(seed, false), more);
  const random = new Random(seed + 1_000_003);
  const callable = callableOf(world);
  const closed = callable.filter(
    index => !world.workloads[index].isHost && more.chance(0.3),
  );
  const declared = callable.flatMap(provider =>
    [
      ...(['http', 'tcp'] as const).filter(kind =>
        random.chance(kind === 'http' ? 0.6 : 0.3),
      ),
      ...(['udp', 'sctp'] as const).filter(
        kind =>
          more.chance(kind === 'udp' ? 0.2 : 0.1) &&
          !world.workloads[provider].isHost,
      ),
    ].map(kind => ({ provider, kind })),
  );
  const isAcknowledged = random.chance(0.6);
  const gateways = world.workloads.flatMap(({ gateway }, index) =>
    gateway ? [index] : [],
  );
  const grants = declared.flatMap(({ provider, kind }) =>
    [
      ...random.some(
        callable.filter(each => each !== provider),
        0,
        2,
      ),
      ...gateways.filter(() => more.chance(0.4)),
    ].map(
      (caller): CompanyGrant => ({
        caller,
        provider,
        access:
          kind === 'http'
            ? {
                operations: random.some(
                  isGrpc(world.workloads[provider])
                    ? GRPC_OPERATIONS
                    : OPERATIONS,
                  1,
                  3,
                ),
              }
            : { portOf: kind },
      }),
    ),
  );
  const catalog = callable.flatMap(index =>
    entitiesOf(world.workloads[index], closed.includes(index)),
  );
  return companyWith(
    { world, catalog, closed, isAcknowledged, declared, grants },
    { declared, grants },
  );
}
