import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { GroupOwnershipResolver } from './GroupOwnershipResolver';

function entity(
  kind: string,
  name: string,
  relations: [string, string][],
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'default' },
    relations: relations.map(([type, targetRef]) => ({ type, targetRef })),
  };
}

const resolve = (user: Entity, groups: Entity[]) =>
  GroupOwnershipResolver.create({
    catalog: catalogServiceMock({ entities: groups }),
    auth: mockServices.auth(),
  }).resolveOwnershipEntityRefs(user);

describe('GroupOwnershipResolver', () => {
  it('gives nobody the children of their groups', async () => {
    const { ownershipEntityRefs } = await resolve(
      entity('User', 'ada', [['memberOf', 'group:default/sales']]),
      [entity('Group', 'sales', [['parentOf', 'group:default/orders-team']])],
    );
    expect(ownershipEntityRefs).toEqual([
      'user:default/ada',
      'group:default/sales',
    ]);
  });

  it('ends on groups that are each other’s parents', async () => {
    const { ownershipEntityRefs } = await resolve(
      entity('User', 'ada', [['memberOf', 'group:default/a']]),
      [
        entity('Group', 'a', [['childOf', 'group:default/b']]),
        entity('Group', 'b', [['childOf', 'group:default/a']]),
      ],
    );
    expect(ownershipEntityRefs).toEqual([
      'user:default/ada',
      'group:default/a',
      'group:default/b',
    ]);
  });

  it('keeps a group that the catalog does not know, without inventing parents', async () => {
    const { ownershipEntityRefs } = await resolve(
      entity('User', 'ada', [['memberOf', 'group:default/gone']]),
      [],
    );
    expect(ownershipEntityRefs).toEqual([
      'user:default/ada',
      'group:default/gone',
    ]);
  });

  it('counts membership of groups only', async () => {
    const { ownershipEntityRefs } = await resolve(
      entity('User', 'ada', [['memberOf', 'system:default/shop']]),
      [],
    );
    expect(ownershipEntityRefs).toEqual(['user:default/ada']);
  });
});
