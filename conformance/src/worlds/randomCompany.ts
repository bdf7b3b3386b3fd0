import {
  AccessPolicy,
  CatalogEntity,
  parseAccessPolicy,
} from '@callgate/policy';
import { Random } from './Random';
import { randomWorld } from './randomWorld';
import { World, WorldWorkload } from './types';

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
  access: { operations: readonly Operation[] } | { port: number };
}

/** A random company: what runs, who owns it, and what is declared. */
export interface Company {
  /** Without policies of anybody. */
  world: World;
  catalog: CatalogEntity[];
  policies: { policy: AccessPolicy; file: string }[];
  /** Workloads with a declaration; the others are open. */
  declared: readonly { provider: number; kind: 'http' | 'tcp' }[];
  grants: readonly CompanyGrant[];
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

/** Some workloads speak gRPC where others have OpenAPI: their tier says which. */
export function isGrpc({ labels }: WorldWorkload): boolean {
  return labels.tier === 'front';
}

/** Names of the catalog are of one namespace there. */
export function entityName({ namespace, name }: WorldWorkload): string {
  return `${namespace}-${name}`;
}

export function apiName(workload: WorldWorkload, kind: 'http' | 'tcp'): string {
  return `${entityName(workload)}-${kind}`;
}

function entitiesOf(workload: WorldWorkload): CatalogEntity[] {
  const kinds = ['http', 'tcp'] as const;
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
          annotations: {
            'callgate.dev/port': kind === 'http' ? 'http-api' : 'tcp-db',
          },
        },
        spec: {
          ...spec,
          ...(kind === 'http' ? http : { type: 'tcp', definition: 'a port' }),
        },
      }),
    ),
  ];
}

function operationsOf(
  provider: WorldWorkload,
  access: CompanyGrant['access'],
): unknown[] {
  if ('port' in access) return [{ tcp: { port: access.port } }];
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
        caller: `component:default/${entityName(workloads[caller])}`,
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
  { world, catalog, isAcknowledged }: Omit<Company, 'policies'>,
  { declared, grants }: Pick<Company, 'declared' | 'grants'>,
): Company {
  const policies = declared.map(({ provider, kind }) =>
    policyOf(
      apiName(world.workloads[provider], kind),
      grants.filter(
        grant =>
          grant.provider === provider &&
          (kind === 'tcp') === 'port' in grant.access,
      ),
      world.workloads,
      isAcknowledged,
    ),
  );
  return { world, catalog, isAcknowledged, policies, declared, grants };
}

/** A company from a seed. Some of its workloads have declarations, some nobody cares for. */
export function randomCompany(seed: number): Company {
  const world = randomWorld(seed, false);
  const random = new Random(seed + 1_000_003);
  const callable = world.workloads.flatMap(({ ports }, index) =>
    ports.length > 0 ? [index] : [],
  );
  const declared = callable.flatMap(provider =>
    (['http', 'tcp'] as const)
      .filter(kind => random.chance(kind === 'http' ? 0.6 : 0.3))
      .map(kind => ({ provider, kind })),
  );
  const isAcknowledged = random.chance(0.6);
  const grants = declared.flatMap(({ provider, kind }) =>
    random
      .some(
        callable.filter(each => each !== provider),
        0,
        2,
      )
      .map(
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
              : { port: 9090 },
        }),
      ),
  );
  const catalog = callable.flatMap(index => entitiesOf(world.workloads[index]));
  return companyWith(
    { world, catalog, isAcknowledged, declared, grants },
    { declared, grants },
  );
}
