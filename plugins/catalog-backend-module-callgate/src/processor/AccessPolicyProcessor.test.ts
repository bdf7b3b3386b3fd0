import type { Entity } from '@backstage/catalog-model';
import { AccessPolicyProcessor } from './AccessPolicyProcessor';

const policy = (spec: object = {}): Entity => ({
  apiVersion: 'callgate.dev/v1alpha1',
  kind: 'AccessPolicy',
  metadata: {
    name: 'orders',
    annotations: { 'backstage.io/managed-by-location': 'x:y' },
    uid: '1',
    etag: '2',
  },
  spec: {
    owner: 'group:default/orders-team',
    api: 'api:default/orders',
    mode: 'enforce',
    grants: [
      {
        id: 'a',
        caller: 'component:default/checkout',
        operations: [{ id: 'listOrders' }],
      },
      {
        id: 'b',
        caller: 'component:default/checkout',
        operations: [{ id: 'getOrder' }],
      },
      { id: 'c', caller: 'self', operations: [{ tcp: { port: 7800 } }] },
      {
        id: 'd',
        caller: 'system:default/ordering',
        operations: [{ id: 'listOrders' }],
      },
    ],
    ...spec,
  },
});

describe('AccessPolicyProcessor', () => {
  const processor = new AccessPolicyProcessor();

  it('takes an AccessPolicy, with what the catalog adds to it, and leaves other kinds alone', async () => {
    await expect(processor.validateEntityKind(policy())).resolves.toBe(true);
    await expect(
      processor.validateEntityKind({ ...policy(), kind: 'Component' }),
    ).resolves.toBe(false);
    await expect(
      processor.validateEntityKind({
        ...policy(),
        apiVersion: 'acme.example/v1',
      }),
    ).resolves.toBe(false);
  });

  it('refuses an unknown field and names it', async () => {
    await expect(
      processor.validateEntityKind(policy({ expires: '2027-01-01' })),
    ).rejects.toThrow(/expires/);
    await expect(
      processor.validateEntityKind(
        policy({
          grants: [
            {
              id: 'a',
              caller: 'component:default/x',
              operations: [],
              colour: 'red',
            },
          ],
        }),
      ),
    ).rejects.toThrow(/grants\.0/);
  });

  it('takes what the policy repository has and nobody can read, with its API alone, and from nobody else', async () => {
    const unreadable = (location: string): Entity => ({
      apiVersion: 'callgate.dev/v1alpha1',
      kind: 'AccessPolicy',
      metadata: {
        name: 'orders',
        annotations: {
          'backstage.io/managed-by-location': location,
          'callgate.dev/not-readable': 'It is not YAML (line 3)',
        },
      },
      spec: { api: 'api:default/orders' },
    });
    const ours = unreadable(
      'callgate-policy-repository:policies/default/orders.yaml',
    );
    await expect(processor.validateEntityKind(ours)).resolves.toBe(true);
    await expect(
      processor.validateEntityKind(unreadable('url:https://acme.example/x')),
    ).rejects.toThrow(/spec/);
    const types: string[] = [];
    await processor.postProcessEntity(
      ours,
      { type: 'x', target: 'y' },
      result => {
        if (result.type === 'relation') types.push(result.relation.type);
      },
    );
    expect(types).toEqual(['guards', 'guardedBy']);
  });

  it('relates it to owner, API and callers, in both directions, each once', async () => {
    const emitted: string[] = [];
    await processor.postProcessEntity(
      policy(),
      { type: 'x', target: 'y' },
      result => {
        if (result.type === 'relation') {
          const { source, type, target } = result.relation;
          emitted.push(
            `${source.kind}/${source.name} ${type} ${target.kind}/${target.name}`.toLowerCase(),
          );
        }
      },
    );
    expect(emitted.sort()).toEqual([
      'accesspolicy/orders admits component/checkout',
      'accesspolicy/orders admits system/ordering',
      'accesspolicy/orders guards api/orders',
      'accesspolicy/orders ownedby group/orders-team',
      'api/orders guardedby accesspolicy/orders',
      'component/checkout admittedby accesspolicy/orders',
      'group/orders-team ownerof accesspolicy/orders',
      'system/ordering admittedby accesspolicy/orders',
    ]);
  });
});
