import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import callgate from '@callgate/plugin-callgate-backend';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { CATALOG, ESTATE, PROFILE } from './__testUtils__/smallShop';
import { TestGithub } from './__testUtils__/TestGithub';
import github from './index';

jest.setTimeout(60_000);

const TOKEN = 'ghp_averysecrettokenthatnobodymaysee';
const POLICY = 'policies/default/orders.yaml';
const DRAFT = {
  api: 'api:default/orders',
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }],
  reason: 'order status',
};

describe('the main job on GitHub', () => {
  let root: string;
  let forge: TestGithub;
  let server: Parameters<typeof request>[0];
  const scheduler = mockServices.scheduler();
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  const logged: string[] = [];

  beforeEach(async () => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-github-job-'));
    fs.mkdirSync(path.join(root, 'estate'));
    fs.writeFileSync(path.join(root, 'estate/all.yaml'), ESTATE);
    forge = await TestGithub.start(path.join(root, 'server'), {
      token: TOKEN,
      files: { 'profiles/prod.yaml': PROFILE },
    });
    logged.length = 0;
    const log = (...texts: unknown[]) => {
      logged.push(
        texts
          .map(text =>
            text instanceof Error ? `${text.stack}` : JSON.stringify(text),
          )
          .join(' '),
      );
    };
    const logger = mockServices.logger.mock({
      warn: log,
      error: log,
      info: log,
    });
    logger.child.mockReturnValue(logger);
    const backend = await startTestBackend({
      features: [
        callgate,
        github,
        // A database that Backstage opens for SQLite stays open, and with it the process.
        mockServices.database.factory({
          knex: await databases.init('SQLITE_3'),
        }),
        catalogServiceMock.factory({ entities: CATALOG }),
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
              dataDirectory: path.join(root, 'data'),
              policyRepository: {
                forge: 'github',
                url: forge.url,
                reviewers: ['team:platform'],
              },
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
    server = backend.server;
  });
  afterEach(async () => {
    await forge.stop();
    fs.rmSync(root, { recursive: true, force: true });
  });

  const as = (person: string) => ({
    get: (url: string) =>
      request(server)
        .get(`/api/callgate${url}`)
        .set(
          'Authorization',
          mockCredentials.user.header(`user:default/${person}`),
        ),
    post: (url: string, body: object = {}) =>
      request(server)
        .post(`/api/callgate${url}`)
        .set(
          'Authorization',
          mockCredentials.user.header(`user:default/${person}`),
        )
        .send(body),
  });

  async function approved(): Promise<string> {
    const preview = await as('priya').post('/previews', DRAFT);
    expect(preview.body.send).toEqual({ allowed: true });
    const { digest } = preview.body;
    const sent = await as('priya').post('/requests', { ...DRAFT, digest });
    expect(sent.status).toBe(201);
    const decided = await as('omar').post(`/requests/${sent.body.id}/approve`, {
      digest,
    });
    expect(decided.status).toBe(200);
    return sent.body.id;
  }

  const stateOf = async (id: string) =>
    (await as('priya').get(`/requests/${id}`)).body.state;

  it('ends in a pull request, and with its merge in the declaration', async () => {
    const id = await approved();
    await scheduler.triggerTask('build-proposals');
    expect(await stateOf(id)).toBe('proposed');
    const [pull] = forge.pulls;
    expect(pull).toMatchObject({
      branch: 'callgate/default/orders',
      base: 'main',
      title: 'Access to orders: checkout',
      requested: ['team:platform'],
    });
    expect(pull.body).toContain('### Effective access before and after');
    expect(
      forge.repository
        .git(['diff', '--name-only', 'main...callgate/default/orders'])
        .split('\n'),
    ).toEqual([
      'clusters/prod/shop/callgate-orders.yaml',
      expect.stringMatching(
        /^policies\/\.receipts\/default\/orders\/[0-9a-f]{64}\.json$/,
      ),
      POLICY,
    ]);
    const { items } = (await as('priya').get('/proposals')).body;
    expect(items[0]).toMatchObject({
      state: 'open',
      number: 1,
      forge: 'github',
      url: `${forge.url}/pull/1`,
    });

    // The portal neither reviews nor merges what has pages of its own.
    const refused = await as('omar').post(`/proposals/${items[0].id}/merge`, {
      head: forge.repository.head('callgate/default/orders'),
    });
    expect(refused.status).toBe(403);

    forge.merge(1, 'petra');
    await scheduler.triggerTask('sync-proposals');
    expect(await stateOf(id)).toBe('merged');
    const access = await as('omar').get('/apis/default/orders');
    expect(access.body.source.commit).toBe(forge.repository.head('main'));
    expect(access.body.callers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          grants: [expect.objectContaining({ status: 'granted', request: id })],
        }),
      ]),
    );
    expect(logged.join('\n')).not.toContain(TOKEN);
  });

  const BRANCH = 'callgate/default/orders';
  const statuses = () =>
    forge.statuses.map(({ sha, context, state }) => [sha, context, state]);

  /** Somebody with the right to write pushes a commit onto the branch. */
  function pushedBySomebody(): string {
    const { repository } = forge;
    const head = repository.head(BRANCH)!;
    const tree = repository.git(['rev-parse', `main^{tree}`]);
    const commit = repository.commit(tree, [head], 'By hand');
    repository.git(['update-ref', `refs/heads/${BRANCH}`, commit, head]);
    return commit;
  }

  it('says of the head that it built, and in the description, that this is what was proved', async () => {
    await approved();
    await scheduler.triggerTask('build-proposals');
    const head = forge.repository.head(BRANCH);
    expect(statuses()).toEqual([[head, 'callgate/meaning', 'success']]);
    expect(forge.pull(1).body).toContain(`This describes commit \`${head}\``);
  });

  it('says of a head that somebody else pushed that it was not built, and the page shows it', async () => {
    await approved();
    await scheduler.triggerTask('build-proposals');
    const built = forge.repository.head(BRANCH)!;
    const pushed = pushedBySomebody();
    const [{ id }] = (await as('priya').get('/proposals')).body.items;
    const page = (await as('priya').get(`/proposals/${id}`)).body;
    expect(page).toMatchObject({
      head: built,
      drift: { built, found: pushed },
    });

    await scheduler.triggerTask('sync-proposals');
    expect(statuses()).toEqual([
      [built, 'callgate/meaning', 'success'],
      [pushed, 'callgate/meaning', 'failure'],
    ]);
    expect(forge.statuses[1].description).toMatch(/Somebody else pushed/);

    await scheduler.triggerTask('build-proposals');
    expect(forge.repository.head(BRANCH)).toBe(built);
    const mended = (await as('priya').get(`/proposals/${id}`)).body;
    expect(mended.drift).toBeUndefined();
  });

  it('takes its word back where what it built can no longer be proved', async () => {
    await approved();
    await scheduler.triggerTask('build-proposals');
    const built = forge.repository.head(BRANCH);
    fs.writeFileSync(
      path.join(root, 'estate/broken.yaml'),
      'kind: Deployment\nmetadata: [\n',
    );
    await scheduler.triggerTask('refresh-estate');
    pushedBySomebody();
    await scheduler.triggerTask('sync-proposals');
    await scheduler.triggerTask('build-proposals');
    expect(statuses()).toContainEqual([built, 'callgate/meaning', 'failure']);
  });

  it('is proposed although the credentials may not set a status', async () => {
    const id = await approved();
    forge.break({ method: 'POST', path: '/statuses/', status: 403 });
    await scheduler.triggerTask('build-proposals');
    expect(await stateOf(id)).toBe('proposed');
    expect(logged.join('\n')).toContain('The status callgate/meaning');
  });

  it('is declined when somebody closes the pull request', async () => {
    const id = await approved();
    await scheduler.triggerTask('build-proposals');
    forge.close(1, 'Not before the audit.');
    await scheduler.triggerTask('sync-proposals');
    const read = (await as('priya').get(`/requests/${id}`)).body;
    expect(read.state).toBe('declined');
    expect(read.timeline.at(-1)).toMatchObject({
      reason: 'Not before the audit.',
    });
  });

  it('has what people say on the pull request in the timeline of its request, as it is there', async () => {
    const id = await approved();
    await scheduler.triggerTask('build-proposals');
    const { comments, lines } = forge.pull(1);
    const at = '2026-11-02T10:00:00Z';
    comments.push({ id: 5, login: 'petra', body: 'Why? @omar', at });
    lines.push({ id: 6, login: 'sven', body: 'Too wide', at, path: POLICY });
    const said = async () => {
      await scheduler.triggerTask('sync-proposals');
      return (await as('priya').get(`/requests/${id}`)).body.said;
    };
    expect(await said()).toEqual(
      expect.arrayContaining([
        {
          ...{ id: expect.any(String), at: '2026-11-02T10:00:00.000Z' },
          ...{ by: 'petra', forge: 'github', number: 1, text: 'Why? @omar' },
          link: `${forge.url}/pull/1#5`,
        },
        expect.objectContaining({ by: 'sven', file: POLICY }),
      ]),
    );
    comments[0].body = 'Why not less?';
    lines.pop();
    expect(await said()).toEqual([
      expect.objectContaining({ by: 'petra', text: 'Why not less?' }),
    ]);
    // What cannot be read now is there all the same, and nothing else stops.
    forge.break({ path: '/issues/1/comments', status: 403 });
    forge.merge(1, 'petra');
    expect(await said()).toHaveLength(1);
    expect(await stateOf(id)).toBe('merged');
    expect(logged.join('\n')).toContain('What was said on the pull request');
  });

  it('waits while GitHub does not work, keeps the approval and opens nothing', async () => {
    const id = await approved();
    forge.break({ path: 'policies', status: 503 });
    await scheduler.triggerTask('build-proposals');
    expect(await stateOf(id)).toBe('approved');
    const page = (await as('priya').get('/apis/default/orders')).body;
    expect(page.api.ref).toBe('api:default/orders');
    expect(page.openRequests.map((each: { id: string }) => each.id)).toEqual([
      id,
    ]);
    forge.mend();
    expect(forge.pulls).toHaveLength(0);
    expect(logged.join('\n')).not.toContain(TOKEN);
  });

  it('goes by the last rules that could be read, although only the newest commit was fetched', async () => {
    const { repository } = forge;
    const index = { GIT_INDEX_FILE: path.join(root, 'rules.index') };
    const push = (text: string) => {
      const head = repository.head('main')!;
      repository.git(['read-tree', head], undefined, index);
      const blob = repository.git(['hash-object', '-w', '--stdin'], text);
      const entry = `100644,${blob},approvals.yaml`;
      repository.git(
        ['update-index', '--add', '--cacheinfo', entry],
        undefined,
        index,
      );
      const tree = repository.git(['write-tree'], undefined, index);
      const commit = repository.commit(tree, [head], 'Rules');
      repository.git(['update-ref', 'refs/heads/main', commit]);
    };
    const rules = `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
    - name: watched
      when: api.name == 'orders'
      needs: [{ group: security }]
      examples:
        hold: [{ api: { name: orders } }]
        not: [{ api: { name: stock } }]
`;
    push(rules);
    push(rules.replace('==', '==='));
    push(`${rules.replace('==', '===')}# Again\n`);
    const { body } = await as('priya').post('/previews', DRAFT);
    // There is no such group here: that it is asked for is enough.
    expect(body.send).toEqual({
      allowed: false,
      reason: expect.stringContaining('The rule watched asks for 1 of'),
    });
  });
});
