import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  coreServices,
  createServiceFactory,
  type BackendFeature,
  type BackstageCredentials,
  type BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  catalogServiceRef,
  type CatalogService,
} from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import localForge from '@callgate/plugin-callgate-backend-module-local';
import { type Knex, knex as createKnex } from 'knex';
import request from 'supertest';
import { callgatePlugin } from '../plugin';
import { claimsOf, readShopCatalog, SHOP } from './shopCatalog';

/** A running backend on the demo company, in a folder of its own. */
export interface RunningShop {
  as(person?: string): {
    get(path: string): request.Test;
    post(path: string, body?: object): request.Test;
  };
  directory: string;
  /** Where the backend listens. */
  port: number;
  /** The entities that the catalog has; change the list to change the catalog. */
  entities: Entity[];
  stop(): Promise<void>;
}

/** Starts the plugin with the local forge seeded from the demo company. */
export async function startShop(
  options: {
    config?: object;
    /** `backend` of the configuration. */
    backend?: object;
    features?: BackendFeature[];
    entities?: Entity[];
    directory?: string;
    /** Entities that the catalog does not show to a person. */
    hides?: (person: string, entityRef: string) => boolean;
    /** Told of every call of the catalog; may throw. */
    onCatalogCall?: (method: string, args: unknown[]) => void;
  } = {},
): Promise<RunningShop> {
  const directory =
    options.directory ??
    fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-shop-'));
  const entities = options.entities ?? readShopCatalog();
  // Sign-ins are of when the portal started, whatever the catalog says since.
  const signedIn = structuredClone(entities);
  const config = {
    callgate: {
      dataDirectory: directory,
      approval: { fallback: 'group:default/security' },
      platformTeam: 'group:default/platform',
      policyRepository: {
        forge: 'local',
        url: 'local://policies',
        seed: path.join(SHOP, 'repository'),
      },
      estate: {
        manifests: ['prod-eu', 'staging'].map(cluster => ({
          cluster,
          path: path.join(SHOP, 'estate', cluster),
        })),
      },
      ...options.config,
    },
    ...(options.backend && { backend: options.backend }),
  };
  const database = openDatabase();
  const backend = await startTestBackend({
    features: [
      callgatePlugin,
      localForge,
      changingCatalog(entities, options.hides, options.onCatalogCall),
      mockServices.database.factory({ knex: database }),
      mockServices.rootConfig.factory({ data: config }),
      createServiceFactory({
        service: coreServices.userInfo,
        deps: {},
        factory: () => ({
          async getUserInfo(credentials) {
            const { userEntityRef } = credentials.principal as {
              userEntityRef: string;
            };
            return {
              userEntityRef,
              ownershipEntityRefs: claimsOf(signedIn, userEntityRef),
            };
          },
        }),
      }),
      ...(options.features ?? []),
    ],
  });
  return {
    directory,
    port: backend.server.port(),
    entities,
    as: person => {
      const header = person
        ? mockCredentials.user.header(`user:default/${person}`)
        : mockCredentials.none.header();
      return {
        get: url =>
          request(backend.server)
            .get(`/api/callgate${url}`)
            .set('Authorization', header),
        post: (url, body = {}) =>
          request(backend.server)
            .post(`/api/callgate${url}`)
            .set('Authorization', header)
            .send(body),
      };
    },
    stop: async () => {
      await backend.stop();
      await database.destroy();
      if (!options.directory) {
        fs.rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

/** A database of its own: those that Backstage opens for SQLite stay open, and with them the process. */
function openDatabase(): Knex {
  return createKnex({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
    pool: {
      afterCreate: (
        connection: { pragma(text: string): void },
        done: (error: Error | null, connection: unknown) => void,
      ) => {
        connection.pragma('foreign_keys = ON');
        // eslint-disable-next-line no-restricted-syntax -- what the pool expects
        done(null, connection);
      },
    },
  });
}

/** A catalog that has what the list has at the moment of each call, and shows each person their part of it. */
function changingCatalog(
  entities: Entity[],
  hides: (person: string, entityRef: string) => boolean = () => false,
  onCall: (method: string, args: unknown[]) => void = () => {},
): BackendFeature {
  const seenBy = (args: unknown[]) => {
    const [, options] = args as [
      unknown,
      { credentials?: BackstageCredentials },
    ];
    const { userEntityRef: person } = (options?.credentials?.principal ??
      {}) as Partial<BackstageUserPrincipal>;
    return person
      ? entities.filter(entity => !hides(person, stringifyEntityRef(entity)))
      : entities;
  };
  return createServiceFactory({
    service: catalogServiceRef,
    deps: {},
    factory: () =>
      new Proxy({} as CatalogService, {
        get: (_, method) =>
          // Nothing else, so that nobody takes it for a promise.
          method in catalogServiceMock() &&
          (async (...args: unknown[]) => {
            onCall(String(method), args);
            const catalog = catalogServiceMock({ entities: seenBy(args) });
            return Reflect.get(catalog, method).apply(catalog, args);
          }),
      }),
  });
}

/** Asks again and again until the answer fits, or says what it was last. */
export async function eventually<T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
): Promise<T> {
  let answer = await ask();
  for (let attempt = 0; attempt < 100 && !fits(answer); attempt++) {
    await new Promise(resolve => setTimeout(resolve, 100));
    answer = await ask();
  }
  if (!fits(answer)) {
    throw new Error(
      `It never came to that. Last answer: ${JSON.stringify(answer).slice(
        0,
        2000,
      )}`,
    );
  }
  return answer;
}
