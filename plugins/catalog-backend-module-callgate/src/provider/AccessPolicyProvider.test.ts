import { mockServices } from '@backstage/backend-test-utils';
import type { EntityProviderMutation } from '@backstage/plugin-catalog-node';
import type { Declarations } from '@callgate/plugin-callgate-common';
import { AccessPolicyProvider } from './AccessPolicyProvider';

const GOOD = `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata:
  name: orders
  namespace: default
spec:
  owner: group:default/orders-team
  api: api:default/orders
  mode: enforce
  grants: []
`;

describe('AccessPolicyProvider', () => {
  it('replaces what the catalog has when the branch moved, and keeps it when the branch cannot be read', async () => {
    const mutations: EntityProviderMutation[] = [];
    let answer: () => Declarations = () => ({
      commit: 'a',
      branch: 'main',
      items: [
        { file: 'policies/default/orders.yaml', text: GOOD },
        { file: 'policies/default/broken.yaml', text: 'spec: [' },
        {
          file: 'policies/default/stock.yaml',
          text: GOOD.replace(/orders/g, 'stock').replace(
            'grants: []',
            'expires: 1',
          ),
        },
      ],
    });
    const events = mockServices.events();
    const provider = new AccessPolicyProvider({
      fetchDeclarations: async () => answer(),
      taskRunner: { run: async ({ fn }) => fn(new AbortController().signal) },
      events,
      logger: mockServices.logger.mock(),
    });
    await provider.connect({
      applyMutation: async mutation => void mutations.push(mutation),
      refresh: async () => undefined,
    });
    expect(mutations).toHaveLength(1);
    const [first] = mutations as Extract<
      EntityProviderMutation,
      { type: 'full' }
    >[];
    expect(first.entities.map(({ entity }) => entity.metadata.name)).toEqual([
      'orders',
      'stock',
    ]);
    // One that cannot be read says so, and whose access it is about; which grants it has is not known.
    expect(first.entities[1].entity).toMatchObject({
      kind: 'AccessPolicy',
      metadata: {
        annotations: {
          'callgate.dev/not-readable': expect.stringMatching(
            /spec\.grants is missing \(policies\/default\/stock\.yaml, line 6\)/,
          ),
        },
      },
      spec: { api: 'api:default/stock' },
    });
    expect(first.entities[1].entity.spec).not.toHaveProperty('grants');
    expect(first.entities[0].entity.metadata.annotations).toMatchObject({
      'backstage.io/managed-by-location':
        'callgate-policy-repository:policies/default/orders.yaml',
    });

    const told = () =>
      events.publish({
        topic: 'callgate',
        eventPayload: { subject: 'access', id: 'x' },
      });
    await told();
    expect(mutations).toHaveLength(1);
    answer = () => {
      throw new Error('unreachable');
    };
    await told();
    expect(mutations).toHaveLength(1);
    answer = () => ({ commit: 'b', branch: 'main', items: [] });
    await told();
    expect(mutations[1]).toEqual({ type: 'full', entities: [] });
  });
});
