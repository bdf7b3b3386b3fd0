import { daemonSet, discovered, documents } from './__testUtils__/discovered';

const service = (
  name: string,
  namespace: string,
  ports: string,
  selector = '{ k8s-app: kube-dns }',
) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: ${selector}
  ports: ${ports}
`;

const USUAL_PORTS =
  '[{ name: dns, port: 53, protocol: UDP, targetPort: 53 }, { name: dns-tcp, port: 53, protocol: TCP, targetPort: 53 }, { name: metrics, port: 9153, targetPort: 9153 }]';

const both = (port: number) => [
  { port, protocol: 'UDP' },
  { port, protocol: 'TCP' },
];

describe('discoverDns', () => {
  it('finds the pods behind kube-dns, and their ports for names only', () => {
    const { of, profile } = discovered(
      service('kube-dns', 'kube-system', USUAL_PORTS),
    );
    const peers = [
      {
        namespace: 'kube-system',
        podLabels: { 'k8s-app': 'kube-dns' },
        ports: both(53),
      },
    ];
    expect(of('dns')).toEqual([[peers, 'Service kube-system/kube-dns', 6]]);
    expect(profile.dns).toEqual(peers);
    expect(profile.guesses).not.toContain('dns');
  });

  it('without it the guess stays', () => {
    const { profile } = discovered(service('dns', 'shop', USUAL_PORTS));
    expect(profile.found).toEqual([]);
    expect(profile.guesses).toContain('dns');
  });

  it('a port without a target is that of the Service', () => {
    const { profile } = discovered(
      service('kube-dns', 'kube-system', '[{ port: 53, protocol: UDP }]'),
    );
    expect(profile.dns[0].ports).toEqual([{ port: 53, protocol: 'UDP' }]);
  });

  const NAMED =
    '[{ port: 53, protocol: UDP, targetPort: dns }, { port: 53, targetPort: dns }]';

  it('looks a name up at the pods', () => {
    const pods = (port: number) =>
      daemonSet(
        'kube-dns',
        'kube-system',
        `{ name: dns, ports: [{ name: dns, containerPort: ${port}, protocol: UDP }] }`,
      );
    const named = service('kube-dns', 'kube-system', NAMED);
    expect(discovered(documents(named, pods(1053))).profile.dns).toEqual([
      expect.objectContaining({ ports: both(1053) }),
    ]);
  });

  it('does not make up what a name stands for', () => {
    const { profile } = discovered(service('kube-dns', 'kube-system', NAMED));
    expect(profile.found).toEqual([]);
    expect(profile.guesses).toContain('dns');
  });

  it("N6: finds OpenShift's, whose pods listen on 5353", () => {
    const label = '{ dns.operator.openshift.io/daemonset-dns: default }';
    const network =
      'apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: { name: cluster }\nspec: {}\n';
    const { profile } = discovered(
      documents(service('dns-default', 'openshift-dns', NAMED, label), network),
    );
    expect(profile.dns).toEqual([
      {
        namespace: 'openshift-dns',
        podLabels: { 'dns.operator.openshift.io/daemonset-dns': 'default' },
        ports: both(5353),
      },
    ]);
  });

  it('does not believe a namespace of that name where nothing says that OpenShift runs', () => {
    const tenants = service('dns-default', 'openshift-dns', NAMED, '{ a: b }');
    const alone = discovered(tenants);
    expect(alone.profile.found).toEqual([]);
    expect(alone.profile.guesses).toContain('dns');
    const beside = discovered(
      documents(service('kube-dns', 'kube-system', USUAL_PORTS), tenants),
    );
    expect(beside.profile.dns.map(each => each.namespace)).toEqual([
      'kube-system',
    ]);
  });

  it.each([
    '[{ port: 53, targetPort: 70000 }]',
    '[]',
    'none',
    '[{ port: "53" }, 7]',
    '[{ port: 9153 }]',
  ])('is not led astray by the ports %s', ports => {
    const { profile, findings } = discovered(
      service('kube-dns', 'kube-system', ports),
    );
    expect([profile.found, findings]).toEqual([[], []]);
  });

  it('a Service without selector says nothing about pods', () => {
    const { profile } = discovered(
      service('kube-dns', 'kube-system', USUAL_PORTS, '{}'),
    );
    expect(profile.found).toEqual([]);
  });
});

describe('discoverNodeLocalDns', () => {
  const cache = (args: string) =>
    daemonSet('node-local-dns', 'kube-system', `{ name: c, args: ${args} }`);
  const peer = {
    cidrs: ['169.254.20.10/32', '10.96.0.10/32'],
    ports: both(53),
  };

  it('N6: adds the addresses of the cache to those of the Service', () => {
    const { profile, of } = discovered(
      documents(
        cache('[-localip, "169.254.20.10,10.96.0.10", -conf, /etc/Corefile]'),
        service('kube-dns', 'kube-system', USUAL_PORTS),
      ),
    );
    expect(profile.dns).toEqual([
      expect.objectContaining({ namespace: 'kube-system' }),
      peer,
    ]);
    expect(of('dns')).toContainEqual([
      [peer],
      'DaemonSet kube-system/node-local-dns',
      7,
    ]);
    expect(profile.guesses).not.toContain('dns');
  });

  it('alone it stands beside the guess, which stays one', () => {
    const { profile } = discovered(
      cache('["-localip=169.254.20.10,10.96.0.10"]'),
    );
    expect(profile.dns).toEqual([
      expect.objectContaining({ namespace: 'kube-system' }),
      peer,
    ]);
    expect(profile.guesses).toContain('dns');
  });

  it.each([
    '["-localip", "__PILLAR__LOCAL__DNS__,__PILLAR__DNS__SERVER__"]',
    '["-localip"]',
    '[]',
    '7',
  ])('finds nothing in %s', args => {
    expect(discovered(cache(args)).profile.found).toEqual([]);
  });
});
