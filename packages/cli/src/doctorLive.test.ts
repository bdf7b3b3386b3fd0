import {
  ApiStub,
  CORE,
  object,
  served,
} from '@callgate/cluster-reader/testUtils';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';

jest.setTimeout(60_000);

let stub: ApiStub;
beforeEach(async () => {
  stub = await ApiStub.start([
    ...CORE,
    served('', 'v1', 'configmaps', 'ConfigMap'),
    served('', 'v1', 'nodes', 'Node', false),
    served(
      'security.istio.io',
      'v1',
      'peerauthentications',
      'PeerAuthentication',
    ),
  ]);
  stub.set(
    'services',
    object(
      'kube-dns',
      {
        spec: {
          selector: { 'k8s-app': 'kube-dns' },
          ports: [{ port: 53, protocol: 'UDP' }],
        },
      },
      'kube-system',
    ),
  );
  stub.set(
    'configmaps',
    object(
      'istio',
      {
        data: {
          mesh: 'trustDomain: eu.example\nrootNamespace: istio-system\n',
        },
      },
      'istio-system',
    ),
  );
});
afterEach(async () => {
  await stub.stop();
  removeFolders();
});

const kubeconfig = (server: string, user: object = { token: 'secret-token' }) =>
  JSON.stringify({
    'current-context': 'none',
    contexts: [{ name: 'prod-eu', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
  });

const PROFILE = (trustDomain: string) => `apiVersion: callgate.dev/v1alpha1
kind: PlatformProfile
metadata: { name: prod }
spec:
  mesh:
    trustDomain: ${trustDomain}
`;

interface Document {
  fit: boolean;
  open: { field: string; what: string; action: string }[];
  entries: {
    field: string;
    state: string;
    value: unknown;
    lines: object[];
    found: object[];
  }[];
  probes: object;
  rights: { plural: string; state: string; verb?: string; rule?: string }[];
}

/** The same facts stand in other files. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each) => (key === 'at' ? undefined : each)),
  );
}

async function doctor(
  files: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; document: Document; all: string }> {
  const { code, stdout, stderr, json } = await runCaptured(
    [
      ...['doctor', 'cluster', 'prod', '--kubeconfig', 'config', '-o', 'json'],
      ...['--context', 'prod-eu', ...args],
    ],
    { cwd: folderWith(files) },
  );
  return {
    code,
    document: json() as unknown as Document,
    all: stdout + stderr,
  };
}

describe('callgate doctor cluster, of a live one', () => {
  it('says what it may read, what it found, what is guessed with the line to add, and asks for no Secrets', async () => {
    const { document, all } = await doctor({ config: kubeconfig(stub.url) });
    const states = new Map(
      document.rights.map(({ plural, state }) => [plural, state]),
    );
    expect([states.get('services'), states.get('networkpolicies')]).toEqual([
      ...['read', 'read'],
    ]);
    expect(states.has('secrets')).toBe(false);
    expect(stub.asked.some(asked => /secrets/.test(asked))).toBe(false);
    expect(document.entries).toContainEqual(
      expect.objectContaining({
        ...{ field: 'mesh.trustDomain', state: 'found', value: 'eu.example' },
      }),
    );
    const guessed = document.entries.find(
      ({ state, lines }) => state === 'guessed' && lines.length > 0,
    );
    expect(guessed?.lines[0]).toMatchObject({ text: expect.any(String) });
    expect(all).not.toContain('secret-token');
  });

  it('knows of a cluster what is known of its manifests, as kubectl prints them', async () => {
    const all: [string, Record<string, unknown>, string][] = [];
    const add = (
      plural: string,
      head: { apiVersion: string; kind: string },
      [namespace, name]: [string, string],
      rest: Record<string, unknown>,
    ) => {
      const made = object(name, rest, namespace);
      stub.set(plural, made);
      all.push([plural, { ...head, ...made }, namespace]);
    };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment' };
    const daemonSet = { apiVersion: 'apps/v1', kind: 'DaemonSet' };
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap' };
    const pods = (labels: object, container: object) => ({
      spec: {
        template: {
          metadata: { labels },
          spec: { containers: [{ image: 'i:1.30.1', ...container }] },
        },
      },
    });
    stub.kinds = [
      ...stub.kinds,
      served('apps', 'v1', 'daemonsets', 'DaemonSet'),
      served('gateway.networking.k8s.io', 'v1', 'gateways', 'Gateway'),
    ];
    const ofCanary = { app: 'istiod', 'istio.io/rev': 'canary' };
    add(
      'deployments',
      deployment,
      ['istio-system', 'istiod-canary'],
      pods(ofCanary, { name: 'discovery' }),
    );
    add('configmaps', configMap, ['istio-system', 'istio-canary'], {
      data: { mesh: 'trustDomain: canary.example\n' },
    });
    // Nobody reads it: that revision is gone.
    add('configmaps', configMap, ['istio-system', 'istio-old'], {
      metadata: { labels: { 'istio.io/rev': 'old' } },
      data: { mesh: 'trustDomain: old.example\n' },
    });
    add(
      'daemonsets',
      daemonSet,
      ['kube-system', 'cilium'],
      pods({ app: 'cilium' }, { name: 'cilium-agent' }),
    );
    add('configmaps', configMap, ['kube-system', 'cilium-config'], {
      data: {
        ipam: 'cluster-pool',
        'allow-localhost': 'policy',
        'cluster-pool-ipv4-cidr': '10.7.0.0/16',
        'policy-cidr-match-mode': 'nodes',
      },
    });
    add(
      'deployments',
      deployment,
      ['shop', 'orders'],
      pods(
        { app: 'orders' },
        { name: 'c', readinessProbe: { tcpSocket: { port: 80 } } },
      ),
    );
    add(
      'gateways',
      { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' },
      ['edge', 'edge'],
      {
        spec: { gatewayClassName: 'istio', listeners: [] },
        status: {
          addresses: [{ type: 'IPAddress', value: '203.0.113.7' }],
          conditions: [{ type: 'Programmed', status: 'False' }],
        },
      },
    );
    const live = await doctor({ config: kubeconfig(stub.url) });
    const { json } = await runCaptured(
      ['doctor', 'cluster', 'prod', '--estate', 'e', '-o', 'json'],
      {
        cwd: folderWith({
          'e/all.yaml': JSON.stringify({
            ...{ apiVersion: 'v1', kind: 'List' },
            items: all.map(([, each]) => each),
          }),
        }),
      },
    );
    const known = (document: Document) => ({
      probed: withoutPlaces(document.probes),
      ...Object.fromEntries(
        document.entries
          // What the stub has beside these objects.
          .filter(({ field }) => field !== 'dns')
          .map(({ field, state, value, found }) => [
            field,
            [state, value, withoutPlaces(found)],
          ]),
      ),
    });
    const printed = known(json() as unknown as Document);
    expect(known(live.document)).toEqual(printed);
    expect(printed).toMatchObject({
      'mesh.trustDomain': ['found', 'canary.example', expect.anything()],
      'network.podCidrs': ['found', ['10.7.0.0/16'], expect.anything()],
      gateways: ['found', expect.anything(), [{ takesFrom: 'internet' }]],
      probed: { workloads: 1, ways: [{ way: 'refused' }] },
    });
  });

  it('names the right that is missing, with the rule to add, and ends with 1', async () => {
    stub.refuse('list networkpolicies', { status: 403 });
    stub.refuse('watch services', { status: 403 });
    stub.refuse('list configmaps', { status: 403 });
    const { code, document } = await doctor({ config: kubeconfig(stub.url) });
    expect([code, document.fit]).toEqual([1, false]);
    const told = (word: string) =>
      document.open.find(({ what }) => what.includes(word));
    // Kubernetes, "Using RBAC Authorization": a rule has apiGroups, resources and verbs.
    expect(told('networkpolicies')).toEqual({
      field: '',
      what: 'list of networkpolicies.networking.k8s.io is not allowed',
      action:
        'Add to the rules of ClusterRole callgate-reader (deploy/rbac.yaml): - { apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [get, list, watch] }',
    });
    expect(told('watch of services')?.action).toContain(
      "- { apiGroups: [''], resources: [services], verbs: [get, list, watch] }",
    );
    expect(told('configmaps')).toMatchObject({
      what: 'list of configmaps istio-system/istio is not allowed',
      action: expect.stringContaining(
        "the rules of Role callgate-reader in istio-system (deploy/rbac.yaml): - { apiGroups: [''], resources: [configmaps], resourceNames: [istio], verbs",
      ),
    });
    expect(document.rights).toContainEqual(
      expect.objectContaining({ plural: 'networkpolicies', state: 'refused' }),
    );
  });

  it('says where the profile contradicts the cluster', async () => {
    const { code, document } = await doctor(
      { config: kubeconfig(stub.url), p: PROFILE('us.example') },
      ...['--profile', 'p'],
    );
    expect(code).toBe(1);
    expect(document.open).toContainEqual(
      expect.objectContaining({ field: 'mesh.trustDomain' }),
    );
  });

  it('has tables for people', async () => {
    stub.refuse('list nodes', { status: 403 });
    const { stdout } = await runCaptured(
      [
        ...['doctor', 'cluster', 'prod', '--kubeconfig', 'config'],
        ...['--context', 'prod-eu', '-o', 'markdown'],
      ],
      { cwd: folderWith({ config: kubeconfig(stub.url) }) },
    );
    expect(stdout).toContain('What may be read');
    expect(stdout).toMatch(/services +\| read +\| 1/);
    expect(stdout).toMatch(/nodes +\| not allowed/);
    expect(stdout).toMatch(/Node +\|[^|]*\| not allowed/);
    expect(stdout).toMatch(/ServiceCIDR +\|[^|]*\| the cluster does not serve/);
  });

  it('of a token that is not known, and of a cluster that runs programs, it says so and nothing is fit', async () => {
    stub.refuse('all', { status: 401 });
    stub.refuse('discover', { status: 401 });
    const unknown = await doctor({ config: kubeconfig(stub.url) });
    expect(unknown.code).toBe(1);
    expect(unknown.document.open.map(({ what }) => what).join()).toMatch(
      /does not know the token or certificate \(401\)/,
    );
    const program = await doctor({
      config: kubeconfig(stub.url, { exec: { command: 'touch' } }),
    });
    expect(program.code).toBe(1);
    expect(program.document.open.map(({ what }) => what).join()).toMatch(
      /runs no programs that files name/,
    );
  });

  it.each([
    [['--estate', 'x', '--kubeconfig', 'y'], /give one of --estate/],
    [[], /give one of --estate, --kubeconfig and --in-cluster/],
    [['--estate', 'x', '--context', 'y'], /--context needs --kubeconfig/],
    [['--kubeconfig', 'x', '--exclude', 'y'], /are for manifests/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCaptured([
      ...['doctor', 'cluster', 'prod', ...args],
    ]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
