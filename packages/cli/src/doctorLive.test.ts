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
  entries: { field: string; state: string; value: unknown; lines: object[] }[];
  rights: { plural: string; state: string; verb?: string; rule?: string }[];
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
