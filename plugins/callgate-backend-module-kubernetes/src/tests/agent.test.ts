import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  digestOfFiles,
  runAgent,
  type Credentials,
} from '@callgate/cluster-reader';
import {
  ApiStub,
  CORE,
  object,
  ownedBy,
  served,
} from '@callgate/cluster-reader/testUtils';
import type { EstateFile, EstatePush } from '@callgate/plugin-callgate-node';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { emptyTables, testDatabases } from '../__testUtils__/databases';
import {
  AGENTS,
  startPortal,
  tokenOf,
  type RunningPortal,
} from '../__testUtils__/portal';
import { fileOf, pushOf, service, SESSION } from '../__testUtils__/pushes';
import { DatabasePushes, Overtaken } from '../agents/DatabasePushes';
import { LiveEstateSource } from '../LiveEstateSource';
import { DatabaseLeases } from '../snapshots/DatabaseLeases';
import { DatabaseSnapshots } from '../snapshots/DatabaseSnapshots';
import { CONTENTS, LEASES, SNAPSHOTS } from '../snapshots/rows';

jest.setTimeout(120_000);

/** Fast, so that nobody waits. */
const OFTEN = { aliveMs: 50, settleMs: 10, endMs: 2_000 };

const template = (app: string) => ({
  metadata: { labels: { app } },
  spec: {
    serviceAccountName: app,
    containers: [
      {
        name: 'app',
        image: 'app:1',
        ports: [{ containerPort: 8080 }],
        env: [{ name: 'PASSWORD', value: 'hunter2' }],
        args: ['--secret=hunter2'],
      },
    ],
  },
});

/** A cluster with something of each form. */
function fill(stub: ApiStub): void {
  stub.set(
    'namespaces',
    object('shop', { metadata: { labels: { a: 'b' } } }, ''),
  );
  stub.set('services', object('orders', { spec: { selector: { app: 'o' } } }));
  stub.set('services', object('other', { spec: {} }, 'elsewhere'));
  stub.set('secrets', object('key', { data: { password: 'aHVudGVyMg==' } }));
  stub.set(
    'deployments',
    object('orders', {
      spec: {
        replicas: 5,
        selector: { matchLabels: { app: 'orders' } },
        template: template('orders'),
      },
    }),
  );
  for (const name of ['a', 'b', 'c'])
    stub.set(
      'pods',
      object(`orders-${name}`, {
        metadata: { labels: { app: 'orders' }, ...ownedBy('ReplicaSet', 'o') },
        spec: template('orders').spec,
        status: { phase: 'Running' },
      }),
    );
  stub.set(
    'networkpolicies',
    object('closed', {
      spec: {
        podSelector: {},
        ingress: [
          { from: [{ podSelector: { matchLabels: { app: 'ü"\\' } } }] },
        ],
      },
    }),
  );
}

describe('an agent in a cluster that the portal does not reach', () => {
  const databases = testDatabases();
  describe.each(databases.eachSupportedId())('%p', id => {
    let client: Knex;
    let stub: ApiStub;
    let portal: RunningPortal | undefined;
    const ends: (() => Promise<unknown>)[] = [];

    beforeAll(async () => {
      client = await databases.init(id);
    });
    beforeEach(async () => {
      stub = await ApiStub.start(CORE);
      fill(stub);
    });
    afterEach(async () => {
      for (const end of ends.splice(0)) await end();
      await portal?.stop();
      portal = undefined;
      await stub.stop();
      await emptyTables(client);
    });

    const credentials = (): Credentials => ({
      type: 'token',
      url: stub.url,
      token: 'of-the-cluster',
      skipTLSVerify: false,
    });

    /** As `callgate agent` runs it. */
    function agent(
      to: string,
      {
        token = () => tokenOf('external:prod-agent'),
        cluster = 'prod',
      }: { token?: () => string; cluster?: string } = {},
    ) {
      const said: string[] = [];
      const stopped = new AbortController();
      const running = runAgent(
        {
          ...{ cluster, to, token, exclude: [], timings: OFTEN },
          credentials: credentials(),
          say: text => said.push(text),
        },
        stopped.signal,
      );
      const stop = async () => {
        stopped.abort();
        await running;
      };
      ends.push(stop);
      return { said, stop };
    }

    /** What the module itself reads of the same cluster. */
    async function readHere(): Promise<EstateFile[]> {
      const source = new LiveEstateSource({
        configured: {
          clusters: [
            {
              name: 'prod',
              credentials: credentials(),
              exclude: [],
              resyncMs: 3_600_000,
            },
          ],
          agents: [],
          refused: [],
          notes: [],
        },
      });
      source.start();
      while ((await source.read()).problems.length > 0) await setTimeout(5);
      const { clusters } = await source.read();
      await source.stop();
      return clusters[0].files;
    }

    /** Another replica, which has no agent of its own. */
    function replica(): LiveEstateSource {
      const leases = DatabaseLeases.create({ client });
      const source = new LiveEstateSource({
        configured: {
          clusters: [],
          agents: [{ name: 'prod', subject: 'external:prod-agent' }],
          refused: [],
          notes: [],
        },
        shared: {
          leases,
          snapshots: DatabaseSnapshots.create({ client, leases }),
          timings: { pollMs: 10, leaseMs: 0, renewMs: 0, settleMs: 0 },
          onFailure: () => undefined,
        },
      });
      source.start();
      ends.push(() => source.stop());
      return source;
    }

    const filesOf = async (source: LiveEstateSource) =>
      (await source.read()).clusters[0]?.files;
    const post = (body: object, token = tokenOf('external:prod-agent')) =>
      request(portal!.url)
        .post('/api/callgate/estates/prod')
        .set('Authorization', `Bearer ${token}`)
        .send(body);

    it('has every replica see the same bytes as if the portal read the cluster itself, and every change', async () => {
      portal = await startPortal(client);
      agent(portal.url);
      const other = replica();
      while ((await other.read()).problems.length > 0) await setTimeout(10);
      const own = await readHere();
      expect(own.map(({ path }) => path)).toEqual([
        'prod/deployments/shop.yaml',
        'prod/namespaces.yaml',
        'prod/networkpolicies/shop.yaml',
        'prod/pods/shop.yaml',
        'prod/services/elsewhere.yaml',
        'prod/services/shop.yaml',
      ]);
      expect(await filesOf(other)).toEqual(own);
      stub.set('services', object('payments'));
      stub.remove('services', object('other', {}, 'elsewhere'));
      const changed = await readHere();
      expect(changed).not.toEqual(own);
      while (JSON.stringify(await filesOf(other)) !== JSON.stringify(changed))
        await setTimeout(10);
      const stored = await client(CONTENTS).select('digest');
      expect(stored).toHaveLength(changed.length);
    });

    it('keeps what it has from everybody else: another cluster’s token, a user, no token, and names tell nothing', async () => {
      portal = await startPortal(client, {
        clusters: {
          ...AGENTS,
          read: { url: stub.url, serviceAccountToken: 't' },
        },
      });
      const body = pushOf({});
      const answers = async (token?: string) =>
        Promise.all(
          ['prod', 'read', 'nowhere'].map(async cluster => {
            const sent = request(portal!.url).post(
              `/api/callgate/estates/${cluster}`,
            );
            if (token) sent.set('Authorization', `Bearer ${token}`);
            const { status, body: answer } = await sent.send(body);
            return [status, answer.error.message];
          }),
        );
      for (const token of [
        tokenOf('external:other-agent'),
        tokenOf('external:unknown'),
        tokenOf('plugin:catalog'),
        mockCredentials.user.token('user:default/petra'),
      ]) {
        const [first, ...others] = await answers(token);
        expect(first).toEqual([
          403,
          expect.stringContaining('callgate.clusters has an entry'),
        ]);
        expect(others).toEqual([first, first]);
      }
      const none = await request(portal.url)
        .post('/api/callgate/estates/prod')
        .set('Authorization', mockCredentials.none.header())
        .send(body);
      expect(none.status).toBe(401);
      expect(await client(SNAPSHOTS).where({ cluster: 'prod' })).toEqual([]);
    });

    it('leaves a record of who sent what and who may not, and none of every sign of life', async () => {
      const auditor = mockServices.auditor.mock();
      const success = jest.fn();
      const fail = jest.fn();
      auditor.createEvent.mockResolvedValue({ success, fail });
      portal = await startPortal(client, { features: [auditor.factory] });
      const path = 'prod/services/shop.yaml';
      const push = pushOf({ [path]: fileOf(service('a')) });
      const { session, form, problems } = push;
      const { body: begun } = await post(push);
      const base = begun.version;
      const { body: taken } = await post({ ...push, base });
      const sign = { session, form, problems, base: taken.version };
      expect((await post(sign)).body.state).toBe('taken');
      const other = pushOf({ 'other/x.yaml': 'x' }, { base: taken.version });
      expect((await post(other)).status).toBe(400);
      await post({ session, form, problems, ends: true });
      await post(push, tokenOf('external:other-agent'));
      const meta = (actionType: string, subject = 'external:prod-agent') => ({
        ...{ actionType, cluster: 'prod', actor: subject },
      });
      const files = { files: 1, texts: 1, digest: push.total!.digest };
      const refused = { ...files, digest: other.total!.digest };
      expect(auditor.createEvent.mock.calls.map(([event]) => event)).toEqual(
        [
          ['medium', { ...meta('begin'), session, ...files }],
          ['low', { ...meta('send'), session, ...files }],
          ['low', { ...meta('send'), session, ...refused }],
          ['medium', { ...meta('end'), session }],
          ['medium', meta('send', 'external:other-agent')],
        ].map(([severityLevel, each]) => ({
          ...{ eventId: 'estate-mutate', severityLevel, meta: each },
        })),
      );
      const { version } = taken;
      expect(success.mock.calls.map(([{ meta: told }]) => told)).toEqual([
        { state: 'other-base', version: base },
        { state: 'taken', before: base, version, brought: [path] },
        { state: 'taken' },
      ]);
      expect(fail.mock.calls.map(([{ error }]) => error.name)).toEqual([
        'InputError',
        'NotAllowedError',
      ]);
    });

    it('may do nothing else with its token', async () => {
      portal = await startPortal(client);
      const token = tokenOf('external:prod-agent');
      const ask = (method: 'get' | 'post', path: string, body?: object) =>
        request(portal!.url)
          [method](`/api/callgate${path}`)
          .set('Authorization', `Bearer ${token}`)
          .send(body);
      const statuses: Record<string, number> = {};
      for (const path of [
        '/apis/default/orders',
        '/apis/default/orders/operations',
        '/approval-rules',
        '/callers/component/default/checkout',
        '/requests',
        '/requests/1',
        '/grants/x',
        '/reviews',
        '/exports/grants',
        '/exports/decisions',
        '/proposals',
        '/proposals/1',
        '/clusters',
        '/claims',
        '/declarations',
      ])
        statuses[path] = (await ask('get', path)).status;
      statuses['/requests/1/approve'] = (
        await ask('post', '/requests/1/approve', { digest: 'sha256:0' })
      ).status;
      statuses['/estates/other'] = (
        await ask('post', '/estates/other', pushOf({}))
      ).status;
      expect(new Set(Object.values(statuses))).toEqual(new Set([403]));
    });

    it('goes on where the backend was when it ends in the middle, and starts again', async () => {
      portal = await startPortal(client);
      const { url } = portal;
      const first = fileOf(service('orders'));
      const second = fileOf(service('payments', 'money'));
      const all = {
        'prod/services/money.yaml': second,
        'prod/services/shop.yaml': first,
      };
      const { body: begun } = await post(pushOf(all));
      expect(begun.state).toBe('other-base');
      const part = pushOf(all, { base: begun.version });
      const { body: half } = await post({ ...part, texts: [part.texts![0]] });
      expect(half).toMatchObject({
        state: 'missing',
        missing: [part.files![1].digest],
      });
      await portal.stop();
      portal = await startPortal(client);
      expect(portal.url).not.toBe(url);
      const { body: whole } = await post({ ...part, texts: [part.texts![1]] });
      expect(whole.state).toBe('taken');
      const other = replica();
      while (!(await filesOf(other))) await setTimeout(10);
      expect(await filesOf(other)).toEqual([
        { path: 'prod/services/money.yaml', text: second, observed: true },
        { path: 'prod/services/shop.yaml', text: first, observed: true },
      ]);
    });

    it('sends everything anew to a portal whose database forgot it, without being started again', async () => {
      portal = await startPortal(client);
      const { said } = agent(portal.url);
      const other = replica();
      while ((await other.read()).problems.length > 0) await setTimeout(10);
      const before = await filesOf(other);
      await emptyTables(client);
      while (
        JSON.stringify(await filesOf(other)) !== JSON.stringify(before) ||
        !(await client(SNAPSHOTS).first())?.manifest
      )
        await setTimeout(10);
      expect(said).toContain('The portal has what runs: 6 files.');
    });

    it('two agents for one cluster: the second waits, says so, and follows when the first has ended', async () => {
      portal = await startPortal(client);
      const one = agent(portal.url);
      while (!one.said.some(text => /has what runs/.test(text)))
        await setTimeout(10);
      const two = agent(portal.url);
      while (!two.said.some(text => /Another agent sends/.test(text)))
        await setTimeout(10);
      expect(two.said.join()).toContain('when that one has been silent');
      await one.stop();
      while (!two.said.some(text => /has what runs/.test(text)))
        await setTimeout(10);
    });

    it('an agent that was silent for a minute is followed, and has to wait itself when it comes back', async () => {
      portal = await startPortal(client);
      const first = pushOf({ 'prod/services/shop.yaml': fileOf(service('a')) });
      const second = { ...first, session: randomUUID() };
      const { body: begun } = await post(first);
      const base = begun.version;
      expect((await post({ ...first, base })).body.state).toBe('taken');
      const { status, body } = await post({ ...second, base });
      expect([status, body.error.code]).toEqual([409, 'estate-held']);
      const minute = 'leased_until - 60000';
      await client(LEASES).update({ leased_until: client.raw(minute) });
      const follows = await post({ ...second, base });
      expect([follows.status, follows.body.state]).toEqual([200, 'other-base']);
      expect((await post(first)).status).toBe(409);
      // What the first had said is there as before.
      const { body: same } = await post({
        ...second,
        base: follows.body.version,
      });
      expect(same).toEqual({
        ...{ state: 'taken', version: follows.body.version, missing: [] },
      });
    });

    it('a message that comes late does not undo what came after it', async () => {
      portal = await startPortal(client);
      const at = 'prod/services/shop.yaml';
      const old = pushOf({ [at]: fileOf(service('a')) });
      const { body: begun } = await post(old);
      const late = { ...old, base: begun.version };
      await post(late);
      const { version } = await client(SNAPSHOTS).first();
      const fresh = pushOf({ [at]: fileOf(service('b')) }, { base: version });
      const { body: now } = await post(fresh);
      expect(now.state).toBe('taken');
      const { body } = await post(late);
      expect(body).toEqual({
        ...{ state: 'other-base', version: now.version, missing: [] },
      });
    });

    it('a text does not come as that of one file and stay as that of another', async () => {
      portal = await startPortal(client);
      const text = fileOf(service('a'));
      const held = pushOf({ 'prod/services/shop.yaml': text });
      const { body: begun } = await post(held);
      const { body: taken } = await post({ ...held, base: begun.version });
      const moved = pushOf(
        { 'prod/services/bank.yaml': text },
        { base: taken.version, texts: [] },
      );
      const { status, body } = await post(moved);
      expect([status, body.error?.message]).toEqual([
        400,
        'prod/services/bank.yaml has Service a, whose namespace is another.',
      ]);
    });

    it('takes no more than 512 MiB in all, neither with the last texts nor before them', async () => {
      portal = await startPortal(client);
      const most = 512 * 1024 * 1024;
      const texts = ['bank', 'shop', 'zoo'].map(namespace =>
        fileOf(service('ü', namespace)),
      );
      const [bank, shop] = texts.map(text => Buffer.byteLength(text));
      const all = pushOf({
        'prod/services/bank.yaml': texts[0],
        'prod/services/shop.yaml': texts[1],
        'prod/services/zoo.yaml': texts[2],
      });
      const { body: begun } = await post(all);
      const bring = (index: number) =>
        post({ ...all, base: begun.version, texts: [all.texts![index]] });
      await bring(0);
      const { digest } = all.texts![0];
      const stored = () => client(CONTENTS).where({ digest });
      expect(await stored().first()).toMatchObject({ bytes: bank });
      const tooLarge = [400, 'What the cluster has is more than 512 MiB.'];
      const told = async (index: number) => {
        const { status, body } = await bring(index);
        const { message = '' } = body.error ?? {};
        return [
          status,
          message.replace(' Leave namespaces out with --exclude.', ''),
        ];
      };
      // As if it were as large as that.
      await stored().update({ bytes: most - shop + 1 });
      expect(await told(1)).toEqual(tooLarge);
      expect(await client(CONTENTS)).toHaveLength(1);
      await stored().update({ bytes: most - shop });
      expect(await told(1)).toEqual([200, '']);
      expect(await told(2)).toEqual(tooLarge);
      expect(await client(CONTENTS)).toHaveLength(2);
      const { version, manifest } = await client(SNAPSHOTS).first();
      expect([version, manifest]).toEqual([begun.version, null]);
    });

    it('replaces nothing where a text is gone that another message took away meanwhile', async () => {
      const leases = DatabaseLeases.create({ client });
      const lease = (await leases.hold('prod', SESSION, 60_000))!;
      const settings = 's';
      const snapshots = DatabaseSnapshots.create({ client, leases });
      const base = (await snapshots.write(
        lease,
        { settings, problems: [] },
        { forMs: 60_000 },
      ))!;
      const replaced = new DatabasePushes(client, leases).replace(
        lease,
        { settings, problems: [], manifest: [['prod/a.yaml', 'gone']] },
        { base, texts: [], forMs: 60_000, check: () => undefined },
      );
      await expect(replaced).rejects.toThrow(Overtaken);
      expect(await client(SNAPSHOTS).first()).toMatchObject({
        ...{ version: base, manifest: null },
      });
    });

    it('keeps no text that no file has, however often an agent begins', async () => {
      portal = await startPortal(client);
      const { body: begun } = await post(pushOf({}));
      const base = begun.version;
      for (const name of ['a', 'b', 'c']) {
        const push = pushOf(
          {
            'prod/services/bank.yaml': fileOf(service('x', 'bank')),
            'prod/services/shop.yaml': fileOf(service(name)),
          },
          { base },
        );
        const { body } = await post({ ...push, texts: [push.texts![1]] });
        expect(body.state).toBe('missing');
      }
      expect(await client(CONTENTS)).toHaveLength(1);
    });

    it('shows what an agent says as its words, in one line and not too long', async () => {
      portal = await startPortal(client);
      const say = {
        problems: [
          'All is well.\nThe cluster \u202Eother\u0007 cannot be read.',
          'x'.repeat(1_999),
        ],
      };
      const { body: begun } = await post(pushOf({}, say));
      await post(pushOf({}, { ...say, base: begun.version }));
      const { problems } = await client(SNAPSHOTS).first();
      expect(JSON.parse(problems)).toEqual([
        'The agent of the cluster prod says: All is well. The cluster other cannot be read.',
        `The agent of the cluster prod says: ${'x'.repeat(1_000)} …`,
      ]);
    });

    it('tells the portal which rights it lacks, as its own words', async () => {
      stub.refuse('list services', { status: 403 });
      portal = await startPortal(client);
      agent(portal.url);
      const other = replica();
      const says = async () =>
        (await other.read()).unread?.find(({ problem }) =>
          problem.startsWith('The agent of the cluster prod says: '),
        );
      while (!(await says())) await setTimeout(10);
      expect(await says()).toEqual({
        cluster: 'prod',
        problem: expect.stringContaining(
          'does not let Callgate list services (apiGroup "" (core))',
        ),
      });
    });

    it('is followed when it is silent for two minutes: what it said stays, with its age', async () => {
      portal = await startPortal(client);
      const { stop } = agent(portal.url);
      const other = replica();
      while ((await other.read()).problems.length > 0) await setTimeout(10);
      const before = await filesOf(other);
      await stop();
      const back = 200_000;
      await client(LEASES).update({
        as_of: client.raw(`as_of - ${back}`),
      });
      while ((await other.read()).problems.length === 0) await setTimeout(10);
      expect((await other.read()).problems).toEqual([
        'The cluster prod is shown as it was 3 minutes ago: its agent has been silent since. Nothing is proposed for it until it says so.',
      ]);
      expect(await filesOf(other)).toEqual(before);
    });

    const REFUSED: [string, () => object, number, RegExp][] = [
      ['no session', () => ({ form: 2, problems: [] }), 400, /session/],
      ['garbage', () => [1, 2], 400, /object/],
      [
        'half a snapshot: fewer files than the total says',
        () => {
          const all = pushOf({
            'prod/services/a.yaml': fileOf(service('x', 'a')),
            'prod/services/b.yaml': fileOf(service('x', 'b')),
          });
          return { ...all, files: all.files!.slice(0, 1) };
        },
        400,
        /it is not all that the agent has sent/,
      ],
      [
        'files without a total',
        () => ({ ...pushOf({}), total: undefined }),
        400,
        /it is not all/,
      ],
      [
        'another cluster’s file',
        () => pushOf({ 'other/services/shop.yaml': fileOf(service('x')) }),
        400,
        /"other\/services\/shop.yaml" is not of the cluster prod/,
      ],
      ...[
        'prod/../other/services.yaml',
        'prod/services/../../x.yaml',
        'prod//services.yaml',
        'prod/services/shop.yaml\u0000',
        'prod/services/Shop.yaml',
        'prod/services/shop.json',
        '/etc/passwd',
        'prod/services/a/b.yaml',
      ].map((path): [string, () => object, number, RegExp] => [
        `the name ${JSON.stringify(path)}`,
        () => pushOf({ [path]: fileOf(service('x')) }),
        400,
        /is (no name of a file|not of the cluster)/,
      ]),
      [
        'one text as that of two files, which would be read twenty thousand times',
        () => {
          const text = fileOf(service('a'));
          return pushOf({
            'prod/services/shop.yaml': text,
            'prod/servicez/shop.yaml': text,
          });
        },
        400,
        /servicez\/shop\.yaml has the text of prod\/services\/shop\.yaml/,
      ],
      [
        'a wrong hash',
        () => {
          const push = pushOf({ 'prod/services/shop.yaml': 'x' });
          push.texts![0].text = fileOf(service('x'));
          return push;
        },
        400,
        /prod\/services\/shop\.yaml is not the one that its SHA-256 is of/,
      ],
      [
        'a text of no file',
        () => ({
          ...pushOf({}),
          texts: pushOf({ 'prod/a.yaml': 'x' }).texts,
        }),
        400,
        /No file that is named has the text/,
      ],
      [
        'another form',
        () => pushOf({}, { form: 999 }),
        400,
        /newer than the portal: it sends form 999, and the portal takes 2\. Update the portal, or/,
      ],
      [
        'too many problems',
        () => pushOf({}, { problems: Array(51).fill('x') }),
        400,
        /problems/,
      ],
    ];
    it.each(REFUSED)(
      'refuses %s, and takes nothing',
      async (_, make, status, message) => {
        portal = await startPortal(client);
        const held = pushOf({
          'prod/services/shop.yaml': fileOf(service('a')),
        });
        const { body: begun } = await post(held);
        await post({ ...held, base: begun.version });
        const before = await client(SNAPSHOTS).first();
        const texts = await client(CONTENTS);
        const bad = make();
        const { status: got, body } = await post(
          Array.isArray(bad) ? bad : { ...bad, base: before.version },
        );
        expect([got, body.error?.message]).toEqual([
          status,
          expect.stringMatching(message),
        ]);
        expect(await client(SNAPSHOTS).first()).toEqual(before);
        expect(await client(CONTENTS)).toEqual(texts);
      },
    );

    const LEFT_OUT: [string, () => EstatePush, RegExp][] = [
      [
        'a Secret',
        () =>
          pushOf({
            'prod/secrets/shop.yaml': fileOf({
              ...service('key'),
              kind: 'Secret',
              data: { password: 'aHVudGVyMg==' },
            }),
          }),
        /^has an object of a kind that is not read: Secret/,
      ],
      [
        'a Secret among Services',
        () =>
          pushOf({
            'prod/services/shop.yaml': fileOf(service('a'), {
              ...service('b'),
              kind: 'Secret',
            }),
          }),
        /kind that is not read: Secret/,
      ],
      [
        'a ConfigMap that is not the mesh’s',
        () =>
          pushOf({
            'prod/configmaps/istio-system.yaml': fileOf({
              ...service('other', 'istio-system'),
              kind: 'ConfigMap',
              spec: undefined,
              data: { mesh: '' },
            }),
          }),
        /ConfigMap other, which is not read/,
      ],
      [
        'an object of another namespace',
        () => pushOf({ 'prod/services/shop.yaml': fileOf(service('a', 'b')) }),
        /Service a, whose namespace is another/,
      ],
      [
        'variables of a container',
        () =>
          pushOf({
            'prod/deployments/shop.yaml': fileOf({
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              metadata: { name: 'a', namespace: 'shop' },
              spec: { template: template('a') },
            }),
          }),
        /^has more than is kept of its objects/,
      ],
      [
        'a key that is there twice',
        () =>
          pushOf({
            'prod/services/shop.yaml': fileOf(service('a')).replace(
              '"kind":"Service"',
              '"kind":"Service","kind":"Service"',
            ),
          }),
        /or is written in another way/,
      ],
      [
        'a text that is nested without end',
        () =>
          pushOf({
            'prod/services/shop.yaml': `${'['.repeat(20_000)}${']'.repeat(
              20_000,
            )}`,
          }),
        /nested more than 100 levels/,
      ],
      [
        'no JSON',
        () => pushOf({ 'prod/services/shop.yaml': 'a: b' }),
        /^is not JSON$/,
      ],
      [
        'what is larger than 16 MiB',
        () => pushOf({ 'prod/services/shop.yaml': 'x'.repeat(2 ** 24 + 1) }),
        /^is larger than 16 MiB$/,
      ],
      [
        'one object that is nested too deep',
        () => {
          let spec = {};
          for (let level = 1; level < 100; level += 1) spec = { a: spec };
          return pushOf({
            'prod/services/shop.yaml': fileOf({ ...service('a'), spec }),
          });
        },
        /nested more than 100 levels/,
      ],
      [
        'a note that is none of the reader’s',
        () =>
          pushOf({
            'prod/services/shop.yaml': fileOf({
              apiVersion: 'callgate.dev/v1alpha1',
              kind: 'NotRead',
              metadata: { name: 'services', namespace: 'shop' },
              spec: {
                leftOut: [{ count: 1, names: ['a', 'b'], reason: 'too-deep' }],
              },
            }),
          }),
        /left out, and not why/,
      ],
      [
        'a note of another place',
        () =>
          pushOf({
            'prod/services/shop.yaml': fileOf({
              apiVersion: 'callgate.dev/v1alpha1',
              kind: 'NotRead',
              metadata: { name: 'services', namespace: 'bank' },
              spec: { leftOut: [{ count: 1, names: [], reason: 'refused' }] },
            }),
          }),
        /written in another way/,
      ],
    ];
    it.each(LEFT_OUT)(
      'leaves the file with %s out, says so, and takes the others',
      async (_, make, message) => {
        portal = await startPortal(client);
        const beside = fileOf(service('a', 'zoo'));
        const held = pushOf({ 'prod/services/zoo.yaml': beside });
        const { body: begun } = await post(held);
        const { body: taken } = await post({ ...held, base: begun.version });
        const bad = make();
        const path = bad.files![0].path;
        const fresh = fileOf(service('b', 'zoo'));
        const other = pushOf({ 'prod/services/zoo.yaml': fresh });
        const files = [...bad.files!, ...other.files!];
        const push = {
          ...bad,
          ...{ files, base: taken.version },
          total: { files: 2, digest: digestOfFiles(files) },
          texts: [...bad.texts!, ...other.texts!],
        };
        const { status, body } = await post(push);
        expect([status, body.state, body.refused]).toEqual([
          200,
          'taken',
          [{ path, why: expect.stringMatching(message) }],
        ]);
        const read = replica();
        while (!(await filesOf(read))) await setTimeout(10);
        const [note, ...others] = (await filesOf(read))!;
        expect(others).toEqual([
          { path: 'prod/services/zoo.yaml', text: fresh, observed: true },
        ]);
        const [folder, namespace] = path.split(/[/.]/).slice(1);
        expect(note).toEqual({
          ...{ path, observed: true },
          text: fileOf({
            apiVersion: 'callgate.dev/v1alpha1',
            kind: 'NotRead',
            metadata: { name: folder, namespace },
            spec: { leftOut: [{ count: 1, names: [], reason: 'refused' }] },
          }),
        });
        // Nothing of it is kept anywhere.
        const digests = await client(CONTENTS).pluck('digest');
        expect(digests).not.toContain(bad.files![0].digest);
        // It is not asked for again.
        const { texts: _texts, ...signed } = push;
        const { body: again } = await post({ ...signed, base: body.version });
        expect(again).toEqual({ ...body, missing: [] });
        const problems = (await read.read()).unread ?? [];
        expect(problems).toEqual([]);
      },
    );

    it('asks once for each text that it refuses, also where they come one after the other', async () => {
      portal = await startPortal(client);
      const all = pushOf({
        'prod/services/a.yaml': 'no JSON',
        'prod/services/b.yaml': 'none either',
        'prod/services/c.yaml': fileOf(service('x', 'c')),
      });
      const { body: begun } = await post({ ...all, texts: [] });
      const bring = async (index: number) => {
        const texts = [all.texts![index]];
        return (await post({ ...all, base: begun.version, texts })).body;
      };
      const [, second, third] = all.files!.map(({ digest }) => digest);
      expect((await bring(0)).missing).toEqual([second, third]);
      expect((await bring(1)).missing).toEqual([third]);
      expect(await bring(2)).toMatchObject({
        state: 'taken',
        refused: [
          { path: 'prod/services/a.yaml', why: 'is not JSON' },
          { path: 'prod/services/b.yaml', why: 'is not JSON' },
        ],
      });
    });

    it('has the records of what was left out', async () => {
      const auditor = mockServices.auditor.mock();
      const success = jest.fn();
      auditor.createEvent.mockResolvedValue({ success, fail: jest.fn() });
      portal = await startPortal(client, { features: [auditor.factory] });
      const all = pushOf({
        'prod/services/a.yaml': 'no JSON',
        'prod/services/c.yaml': fileOf(service('x', 'c')),
      });
      const { body: begun } = await post(all);
      await post({ ...all, base: begun.version });
      expect(success.mock.calls.at(-1)![0].meta).toMatchObject({
        state: 'taken',
        brought: ['prod/services/c.yaml'],
        refused: ['prod/services/a.yaml'],
      });
    });

    it('sends what one namespace has too deep without it, and everything else, whatever is in it', async () => {
      const cilium = served(
        'cilium.io',
        'v2',
        'ciliumnetworkpolicies',
        'CiliumNetworkPolicy',
      );
      stub.kinds = [...CORE, cilium];
      let spec: object = {};
      for (let level = 1; level < 3000; level += 1) spec = { a: spec };
      stub.set('ciliumnetworkpolicies', object('deep', { spec }));
      // What databases and parsers do not like: PostgreSQL has no texts with NUL.
      const odd = JSON.parse(
        '{"__proto__":{"a":1},"n\\u0000":"\\u0000\\ud800","big":9007199254740993,"huge":1e400}',
      );
      stub.set('networkpolicies', object('odd', { spec: odd }, 'elsewhere'));
      const many = Array.from({ length: 5000 }, (_, at) => [
        `l-${at}`,
        '\u0000',
      ]);
      stub.set(
        'services',
        object('many', { metadata: { labels: Object.fromEntries(many) } }),
      );
      portal = await startPortal(client);
      const { said } = agent(portal.url);
      const read = replica();
      while (!(await filesOf(read))) await setTimeout(10);
      const files = (await filesOf(read))!;
      expect(files).toEqual(await readHere());
      const textOf = (path: string) =>
        files.find(file => file.path === `prod/${path}.yaml`)?.text;
      expect(textOf('ciliumnetworkpolicies.cilium.io/shop')).toBe(
        fileOf({
          apiVersion: 'callgate.dev/v1alpha1',
          kind: 'NotRead',
          metadata: {
            name: 'ciliumnetworkpolicies.cilium.io',
            namespace: 'shop',
          },
          spec: {
            leftOut: [{ count: 1, names: ['deep'], reason: 'too-deep' }],
          },
        }),
      );
      expect(textOf('networkpolicies/elsewhere')).toContain(
        '"__proto__":{"a":1}',
      );
      expect(textOf('networkpolicies/elsewhere')).toContain('\\u0000\\ud800');
      expect(textOf('services/shop')).toContain('"l-4999":"\\u0000"');
      expect(said.join()).toContain(
        'Left out of the cluster prod: ciliumnetworkpolicies.cilium.io of the namespace shop (deep).',
      );
      // A problem would be about the whole cluster: nothing would be proposed for anybody.
      expect((await read.read()).problems).toEqual([]);
      stub.remove('ciliumnetworkpolicies', object('deep'));
      while (JSON.stringify(await filesOf(read)).includes('NotRead'))
        await setTimeout(10);
    });

    it('sends of what one namespace has too large as much as fits, and everything else', async () => {
      // As large as etcd takes one; fourteen of them are more than 16 MiB.
      const large = 1_300_000;
      const names = Array.from({ length: 14 }, (_, at) => `np-${at}`);
      for (const [at, name] of names.entries())
        stub.set(
          'networkpolicies',
          object(
            name,
            // The last is the largest: it is the one that goes.
            { metadata: { annotations: { a: 'x'.repeat(large + at) } } },
            'filler',
          ),
        );
      portal = await startPortal(client);
      const { said } = agent(portal.url);
      const read = replica();
      while (!(await filesOf(read))) await setTimeout(10);
      const files = (await filesOf(read))!;
      expect(files).toEqual(await readHere());
      const { text } = files.find(({ path }) => path.includes('filler'))!;
      expect(Buffer.byteLength(text)).toBeLessThan(16 * 1024 * 1024);
      expect(text).toContain(
        '"spec":{"leftOut":[{"count":2,"names":["np-12","np-13"],"reason":"too-large"}]}',
      );
      expect(text.match(/"name":"np-/g)).toHaveLength(12);
      expect(files.map(({ path }) => path)).toContain(
        'prod/networkpolicies/shop.yaml',
      );
      expect(said.join()).toContain('(np-12, np-13). All of one kind');
      expect((await read.read()).problems).toEqual([]);
    });

    it.each([
      [
        3,
        /agent is newer than the portal: it sends form 3, and the portal takes 2\. Update the portal, or let the agent run/,
      ],
      [
        1,
        /agent is older than the portal: it sends form 1, and the portal takes 2\. Let it run with the image or package of the version/,
      ],
    ])(
      'says to an agent of form %s which of both is to be changed, whatever fields it sends',
      async (form, message) => {
        portal = await startPortal(client);
        const { session } = pushOf({});
        for (const fields of [{}, { problems: [], parts: { of: 'another' } }]) {
          const { status, body } = await post({ session, form, ...fields });
          expect([status, body.error.code, body.error.message]).toEqual([
            ...[400, 'estate-other-form'],
            expect.stringMatching(message),
          ]);
        }
        // Of its own version the schema says what is wrong.
        const { body } = await post({
          session,
          form: 2,
          problems: [],
          parts: 1,
        });
        expect(body.error.code).not.toBe('estate-other-form');
        const others = await post(
          { session, form, problems: [] },
          tokenOf('external:other-agent'),
        );
        expect(others.status).toBe(403);
        expect(await client(SNAPSHOTS)).toEqual([]);
      },
    );

    it('refuses what is no JSON at all, and what is no gzip', async () => {
      portal = await startPortal(client);
      const raw = (encoding: string) =>
        request(portal!.url)
          .post('/api/callgate/estates/prod')
          .set('Authorization', `Bearer ${tokenOf('external:prod-agent')}`)
          .set('Content-Type', 'application/json')
          .set('Content-Encoding', encoding)
          .send('{"session": nonsense');
      expect((await raw('identity')).status).toBe(400);
      expect((await raw('gzip')).status).toBe(400);
      expect(await client(SNAPSHOTS)).toEqual([]);
    });

    it('reads four messages of a cluster at a time, those of others beside them, and more when they have ended', async () => {
      portal = await startPortal(client);
      const { port } = new URL(portal.url);
      const send = (cluster: string) => {
        const sent = http.request({
          ...{ port, method: 'POST', agent: false },
          path: `/api/callgate/estates/${cluster}`,
          headers: {
            authorization: `Bearer ${tokenOf(`external:${cluster}-agent`)}`,
            'content-type': 'application/json',
            'content-length': 100,
          },
        });
        sent.on('error', () => undefined);
        sent.write('{');
        const answered = new Promise<number | undefined>(done =>
          sent.once('response', ({ statusCode }) => done(statusCode)),
        );
        return { sent, answered };
      };
      const all = Array.from({ length: 5 }, () => send('prod'));
      expect(await Promise.race(all.map(each => each.answered))).toBe(409);
      const { body } = await post(pushOf({}));
      expect(body.error).toMatchObject({
        code: 'estate-busy',
        message: expect.stringContaining('4 messages of this cluster'),
      });
      const other = await request(portal.url)
        .post('/api/callgate/estates/other')
        .set('Authorization', `Bearer ${tokenOf('external:other-agent')}`)
        .send(pushOf({}));
      expect(other.status).toBe(200);
      for (const { sent } of all) sent.destroy();
      while ((await post(pushOf({}))).status !== 200) await setTimeout(10);
    });

    it('refuses a body that is too large, and one that is too large when it is unpacked', async () => {
      portal = await startPortal(client);
      const { status, body } = await post({
        ...pushOf({}),
        problems: ['x'.repeat(41 * 1024 * 1024)],
      });
      expect([status, body.error?.message]).toEqual([
        413,
        expect.stringContaining('more than 40 MiB'),
      ]);
      const bomb = await request(portal.url)
        .post('/api/callgate/estates/prod')
        .set('Authorization', `Bearer ${tokenOf('external:prod-agent')}`)
        .set('Content-Type', 'application/json')
        .set('Content-Encoding', 'gzip')
        .serialize(packed => packed)
        .send(gzipSync(`{"x":"${'x'.repeat(41 * 1024 * 1024)}"}`) as never);
      expect(bomb.status).toBe(413);
      // Others are not even read: they get their 403 before.
      const others = await post(
        { x: 'x'.repeat(2 * 1024 * 1024) },
        tokenOf('external:other-agent'),
      );
      expect(others.status).toBe(403);
    });
  });
});

describe('with tokens of backend.auth.externalAccess', () => {
  const databases = testDatabases();
  it('takes a token that was rotated, and refuses the one that is gone', async () => {
    const client = await databases.init('SQLITE_3');
    const stub = await ApiStub.start(CORE);
    fill(stub);
    const external = (token: string, subject: string) => ({
      type: 'static',
      options: { token, subject },
      accessRestrictions: [{ plugin: 'callgate' }],
    });
    const start = (...tokens: string[]) =>
      startPortal(client, {
        backend: {
          baseUrl: 'http://127.0.0.1',
          auth: {
            externalAccess: tokens.map(token =>
              external(token, 'external:prod-agent'),
            ),
          },
        },
        features: [authServiceFactory, httpAuthServiceFactory],
      });
    const portal = await start('first-token', 'second-token');
    try {
      const said: string[] = [];
      const used: string[] = [];
      let token = 'an-old-token';
      const stopped = new AbortController();
      const running = runAgent(
        {
          cluster: 'prod',
          to: portal.url,
          token: () => {
            used.push(token);
            return token;
          },
          exclude: [],
          timings: OFTEN,
          credentials: {
            type: 'token',
            url: stub.url,
            token: 'x',
            skipTLSVerify: false,
          },
          say: text => said.push(text),
        },
        stopped.signal,
      );
      while (!said.some(text => /does not know the token/.test(text)))
        await setTimeout(10);
      token = 'first-token';
      while (!said.some(text => /has what runs/.test(text)))
        await setTimeout(10);
      const { version } = await client(SNAPSHOTS).first();
      token = 'second-token';
      stub.set('services', object('payments'));
      while ((await client(SNAPSHOTS).first()).version === version)
        await setTimeout(10);
      expect(used).toContain('second-token');
      expect(said.join()).not.toMatch(/first-token|second-token|old-token/);
      const foreign = await request(portal.url)
        .post('/api/callgate/estates/other')
        .set('Authorization', 'Bearer first-token')
        .send({ session: SESSION, form: 2, problems: [] });
      expect(foreign.status).toBe(403);
      stopped.abort();
      await running;
    } finally {
      await portal.stop();
      await stub.stop();
    }
  });
});
