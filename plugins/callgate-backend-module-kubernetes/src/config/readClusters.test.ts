import { ConfigReader } from '@backstage/config';
import path from 'node:path';
import { readClusters } from './readClusters';

const read = (data: object) => readClusters(new ConfigReader(data as never));
const own = (clusters: object, more: object = {}) =>
  read({ callgate: { clusters, ...more } });

const TOKEN = { url: 'https://10.0.0.1:6443', serviceAccountToken: 'secret' };

/** `kubernetes.clusterLocatorMethods`, as the Kubernetes plugin has it. */
const plugin = (...clusters: object[]) => ({
  kubernetes: { clusterLocatorMethods: [{ type: 'config', clusters }] },
});
const PROD = {
  name: 'prod-eu-1',
  url: 'https://10.0.0.2:6443',
  authProvider: 'serviceAccount',
  serviceAccountToken: 'secret',
  caData: 'Y2E=',
};

describe('readClusters', () => {
  it('reads each way to reach a cluster', () => {
    const { clusters } = own({
      'prod-1': { ...TOKEN, caData: 'Y2E=', exclude: ['play'], resync: '2h' },
      dev: { kubeconfig: 'kube.yaml', context: 'dev' },
      here: { inCluster: true },
    });
    expect(clusters).toEqual([
      {
        name: 'dev',
        credentials: {
          type: 'kubeconfig',
          file: path.resolve('kube.yaml'),
          context: 'dev',
        },
        exclude: [],
        resyncMs: 3_600_000,
      },
      {
        name: 'here',
        credentials: { type: 'in-cluster' },
        exclude: [],
        resyncMs: 3_600_000,
      },
      {
        name: 'prod-1',
        credentials: {
          type: 'token',
          url: TOKEN.url,
          token: 'secret',
          caData: 'Y2E=',
          skipTLSVerify: false,
        },
        exclude: ['play'],
        resyncMs: 7_200_000,
      },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['no way', {}, /callgate\.clusters\.prod: give one of kubeconfig, url/],
    ['two ways', { ...TOKEN, inCluster: true }, /one of .*, not several/],
    [
      'a token without url',
      { inCluster: true, serviceAccountToken: 'x' },
      /serviceAccountToken is for a cluster with url/,
    ],
    [
      'a context without kubeconfig',
      { ...TOKEN, context: 'x' },
      /context is for a cluster with kubeconfig/,
    ],
    ['a url without token', { url: TOKEN.url }, /serviceAccountToken/],
    [
      'a url without TLS',
      { ...TOKEN, url: 'http://10.0.0.1' },
      /url must begin with https/,
    ],
    [
      'a password in the url',
      { ...TOKEN, url: 'https://me:pw@10.0.0.1' },
      /must not have a name or password/,
    ],
    ['no url', { ...TOKEN, url: 'prod' }, /is not an address/],
    [
      'both certificates',
      { ...TOKEN, caData: 'x', caFile: 'y' },
      /caData or caFile, not both/,
    ],
    [
      'a resync that is none',
      { ...TOKEN, resync: 'often' },
      /callgate\.clusters\.prod\.resync/,
    ],
    [
      'a resync every second',
      { ...TOKEN, resync: { seconds: 1 } },
      /a minute or more/,
    ],
    [
      'the namespace of the mesh left out',
      { ...TOKEN, exclude: ['istio-system'] },
      /istio-system cannot be left out/,
    ],
  ])('refuses %s, by its key and without a secret', (_, entry, message) => {
    const refused = () => own({ prod: entry });
    expect(refused).toThrow(message);
    expect(refused).not.toThrow(/secret|pw@/);
  });

  it('refuses a name that could not be a folder', () => {
    expect(() => own({ '../x': TOKEN })).toThrow(/not a name of a cluster/);
  });

  it('refuses a name that is used twice', () => {
    expect(() =>
      own(
        { prod: TOKEN },
        { estate: { manifests: [{ cluster: 'prod', path: 'x' }] } },
      ),
    ).toThrow(
      /prod is in callgate\.estate\.manifests and is read live as well/,
    );
    expect(() =>
      read({ callgate: { clusters: { 'prod-eu-1': TOKEN } }, ...plugin(PROD) }),
    ).toThrow(/the Kubernetes plugin has a cluster prod-eu-1 too/);
    expect(() => read(plugin(PROD, PROD))).toThrow(/two clusters of the name/);
    expect(() =>
      read({
        ...plugin(PROD),
        callgate: {
          estate: { manifests: [{ cluster: 'prod-eu-1', path: 'x' }] },
        },
      }),
    ).toThrow(/callgate\.kubernetesPlugin\.clusters/);
  });

  it('reads the clusters of the Kubernetes plugin, and what is ours about them', () => {
    const settings = { 'prod-eu-1': { exclude: ['play'] } };
    const { clusters } = read({
      ...plugin(PROD),
      callgate: { clusters: settings },
    });
    expect(clusters).toEqual([
      {
        name: 'prod-eu-1',
        credentials: {
          type: 'token',
          url: PROD.url,
          token: 'secret',
          caData: 'Y2E=',
          skipTLSVerify: false,
        },
        exclude: ['play'],
        resyncMs: 3_600_000,
      },
    ]);
  });

  it('knows the provider by metadata too, and refuses a cluster that names none', () => {
    const { authProvider: _, ...nobody } = PROD;
    const metadata = { 'kubernetes.io/auth-provider': 'serviceAccount' };
    expect(
      read(plugin({ ...nobody, authMetadata: metadata })).clusters,
    ).toMatchObject([{ name: 'prod-eu-1' }]);
    expect(read(plugin(nobody)).refused).toEqual([
      {
        cluster: 'prod-eu-1',
        problem: expect.stringContaining('it is asked as nobody'),
      },
    ]);
  });

  it('says which of them it does not read, and takes those alone that are named', () => {
    const google = {
      name: 'gke',
      url: 'https://10.0.0.3',
      authProvider: 'google',
    };
    const data = plugin(PROD, google);
    expect(read(data).refused).toEqual([
      {
        cluster: 'gke',
        problem: expect.stringMatching(
          /^The cluster gke of the Kubernetes plugin is not read: it is asked as google/,
        ),
      },
    ]);
    const named = {
      callgate: { kubernetesPlugin: { clusters: ['prod-eu-1'] } },
    };
    expect(read({ ...data, ...named })).toMatchObject({
      clusters: [{ name: 'prod-eu-1' }],
      refused: [],
    });
    expect(
      read({ ...data, callgate: { kubernetesPlugin: { clusters: [] } } }),
    ).toEqual({ clusters: [], agents: [], refused: [], notes: [] });
    expect(() =>
      read({ ...data, callgate: { kubernetesPlugin: { clusters: ['x'] } } }),
    ).toThrow(/names x, and .* lists no such cluster/);
  });

  it('says of clusters that are found elsewhere that it does not know them', () => {
    const { notes, clusters } = read({
      kubernetes: { clusterLocatorMethods: [{ type: 'gke', projectId: 'x' }] },
    });
    expect(clusters).toEqual([]);
    expect(notes).toEqual([
      expect.stringContaining('that gke finds are not read'),
    ]);
  });

  it('says of which clusters an agent tells, and who that is', () => {
    const { agents, clusters } = read({
      callgate: {
        clusters: {
          prod: { agent: { subject: 'external:prod-agent' } },
          far: { agent: { subject: 'external:far-agent' } },
        },
      },
    });
    expect(clusters).toEqual([]);
    expect(agents).toEqual([
      { name: 'far', subject: 'external:far-agent' },
      { name: 'prod', subject: 'external:prod-agent' },
    ]);
  });

  it.each([
    ['no subject', { agent: {} }, /subject/],
    [
      'the name of a plugin',
      { agent: { subject: 'plugin:catalog' } },
      /begin with external:/,
    ],
    [
      'a subject with a blank',
      { agent: { subject: 'external:a b' } },
      /begin with external:/,
    ],
    [
      'nothing after it',
      { agent: { subject: 'external:' } },
      /begin with external:/,
    ],
    [
      'an address beside it',
      { agent: { subject: 'external:a' }, url: 'https://x' },
      /clusters\.prod: give agent or url, not both/,
    ],
    [
      'what its agent is told',
      { agent: { subject: 'external:a' }, exclude: ['x'] },
      /exclude, not both; .* --exclude/,
    ],
  ])('refuses an agent with %s', (_, prod, message) => {
    expect(() => read({ callgate: { clusters: { prod } } })).toThrow(message);
  });

  it('refuses one token for two clusters, and a name that is a folder of manifests too', () => {
    const agent = { subject: 'external:agent' };
    expect(() =>
      read({ callgate: { clusters: { a: { agent }, b: { agent } } } }),
    ).toThrow(/a and b have one agent\.subject/);
    expect(() =>
      read({
        callgate: {
          clusters: { a: { agent } },
          estate: { manifests: [{ cluster: 'a', path: 'x' }] },
        },
      }),
    ).toThrow(/a is in callgate\.estate\.manifests/);
  });

  it.each(['serviceAccount', 'google'])(
    'refuses an agent of a cluster that the Kubernetes plugin has too (%s), and says which of the two to leave out where',
    authProvider => {
      expect(() =>
        read({
          callgate: { clusters: { a: { agent: { subject: 'external:a' } } } },
          kubernetes: {
            clusterLocatorMethods: [
              {
                type: 'config',
                clusters: [{ name: 'a', url: 'https://x', authProvider }],
              },
            ],
          },
        }),
      ).toThrow(
        /^callgate\.clusters\.a: the Kubernetes plugin has a cluster a too \(kubernetes\.clusterLocatorMethods\[0\]\.clusters\[0\]\); .*callgate\.kubernetesPlugin\.clusters/,
      );
    },
  );
});
