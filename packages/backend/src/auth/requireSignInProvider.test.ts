import {
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { requireSignInProvider } from './requireSignInProvider';
import { signInModules } from './signInModules';

const check = (providers: object | undefined, environment?: string) => () =>
  requireSignInProvider({
    config: new ConfigReader(providers ? { auth: { providers } } : {}),
    environment,
  });

const github = { production: { clientId: 'id', clientSecret: 'secret' } };

describe('requireSignInProvider', () => {
  it('refuses production without any provider', () => {
    expect(check(undefined, 'production')).toThrow(
      /No sign-in provider is configured.*auth\.providers/s,
    );
    expect(check({}, 'production')).toThrow(/No sign-in provider/);
  });

  it('refuses production with a provider in name only', () => {
    expect(check({ github: {} }, 'production')).toThrow(/No sign-in provider/);
  });

  it.each(['demo', 'guest'])(
    'refuses %s in production, even beside a real provider',
    id => {
      expect(check({ [id]: { people: [] }, github }, 'production')).toThrow(
        `auth.providers.${id} lets anybody sign in as somebody else`,
      );
    },
  );

  it('takes an unset NODE_ENV for production: a built backend has none', () => {
    expect(check({ demo: { people: [] } }, undefined)).toThrow(
      /works in development only/,
    );
  });

  it('refuses the production configuration without a provider in development too', () => {
    expect(check(undefined, 'development')).toThrow(/No sign-in provider/);
  });

  it('accepts a real provider anywhere and the demo in development', () => {
    expect(check({ github }, 'production')).not.toThrow();
    expect(check({ demo: { people: [] } }, 'development')).not.toThrow();
  });

  // A database that Backstage opens for SQLite stays open, and with it the process.
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  it('stops the start of the whole backend', async () => {
    const start = startTestBackend({
      features: [
        authPlugin,
        signInModules,
        catalogServiceMock.factory(),
        mockServices.database.factory({
          knex: await databases.init('SQLITE_3'),
        }),
        mockServices.rootConfig.factory({
          data: {
            app: { baseUrl: 'http://localhost:3000' },
            backend: { baseUrl: 'http://localhost:7007' },
          },
        }),
      ],
    });
    await expect(start).rejects.toThrow(/No sign-in provider is configured/);
  });
});
