import {
  defaultPlatformProfile,
  type AccessPolicy,
  type CatalogEntity,
  type ManifestObject,
  type PlatformProfile,
} from '@callgate/policy';
import { generateWorld } from './generateWorld';

/** Declarations, catalog and estate of a company that was made up. */
export interface Company {
  policies: { policy: AccessPolicy; file: string }[];
  catalog: CatalogEntity[];
  objects: ManifestObject[];
  profile: PlatformProfile;
}

const DEFINITION = `openapi: 3.1.0
info: { title: Orders, version: '1' }
paths:
  /orders:
    get: { operationId: list, responses: { '200': { description: ok } } }
    post: { operationId: create, responses: { '200': { description: ok } } }
  /orders/{id}:
    get: { operationId: get, responses: { '200': { description: ok } } }
`;

/** How far the callers of a workload are from it: four of them. */
const CALLERS = [1, 2, 7, 13];

/**
 * A company in which every workload offers an API that four others call with
 * methods and paths. The same size gives the same company.
 */
export function generateCompany(workloads: number): Company {
  const policies: Company['policies'] = [];
  const catalog: CatalogEntity[] = [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name: 'team' },
      spec: { type: 'team', children: [] },
    },
  ];
  const owner = 'group:default/team';
  for (let index = 0; index < workloads; index++) {
    const name = `app-${index}`;
    catalog.push(
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: {
          name,
          annotations: {
            'backstage.io/kubernetes-label-selector': `app=${name}`,
            'backstage.io/kubernetes-namespace': `team-${Math.floor(
              index / 20,
            )}`,
          },
        },
        spec: { type: 'service', owner, providesApis: [name] },
      },
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'API',
        metadata: { name },
        spec: { type: 'openapi', owner, definition: DEFINITION },
      },
    );
    policies.push({
      file: `policies/${name}.yaml`,
      policy: {
        apiVersion: 'callgate.dev/v1alpha1',
        kind: 'AccessPolicy',
        metadata: { name, namespace: 'default' },
        spec: {
          owner,
          api: `api:default/${name}`,
          mode: 'enforce',
          grants: CALLERS.map(distance => ({
            id: `g${distance}`,
            caller: `component:default/app-${(index + distance) % workloads}`,
            operations: [{ id: 'list' }, { id: 'get' }],
            reason: 'orders',
          })),
        },
      },
    });
  }
  const objects = generateWorld({
    workloads,
    callers: CALLERS.length,
    mesh: false,
  }).filter(({ object }) => object.kind !== 'NetworkPolicy');
  const plain = defaultPlatformProfile('bench');
  return {
    policies,
    catalog,
    objects,
    profile: {
      ...plain,
      guesses: [],
      mesh: { ...plain.mesh, mode: 'sidecar' },
    },
  };
}
