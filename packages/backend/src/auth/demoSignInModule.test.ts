import {
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import request from 'supertest';
import { signInModules } from './signInModules';

const ada: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'ada', namespace: 'default' },
  spec: { memberOf: ['orders-team'] },
  relations: [{ type: 'memberOf', targetRef: 'group:default/orders-team' }],
};
const team: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name: 'orders-team', namespace: 'default' },
  spec: { type: 'team', parent: 'sales' },
  relations: [{ type: 'childOf', targetRef: 'group:default/sales' }],
};
const sales: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name: 'sales', namespace: 'default' },
  spec: { type: 'department' },
};

// A database that Backstage opens for SQLite stays open, and with it the process.
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

async function startPortal(entities: Entity[]) {
  const { server } = await startTestBackend({
    features: [
      authPlugin,
      signInModules,
      catalogServiceMock.factory({ entities }),
      mockServices.database.factory({
        knex: await databases.init('SQLITE_3'),
      }),
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost:3000' },
          backend: { baseUrl: 'http://localhost:7007' },
          auth: {
            providers: {
              demo: {
                people: [
                  {
                    entityRef: 'user:default/ada',
                    title: 'Ada',
                    role: 'Owner',
                  },
                ],
              },
            },
          },
        },
      }),
    ],
  });
  return (ref?: string) => {
    const call = request(server).get('/api/auth/demo/refresh');
    return ref ? call.set('x-callgate-demo-user', ref) : call;
  };
}

describe('sign-in as a demo person', () => {
  const environment = process.env.NODE_ENV;
  const setEnvironment = (value: string | undefined) =>
    Object.assign(process.env, { NODE_ENV: value });

  beforeEach(() => setEnvironment('development'));
  afterEach(() => setEnvironment(environment));

  it('owns as the person, their groups and the parents of those', async () => {
    const signIn = await startPortal([ada, team, sales]);
    const { status, body } = await signIn('user:default/ada');
    expect(status).toBe(200);
    expect(body.backstageIdentity.identity).toEqual({
      type: 'user',
      userEntityRef: 'user:default/ada',
      ownershipEntityRefs: [
        'user:default/ada',
        'group:default/orders-team',
        'group:default/sales',
      ],
    });
  });

  it('is refused for people whom the configuration does not list', async () => {
    const signIn = await startPortal([ada, team, sales]);
    const { status, body } = await signIn('user:default/mallory');
    expect(status).toBe(403);
    expect(JSON.stringify(body)).not.toContain('token');
  });

  it('is refused without a person', async () => {
    const signIn = await startPortal([ada, team, sales]);
    expect((await signIn()).status).toBe(401);
  });

  it.each([
    ['the person', [team, sales]],
    ['a group', [ada, sales]],
    ['the membership', [{ ...ada, relations: [] }, team, sales]],
    ['the parent of a group', [ada, { ...team, relations: [] }, sales]],
  ])('asks to wait while %s is missing in the catalog', async (_, entities) => {
    const signIn = await startPortal(entities);
    const { status, body } = await signIn('user:default/ada');
    expect(status).toBe(503);
    expect(body.error.message).toMatch(/catalog is still loading/);
  });

  it('ends when the process is no longer in development', async () => {
    const signIn = await startPortal([ada, team, sales]);
    setEnvironment('production');
    expect((await signIn('user:default/ada')).status).toBe(403);
  });
});
