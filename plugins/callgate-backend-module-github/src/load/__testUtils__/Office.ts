import {
  type BackendFeature,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import fs from 'node:fs';
import path from 'node:path';
import { type Knex, knex as createKnex } from 'knex';
import request from 'supertest';
import { TestGithub } from '../../__testUtils__/TestGithub';
import { PROFILE } from '../../__testUtils__/smallShop';
import github from '../../index';
import { claimsOf, estate, readCatalog } from './company';

const TOKEN = 'ghp_tokenoftheloadrunthatnobodymaysee';

/** One backend of several; they share a database and a forge, and nothing else. */
export interface Replica {
  get(person: string, url: string): request.Test;
  post(person: string, url: string, body: object): request.Test;
  /** Runs a task of this backend now, whether the other one does too. */
  run(task: string): Promise<void>;
}

/** Backends on one PostgreSQL and one GitHub. */
export class Office {
  static async open(options: {
    root: string;
    /** Connection string of a PostgreSQL in which databases can be made. */
    postgres: string;
    replicas: number;
    /** The plugin. */
    callgate: BackendFeature;
  }): Promise<Office> {
    const { root, postgres, replicas, callgate } = options;
    fs.mkdirSync(path.join(root, 'estate'), { recursive: true });
    fs.writeFileSync(path.join(root, 'estate/all.yaml'), estate());
    const forge = await TestGithub.start(path.join(root, 'server'), {
      token: TOKEN,
      files: { 'profiles/prod.yaml': PROFILE },
    });
    const database = `callgate_load_${process.pid}`;
    const admin = createKnex({ client: 'pg', connection: postgres });
    await admin.raw('create database ??', [database]);
    const url = new URL(postgres);
    url.pathname = `/${database}`;
    const office = new Office(forge, admin, database, callgate);
    for (let index = 0; index < replicas; index += 1) {
      office.replicas.push(await office.#start(root, index, url.href));
    }
    return office;
  }

  readonly replicas: Replica[] = [];
  readonly #clients: Knex[] = [];
  readonly #stops: (() => Promise<void>)[] = [];
  /** What backends logged as errors. */
  readonly errors: string[] = [];

  private constructor(
    readonly forge: TestGithub,
    private readonly admin: Knex,
    private readonly database: string,
    private readonly callgate: BackendFeature,
  ) {}

  /** The database, for what no route says. */
  get client(): Knex {
    return this.#clients[0];
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) await stop();
    for (const client of this.#clients) await client.destroy();
    await this.forge.stop();
    await this.admin.raw('drop database ?? with (force)', [this.database]);
    await this.admin.destroy();
  }

  async #start(root: string, index: number, url: string): Promise<Replica> {
    const client = createKnex({ client: 'pg', connection: url });
    this.#clients.push(client);
    const scheduler = mockServices.scheduler();
    const logger = mockServices.logger.mock({
      error: (text, error) => {
        this.errors.push(`${text} ${error ? JSON.stringify(error) : ''}`);
      },
    });
    logger.child.mockReturnValue(logger);
    const { forge } = this;
    const backend = await startTestBackend({
      features: [
        this.callgate,
        github,
        mockServices.database.factory({ knex: client }),
        catalogServiceMock.factory({ entities: readCatalog() }),
        createServiceFactory({
          service: coreServices.logger,
          deps: {},
          factory: () => logger,
        }),
        createServiceFactory({
          service: coreServices.scheduler,
          deps: {},
          factory: () => scheduler,
        }),
        createServiceFactory({
          service: coreServices.userInfo,
          deps: {},
          factory: () => ({
            async getUserInfo({ principal }) {
              const { userEntityRef } = principal as { userEntityRef: string };
              return {
                userEntityRef,
                ownershipEntityRefs: claimsOf(userEntityRef),
              };
            },
          }),
        }),
        mockServices.rootConfig.factory({
          data: {
            integrations: {
              github: [
                {
                  host: forge.origin.replace('http://', ''),
                  apiBaseUrl: `${forge.origin}/api/v3`,
                  token: TOKEN,
                },
              ],
            },
            callgate: {
              // Clones are of each backend alone.
              dataDirectory: path.join(root, `data-${index}`),
              policyRepository: { forge: 'github', url: forge.url },
              platformTeam: 'group:default/platform',
              estate: {
                manifests: [
                  { cluster: 'prod', path: path.join(root, 'estate') },
                ],
              },
            },
          },
        }),
      ],
    });
    this.#stops.push(() => backend.stop());
    const { server } = backend;
    const header = (person: string) => mockCredentials.user.header(person);
    return {
      get: (person, to) =>
        request(server)
          .get(`/api/callgate${to}`)
          .set('Authorization', header(person)),
      post: (person, to, body) =>
        request(server)
          .post(`/api/callgate${to}`)
          .set('Authorization', header(person))
          .send(body),
      run: task => scheduler.triggerTask(task),
    };
  }
}
