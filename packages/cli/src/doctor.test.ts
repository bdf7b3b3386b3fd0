import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';

afterEach(removeFolders);

const istio = (mesh: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    trustDomain: ${mesh}
    rootNamespace: istio-system
    pathNormalization: { normalization: BASE }
`;

const SHOP = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: shop }
spec:
  template:
    metadata: { labels: { app: orders } }
    spec: { containers: [{ name: c }] }
`;

/** Says the rest of what verdicts rest on. */
const PLATFORM = `apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system }
spec: { selector: { k8s-app: kube-dns }, ports: [{ port: 53, protocol: UDP }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system }
spec:
  selector: { matchLabels: { app: istiod } }
  template:
    metadata: { labels: { app: istiod, sidecar.istio.io/inject: "false" } }
    spec: { containers: [{ name: discovery, image: pilot:1.30.1 }] }
`;

const PROFILE = `apiVersion: callgate.dev/v1alpha1
kind: PlatformProfile
metadata: { name: prod }
spec:
  mesh:
    trustDomain: eu.example
`;

const FILES = {
  'estate/shop.yaml': SHOP,
  'estate/mesh.yaml': istio('eu.example'),
  'estate/platform.yaml': PLATFORM,
  'p.yaml': PROFILE,
};

interface Document {
  fit: boolean;
  cluster: string;
  hasProfile: boolean;
  open: { field: string; what: string; action: string }[];
  entries: { field: string; state: string; value: unknown }[];
  missingKinds: string[];
}

const run = async (
  files: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; document: Document; stderr: string }> => {
  const { code, json, stderr } = await runCaptured(
    ['doctor', 'cluster', 'prod', '--estate', ...args, '-o', 'json'],
    { cwd: folderWith(files) },
  );
  return { code, document: json() as unknown as Document, stderr };
};

const stateOf = ({ entries }: Document, name: string) =>
  entries.find(({ field }) => field === name)?.state;

describe('callgate doctor cluster', () => {
  it('nothing is open where the estate says all that verdicts rest on, without any profile', async () => {
    const { code, document } = await run(FILES, 'estate');
    expect(document.open).toEqual([]);
    expect([code, document.fit, document.hasProfile]).toEqual([0, true, false]);
    expect(stateOf(document, 'mesh.trustDomain')).toBe('found');
    expect(stateOf(document, 'owners')).toBe('guessed');
    expect(document.missingKinds).toContain('/Node');
    expect(document.missingKinds).not.toContain('/ConfigMap');
  });

  it('what the profile states has its place', async () => {
    const { code, document } = await run(
      FILES,
      'estate',
      '--profile',
      'p.yaml',
    );
    expect(code).toBe(0);
    expect(document.entries).toContainEqual(
      expect.objectContaining({
        field: 'mesh.trustDomain',
        state: 'stated',
        stated: {
          value: 'eu.example',
          at: expect.objectContaining({ file: 'p.yaml', line: 6 }),
        },
      }),
    );
  });

  it('a contradiction ends with 1, and says both places, what is used and what to do', async () => {
    const { code, document } = await run(
      { ...FILES, 'estate/mesh.yaml': istio('us.example') },
      'estate',
      '--profile',
      'p.yaml',
    );
    expect([code, document.fit]).toEqual([1, false]);
    expect(document.open).toEqual([
      {
        field: 'mesh.trustDomain',
        what: 'p.yaml:6:18 states "eu.example", ConfigMap istio-system/istio (estate/mesh.yaml:6) says "us.example"; what is stated is used, and verdicts that rest on it are conditional',
        action: 'Correct the profile, or the object.',
      },
    ]);
  });

  it('a guess that verdicts rest on ends with 1, and has the line to add', async () => {
    const { 'estate/mesh.yaml': _, ...rest } = FILES;
    // Of its configuration, istiod alone says nothing.
    const { code, document } = await run(rest, 'estate');
    expect(code).toBe(1);
    expect(document.open).toContainEqual({
      field: 'mesh.trustDomain',
      what: 'nothing says it; "cluster.local" is assumed',
      action:
        'If that is right, add below spec.mesh: trustDomain: cluster.local',
    });
  });

  it('of a cluster without a mesh no verdict rests on what a mesh would be like', async () => {
    const plain = SHOP.replace(/, labels: \{ istio-injection: enabled \}/, '');
    const { code, document } = await run(
      { 'e/shop.yaml': plain, 'e/dns.yaml': PLATFORM.split('---')[0] },
      'e',
    );
    expect(document.open).toEqual([]);
    expect(code).toBe(0);
  });

  it('what cannot be read is open', async () => {
    const { code, document } = await run(
      {
        ...FILES,
        'estate/node.yaml':
          'apiVersion: v1\nkind: Node\nmetadata: { name: n }\nspec: { podCIDRs: [10.0.0.0/99] }\n',
      },
      'estate',
    );
    expect(code).toBe(1);
    expect(document.open).toMatchObject([
      { what: expect.stringMatching(/^estate\/node\.yaml:4.*podCIDRs/) },
    ]);
  });

  it('where nothing was read that is open, also with a profile that states the rest', async () => {
    const stated = PROFILE.replace(
      'spec:',
      'spec:\n  dns: [{ namespace: kube-system, podLabels: { k8s-app: kube-dns }, ports: [{ port: 53 }] }]',
    );
    const { code, document } = await run(
      { 'e/note.yaml': '# nothing\n', 'p.yaml': stated },
      'e',
      '--profile',
      'p.yaml',
    );
    expect([code, document.fit]).toEqual([1, false]);
    expect(document.open).toHaveLength(1);
  });

  it('marks that turn what is beside them around are shown as what they are', async () => {
    const turned = PLATFORM.replace(
      'k8s-app: kube-dns',
      'k8s-app: "a\\u202Eb"',
    );
    const { stdout } = await runCaptured(
      ['doctor', 'cluster', 'prod', '--estate', 'e', '-o', 'markdown'],
      { cwd: folderWith({ 'e/p.yaml': turned }) },
    );
    expect(stdout).toMatch(/a.*202e.*b/);
    expect(stdout).not.toContain('\u202e');
  });

  it('says from where calls come to a gateway, and what says so', async () => {
    const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
status:
  addresses: [{ type: IPAddress, value: '203.0.113.7' }]
  conditions: [{ type: Programmed, status: 'False' }]
`;
    const { stdout } = await runCaptured(
      ['doctor', 'cluster', 'prod', '--estate', 'e', '-o', 'markdown'],
      { cwd: folderWith({ 'e/g.yaml': gateway }) },
    );
    expect(stdout).toContain(
      'Gateway edge/edge at e/g.yaml:1:1, takes calls from: internet (203.0.113.7), not programmed by its controller',
    );
  });

  it('says what lets the probes of the kubelet through, and what keeps them out', async () => {
    const probed = SHOP.replace(
      /containers: \[\{ /,
      'containers: [{ readinessProbe: { httpGet: { port: 8080 } }, ',
    );
    expect(probed).not.toBe(SHOP);
    const closing = `apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data: { allow-localhost: policy }
`;
    const { stdout } = await runCaptured(
      ['doctor', 'cluster', 'prod', '--estate', 'e', '-o', 'markdown'],
      { cwd: folderWith({ 'e/shop.yaml': probed }) },
    );
    expect(stdout).toMatch(/8080 \| let through: they come from the node/);
    const { code, document } = await run(
      { ...FILES, 'estate/shop.yaml': probed, 'estate/c.yaml': closing },
      'estate',
    );
    expect(code).toBe(1);
    expect(document.open).toContainEqual({
      field: 'probes',
      what: expect.stringMatching(
        /^ConfigMap kube-system\/cilium-config \(estate\/c.yaml:4.*probes of 1 workload fail/,
      ),
      action: expect.stringContaining('allow-localhost'),
    });
  });

  it('reads of several clusters the one that is named', async () => {
    const { document } = await run(
      { ...FILES, 'other/m.yaml': istio('other.example') },
      'other=other',
      'prod=estate',
    );
    expect(document.cluster).toBe('prod');
    expect(document.entries).toContainEqual(
      expect.objectContaining({
        field: 'mesh.trustDomain',
        value: 'eu.example',
      }),
    );
  });

  it('several folders without a name are its own', async () => {
    const { code } = await run(
      {
        'a/shop.yaml': SHOP,
        'b/platform.yaml': PLATFORM,
        'b/mesh.yaml': istio('eu.example'),
      },
      'a',
      'b',
    );
    expect(code).toBe(0);
  });

  it.each([
    [['cluster', 'prod', '--estate', 'other=estate'], /prod=PATH/],
    [['cluster', 'PROD', '--estate', 'estate'], /no name of a cluster/],
    [['forge', 'prod', '--estate', 'estate'], /cluster/],
    [['cluster', 'prod'], /--estate/],
  ])('%j is wrong usage', async (args, said) => {
    const { code, stderr } = await runCaptured(['doctor', ...args], {
      cwd: folderWith(FILES),
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
  });

  it.each(['table', 'markdown'])('is a %s for people', async format => {
    const { stdout, code } = await runCaptured(
      ['doctor', 'cluster', 'prod', '--estate', 'estate', '-o', format],
      { cwd: folderWith(FILES) },
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing is open.');
    expect(stdout).toMatch(
      /mesh\.trustDomain.*found.*eu\.example.*mesh\.yaml:6/,
    );
    expect(stdout).toMatch(/kubectl get nodes -o yaml/);
  });
});
