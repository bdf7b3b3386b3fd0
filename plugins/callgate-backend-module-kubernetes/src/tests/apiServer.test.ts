import { type Json, asArray, asJson } from '@callgate/cluster-reader';
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  buildCluster,
  createWorld,
  loadManifests,
  reach,
} from '@callgate/policy';
import { setTimeout } from 'node:timers/promises';
import { ApiServer } from '../__testUtils__/ApiServer';
import { Line } from '../__testUtils__/Line';
import { readRbac } from '../__testUtils__/rbac';
import type { ClusterConfig } from '../config/ClusterConfig';
import { LiveEstateSource } from '../LiveEstateSource';
import { DatabaseLeases } from '../snapshots/DatabaseLeases';
import { DatabaseSnapshots } from '../snapshots/DatabaseSnapshots';
import { migrate } from '../snapshots/migrate';

jest.setTimeout(240_000);

/** An API server as `npm run live-clusters` makes it. */
const binary = process.env.CALLGATE_APISERVER;
const describeHere = binary ? describe : describe.skip;
if (!binary) {
  it.todo('reads a real API server: npm run live-clusters makes one');
}

/** Where objects of a kind are made. */
const PATHS: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/NS/serviceaccounts',
  Service: '/api/v1/namespaces/NS/services',
  Pod: '/api/v1/namespaces/NS/pods',
  Secret: '/api/v1/namespaces/NS/secrets',
  ConfigMap: '/api/v1/namespaces/NS/configmaps',
  DaemonSet: '/apis/apps/v1/namespaces/NS/daemonsets',
  Deployment: '/apis/apps/v1/namespaces/NS/deployments',
  ReplicaSet: '/apis/apps/v1/namespaces/NS/replicasets',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies',
  ServiceCIDR: '/apis/networking.k8s.io/v1/servicecidrs',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings',
  AuthorizationPolicy:
    '/apis/security.istio.io/v1/namespaces/NS/authorizationpolicies',
  CustomResourceDefinition:
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
};

const pathOf = ({ kind, metadata }: Json) =>
  PATHS[kind as string].replace(
    'NS',
    String(asJson(metadata).namespace ?? 'shop'),
  );

const of = (kind: string, name: string, rest: Json = {}): Json => {
  const { metadata, ...others } = rest;
  return { kind, metadata: { name, ...asJson(metadata) }, ...others };
};

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
      },
    ],
  },
});
const workload = (app: string) => ({
  spec: {
    replicas: 3,
    selector: { matchLabels: { app } },
    template: template(app),
  },
});
const policy = (name: string, to: string, from: string) =>
  of('NetworkPolicy', name, {
    spec: {
      podSelector: { matchLabels: { app: to } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: from } } }] }],
    },
  });

/** Istio's definition, as far as an object of it can be made. */
const DEFINITION = of(
  'CustomResourceDefinition',
  'authorizationpolicies.security.istio.io',
  {
    spec: {
      group: 'security.istio.io',
      scope: 'Namespaced',
      names: {
        kind: 'AuthorizationPolicy',
        plural: 'authorizationpolicies',
        listKind: 'AuthorizationPolicyList',
        singular: 'authorizationpolicy',
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
            },
          },
        },
      ],
    },
  },
);

describeHere('a real API server', () => {
  let server: ApiServer;
  let line: Line;
  let token: string;
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  const sources: LiveEstateSource[] = [];
  let clock = 0;

  /** Makes an object; its status too where it has one. */
  async function make(object: Json): Promise<Json> {
    const made = await server.ask('POST', pathOf(object), object);
    if (object.status === undefined) return made;
    const path = `${pathOf(object)}/${asJson(object.metadata).name}/status`;
    const { status: _, ...stored } = made;
    return server.ask('PUT', path, { ...stored, status: object.status });
  }

  beforeAll(async () => {
    server = await ApiServer.start(binary!);
    line = new Line(server.address.url);
    await line.open();
    for (const name of ['shop', 'istio-system'])
      await make(of('Namespace', name));
    for (const object of readRbac()) await make(object);
    const issued = await server.ask(
      'POST',
      '/api/v1/namespaces/callgate/serviceaccounts/callgate/token',
      { spec: { expirationSeconds: 3600 } },
    );
    token = String(asJson(issued.status).token);
    await make(of('Secret', 'password', { stringData: { a: 'hunter2' } }));
    for (const app of ['web', 'orders']) {
      const owner = await make(of('Deployment', app, workload(app)));
      const byDeployment = {
        labels: { app, 'pod-template-hash': 'abc' },
        ownerReferences: [ownerOf(owner, 'apps/v1', 'Deployment')],
      };
      const set = await make(
        of('ReplicaSet', `${app}-abc`, {
          ...workload(app),
          metadata: byDeployment,
          status: { replicas: 3 },
        }),
      );
      for (const at of [1, 2, 3])
        await make(
          of('Pod', `${app}-abc-${at}`, {
            spec: template(app).spec,
            metadata: {
              ...byDeployment,
              ownerReferences: [ownerOf(set, 'apps/v1', 'ReplicaSet')],
            },
            status: { phase: 'Running' },
          }),
        );
      await make(
        of('Service', app, {
          spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] },
        }),
      );
    }
    await make(policy('orders', 'orders', 'web'));
  });
  afterEach(() => Promise.all(sources.splice(0).map(source => source.stop())));
  afterAll(async () => {
    await line?.cut();
    await server?.stop();
  });

  function sourceOf(
    more: Partial<ClusterConfig> = {},
    ca = server.address.ca,
    shared?: ConstructorParameters<typeof LiveEstateSource>[0]['shared'],
  ) {
    const caData = Buffer.from(ca).toString('base64');
    const source = new LiveEstateSource({
      configured: {
        clusters: [
          {
            name: 'prod',
            credentials: {
              type: 'token',
              url: line.url,
              token,
              ...(ca && { caData }),
              skipTLSVerify: false,
            },
            exclude: [],
            resyncMs: 3_600_000,
            ...more,
          },
        ],
        agents: [],
        refused: [],
        notes: [],
      },
      now: () => clock,
      ...(shared && { shared }),
      wait: (ms, signal) => setTimeout(ms / 200, undefined, { signal }),
    });
    sources.push(source);
    source.start();
    return source;
  }

  /** Waits, and when that takes too long says for what, with what the source knows by then. */
  async function until(
    source: LiveEstateSource,
    what: string,
    isSo: () => Promise<boolean> | boolean,
  ) {
    const patience = AbortSignal.timeout(50_000);
    while (!(await isSo())) {
      if (patience.aborted) {
        const { clusters, problems } = await source.read();
        const files = clusters.flatMap(each => each.files.map(f => f.path));
        throw new Error(
          `waited for: ${what}; problems: ${problems.join(
            ' ',
          )}; files: ${files.join(', ')}`,
        );
      }
      await setTimeout(20);
    }
  }
  const problemsIn = async (source: LiveEstateSource) =>
    (await source.read()).problems;
  const untilRead = (source: LiveEstateSource) =>
    until(
      source,
      'a reading without problems',
      async () => (await problemsIn(source)).length === 0,
    );
  const textIn = async (source: LiveEstateSource, path: string) =>
    (await source.read()).clusters[0]?.files.find(each => each.path === path)
      ?.text ?? '';
  const POLICIES = 'prod/networkpolicies/shop.yaml';

  it('is read with the rights of deploy/rbac.yaml, which suffice, and by which nothing is written and no Secret read', async () => {
    const source = sourceOf();
    await untilRead(source);
    const files = (await source.read()).clusters[0].files;
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'prod/deployments/shop.yaml',
        'prod/namespaces.yaml',
        POLICIES,
        'prod/pods/shop.yaml',
        'prod/services/shop.yaml',
      ]),
    );
    expect(JSON.stringify(files)).not.toContain('hunter2');
    const as = { token, expected: [403] };
    await server.ask('GET', '/api/v1/secrets', undefined, as);
    await server.ask(
      'GET',
      '/api/v1/namespaces/shop/secrets/password',
      undefined,
      as,
    );
    await server.ask('GET', '/api/v1/configmaps', undefined, as);
    await server.ask(
      'POST',
      pathOf(of('Service', 'x')),
      of('Service', 'x'),
      as,
    );
    await server.ask(
      'DELETE',
      `${pathOf(of('Pod', 'x'))}/web-abc-1`,
      undefined,
      as,
    );
    await server.ask(
      'PATCH',
      `${pathOf(policy('x', 'x', 'x'))}/orders`,
      {},
      as,
    );
  });

  it('says of who may call whom what the whole of it says', async () => {
    const source = sourceOf();
    await untilRead(source);
    const items: Json[] = [];
    for (const kind of [
      'Namespace',
      'Deployment',
      'ReplicaSet',
      'Pod',
      'Service',
      'NetworkPolicy',
      'ServiceAccount',
      'ServiceCIDR',
    ]) {
      const path = PATHS[kind].replace('/namespaces/NS', '');
      const list = await server.ask('GET', path);
      const apiVersion = path.startsWith('/api/')
        ? 'v1'
        : path.split('/').slice(2, 4).join('/');
      for (const item of asArray(list.items))
        items.push({ apiVersion, kind, ...asJson(item) });
    }
    const reachOf = (files: { path: string; text: string }[]) => {
      const { objects, findings } = loadManifests(files);
      expect(findings).toEqual([]);
      const { cluster } = buildCluster({ name: 'prod', objects });
      return JSON.stringify(reach(createWorld([cluster])));
    };
    const whole = reachOf([
      {
        path: 'dump.yaml',
        text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      },
    ]);
    expect(whole).toContain('shop/Deployment/orders');
    expect(reachOf([...(await source.read()).clusters[0].files])).toBe(whole);
  });

  it('sees what is made, changed and taken away, also of a kind that comes later', async () => {
    const source = sourceOf();
    await untilRead(source);
    await make(policy('late', 'web', 'orders'));
    await until(source, 'the policy that was made', async () =>
      (await textIn(source, POLICIES)).includes('"late"'),
    );
    // As the server has it, with who may call.
    expect(
      JSON.parse(await textIn(source, POLICIES)).items[0].spec.ingress,
    ).toEqual([
      { from: [{ podSelector: { matchLabels: { app: 'orders' } } }] },
    ]);
    await server.ask(
      'DELETE',
      `${pathOf(policy('late', 'web', 'orders'))}/late`,
    );
    await until(
      source,
      'the policy is gone',
      async () => !(await textIn(source, POLICIES)).includes('"late"'),
    );

    const path = 'prod/authorizationpolicies.security.istio.io/shop.yaml';
    await make(DEFINITION);
    await make(
      of('ConfigMap', 'istio', {
        metadata: { namespace: 'istio-system' },
        data: { mesh: 'trustDomain: td' },
      }),
    );
    const denies: Json = {
      ...of('AuthorizationPolicy', 'deny', { spec: {} }),
      apiVersion: 'security.istio.io/v1',
    };
    // It is served a moment after it is defined; until then the answer is a 404, as a Status or as plain text.
    await until(source, 'the definition is served', async () => {
      const made = await server.ask('POST', pathOf(denies), denies, {
        expected: [201, 404],
      });
      return made.kind === 'AuthorizationPolicy';
    });
    await until(source, 'the policy of Istio', async () =>
      (await textIn(source, path)).includes('deny'),
    );
    await until(source, 'the settings of the mesh', async () =>
      (
        await textIn(source, 'prod/configmaps/istio-system.yaml')
      ).includes('trustDomain: td'),
    );
    await readsByName(source);
    await server.ask(
      'DELETE',
      `${PATHS.CustomResourceDefinition}/authorizationpolicies.security.istio.io`,
    );
    await until(
      source,
      'what was defined is gone',
      async () => (await textIn(source, path)) === '',
    );
    await untilRead(source);
  });

  /** ConfigMaps of platforms, each by its name: those that `deploy/rbac.yaml` has, and one that it has not. */
  async function readsByName(source: LiveEstateSource) {
    const inNamespace = (namespace: string) => ({ metadata: { namespace } });
    const running = (app: string, labels: Json, container: string) => ({
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app, ...labels } },
        spec: { containers: [{ name: container, image: 'i:1.30.1' }] },
      },
    });
    await make(
      of('ConfigMap', 'cilium-config', {
        ...inNamespace('kube-system'),
        data: { 'policy-cidr-match-mode': 'nodes', other: 'hunter2' },
      }),
    );
    await make(
      of('DaemonSet', 'cilium', {
        ...inNamespace('kube-system'),
        spec: running('cilium', {}, 'cilium-agent'),
      }),
    );
    await until(source, 'the settings of Cilium', async () =>
      (
        await textIn(source, 'prod/configmaps/kube-system.yaml')
      ).includes('policy-cidr-match-mode'),
    );
    for (const name of ['istio-canary', 'istio-other'])
      await make(
        of('ConfigMap', name, {
          ...inNamespace('istio-system'),
          data: { mesh: `trustDomain: ${name}` },
        }),
      );
    const revisions: [string, Json][] = [
      ['istiod', {}],
      ['istiod-canary', { 'istio.io/rev': 'canary' }],
    ];
    for (const [name, labels] of revisions)
      await make(
        of('Deployment', name, {
          ...inNamespace('istio-system'),
          spec: running('istiod', labels, 'discovery'),
        }),
      );
    await until(source, 'the right that is missing', async () =>
      /does not let Callgate list configmaps istio-canary of the namespace istio-system .*resourceNames of the Role callgate-reader has to have istio-canary/.test(
        (await problemsIn(source)).join(),
      ),
    );
    const role = readRbac().find(
      ({ kind, metadata }) =>
        kind === 'Role' && asJson(metadata).namespace === 'istio-system',
    )!;
    const rules = asArray(role.rules).map(asJson);
    await server.ask('PUT', `${pathOf(role)}/callgate-reader`, {
      ...role,
      rules: rules.map(rule => ({
        ...rule,
        resourceNames: [...asArray(rule.resourceNames), 'istio-canary'],
      })),
    });
    await untilRead(source);
    const text = await textIn(source, 'prod/configmaps/istio-system.yaml');
    expect(text).toContain('trustDomain: td');
    expect(text).toContain('trustDomain: istio-canary');
    expect(text).not.toContain('istio-other');
    expect(
      await textIn(source, 'prod/configmaps/kube-system.yaml'),
    ).not.toContain('hunter2');
    for (const [name] of revisions)
      await server.ask(
        'DELETE',
        `${PATHS.Deployment.replace('NS', 'istio-system')}/${name}`,
      );
  }

  it('goes on after the line was cut, with what changed meanwhile', async () => {
    const source = sourceOf();
    await untilRead(source);
    await line.cut();
    await make(policy('meanwhile', 'web', 'orders'));
    await setTimeout(100);
    // A restart is none.
    expect(await problemsIn(source)).toEqual([]);
    clock += 61_000;
    expect(await problemsIn(source)).toEqual([
      'The cluster prod cannot be read: its API server cannot be reached (ECONNREFUSED). What was read before stays as it was.',
    ]);
    expect(await textIn(source, POLICIES)).toContain('"orders"');
    await line.open();
    await until(source, 'what was made meanwhile', async () =>
      (await textIn(source, POLICIES)).includes('"meanwhile"'),
    );
    await untilRead(source);
  });

  it('is read by one of two that share a database, and by the other when that one ends: both have the same, byte for byte', async () => {
    const client = await databases.init('SQLITE_3');
    await migrate({ getClient: async () => client });
    const failures: unknown[] = [];
    const shared = () => {
      const leases = DatabaseLeases.create({ client });
      const snapshots = DatabaseSnapshots.create({ client, leases });
      const take = jest.spyOn(leases, 'take');
      const timings = {
        pollMs: 20,
        renewMs: 50,
        settleMs: 20,
        leaseMs: 30_000,
      };
      const onFailure = (error: unknown) => failures.push(error);
      return { take, parts: { leases, snapshots, timings, onFailure } };
    };
    const filesIn = async (source: LiveEstateSource) =>
      (await source.read()).clusters[0].files;
    const [first, second] = [shared(), shared()];
    const reader = sourceOf({}, undefined, first.parts);
    await untilRead(reader);
    const follower = sourceOf({}, undefined, second.parts);
    await untilRead(follower);
    await make(policy('shared', 'web', 'orders'));
    for (const source of [reader, follower])
      await until(source, 'the policy that was made', async () =>
        (await textIn(source, POLICIES)).includes('"shared"'),
      );
    await until(
      follower,
      'the same files',
      async () =>
        JSON.stringify(await filesIn(follower)) ===
        JSON.stringify(await filesIn(reader)),
    );
    const before = await filesIn(reader);
    expect(before.map(({ path }) => path)).toContain('prod/pods/shop.yaml');
    expect(second.take).not.toHaveBeenCalled();

    await reader.stop();
    await until(follower, 'the lease', () => second.take.mock.calls.length > 0);
    await untilRead(follower);
    // Read anew by another process, and nothing is different.
    expect(await filesIn(follower)).toEqual(before);
    await server.ask('DELETE', `${pathOf(policy('shared', 'x', 'y'))}/shared`);
    await until(
      follower,
      'the policy is gone',
      async () => !(await textIn(follower, POLICIES)).includes('"shared"'),
    );
    // One that starts now has it from the database, as the one that reads it has it.
    const third = shared();
    const late = sourceOf({}, undefined, third.parts);
    await until(
      late,
      'the same files',
      async () =>
        JSON.stringify(await filesIn(late)) ===
        JSON.stringify(await filesIn(follower)),
    );
    expect(await problemsIn(late)).toEqual([]);
    expect(third.take).not.toHaveBeenCalled();
    expect(failures).toEqual([]);
  });

  it('names the rights that were taken away, keeps what it has, and takes them up again', async () => {
    const source = sourceOf();
    await untilRead(source);
    const [binding] = readRbac().filter(
      ({ kind }) => kind === 'ClusterRoleBinding',
    );
    await server.ask('DELETE', `${pathOf(binding)}/callgate-reader`);
    await line.cut();
    await line.open();
    // Each kind is refused for itself, one after the other.
    const rights =
      /^The cluster prod does not let Callgate .*list networkpolicies \(apiGroup networking\.k8s\.io\).*list pods \(apiGroup "" \(core\)\).*deploy\/rbac\.yaml/;
    await until(source, 'the missing rights', async () => {
      const problems = await problemsIn(source);
      return problems.length === 1 && rights.test(problems[0]);
    });
    expect(await textIn(source, POLICIES)).toContain('"orders"');
    await make(binding);
    await untilRead(source);
  });

  it.each<[string, () => LiveEstateSource, RegExp]>([
    [
      'a certificate that follows from none',
      () => sourceOf({}, ''),
      /its certificate follows from none that is trusted/,
    ],
    [
      'a token that it does not know',
      () =>
        sourceOf({
          credentials: {
            type: 'token',
            url: line.url,
            token: 'wrong',
            caData: Buffer.from(server.address.ca).toString('base64'),
            skipTLSVerify: false,
          },
        }),
      /does not know the token or certificate \(401\)/,
    ],
  ])('says what is wrong with %s', async (_, start, message) => {
    const source = start();
    await until(source, 'the message', async () =>
      message.test((await problemsIn(source)).join()),
    );
    expect((await source.read()).clusters).toEqual([]);
  });
});

function ownerOf(object: Json, apiVersion: string, kind: string): Json {
  const { name, uid } = asJson(object.metadata);
  return { apiVersion, kind, name, uid, controller: true };
}
