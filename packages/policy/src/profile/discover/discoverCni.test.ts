import { daemonSet, discovered, documents } from './__testUtils__/discovered';

describe('discoverCni', () => {
  it.each([
    ['calico-node', 'calico-system', 'calico'],
    ['canal', 'kube-system', 'calico'],
    ['cilium', 'kube-system', 'cilium'],
    ['antrea-agent', 'kube-system', 'antrea'],
    ['kindnet', 'kube-system', 'kindnet'],
    ['aws-node', 'kube-system', 'aws-vpc-cni'],
    ['ovnkube-node', 'openshift-ovn-kubernetes', 'ovn-kubernetes'],
  ])('knows the DaemonSet %s in %s', (daemon, namespace, name) => {
    const { of, profile } = discovered(daemonSet(daemon, namespace));
    expect(of('cni.name')).toEqual([
      [name, `DaemonSet ${namespace}/${daemon}`, 3],
    ]);
    expect(profile.cni.enforcesNetworkPolicy).toBe(true);
  });

  it('does not believe the namespace of a team', () => {
    expect(discovered(daemonSet('calico-node', 'shop')).profile.found).toEqual(
      [],
    );
  });

  it('flannel alone enforces no policies', () => {
    const { profile } = discovered(
      daemonSet('kube-flannel-ds', 'kube-flannel'),
    );
    expect(profile.cni).toMatchObject({
      name: 'flannel',
      enforcesNetworkPolicy: false,
    });
  });

  it.each(['kube-flannel-ds', 'aws-node'])(
    'of %s and Calico beside it, Calico enforces',
    daemon => {
      const { profile, findings } = discovered(
        documents(
          daemonSet(
            daemon,
            'kube-system',
            '{ name: a, args: ["--enable-network-policy=false"] }',
          ),
          daemonSet('calico-node', 'kube-system'),
        ),
      );
      expect(profile.cni).toMatchObject({
        name: 'calico',
        enforcesNetworkPolicy: true,
      });
      expect(findings).toEqual([]);
    },
  );

  it.each([
    ['false', false],
    ['true', true],
  ])("AWS's plugin with --enable-network-policy=%s", (text, enforces) => {
    const { profile, of } = discovered(
      daemonSet(
        'aws-node',
        'kube-system',
        `{ name: aws-eks-nodeagent, args: ["--enable-network-policy=${text}"] }`,
      ),
    );
    expect(profile.cni.enforcesNetworkPolicy).toBe(enforces);
    // That it is on is the default, and the controller that it needs is in no manifest.
    expect(of('cni.enforcesNetworkPolicy')).toHaveLength(enforces ? 0 : 1);
  });

  it('two that enforce policies are a finding', () => {
    const { profile, findings } = discovered(
      documents(
        daemonSet('cilium', 'kube-system'),
        daemonSet('calico-node', 'kube-system'),
      ),
    );
    expect(profile.cni.name).toBeUndefined();
    expect(findings.map(({ code }) => code)).toEqual(['profile-ambiguous']);
  });
});

describe('discoverCilium', () => {
  const config = (data: string, namespace = 'kube-system') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: cilium-config, namespace: ${namespace} }\ndata:\n  debug: "false"\n${data}`;

  it('N1: blocks match neither pods nor nodes', () => {
    const { profile, of } = discovered(config(''));
    expect(profile.cni).toEqual({
      ipBlockMatchesPods: false,
      ipBlockMatchesNodes: false,
      enforcesNetworkPolicy: true,
      fqdnPolicies: true,
    });
    expect(of('cni.ipBlockMatchesPods')).toEqual([
      [false, 'ConfigMap kube-system/cilium-config', 4],
    ]);
  });

  it('N1: blocks match nodes where it is told so', () => {
    const { of } = discovered(config('  policy-cidr-match-mode: nodes\n'));
    expect(of('cni.ipBlockMatchesNodes')).toEqual([
      [true, 'ConfigMap kube-system/cilium-config', 6],
    ]);
  });

  it.each(['enable-policy: never', 'enable-k8s-networkpolicy: "false"'])(
    'with %s no policy is enforced',
    option => {
      const { profile } = discovered(config(`  ${option}\n`));
      expect(profile.cni.enforcesNetworkPolicy).toBe(false);
    },
  );

  it('has no policies by name without its proxy', () => {
    const { profile } = discovered(config('  enable-l7-proxy: "false"\n'));
    expect(profile.cni.fqdnPolicies).toBe(false);
  });

  it('finds pools where it gives the addresses, and only there', () => {
    const pools =
      '  cluster-pool-ipv4-cidr: "10.1.0.0/16 10.2.0.0/16"\n  cluster-pool-ipv6-cidr: fd00:1::/104\n';
    expect(
      discovered(config(`  ipam: cluster-pool\n${pools}`)).profile.network,
    ).toMatchObject({
      podCidrs: ['10.1.0.0/16', '10.2.0.0/16', 'fd00:1::/104'],
    });
    expect(
      discovered(config(`  ipam: kubernetes\n${pools}`)).profile.network
        .podCidrs,
    ).toEqual([]);
  });

  it('a pool that is none is a finding with its line', () => {
    const { findings, profile } = discovered(
      config('  ipam: cluster-pool\n  cluster-pool-ipv4-cidr: 10.1.0.0/40\n'),
    );
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'platform-not-readable',
        at: expect.objectContaining({ line: 7 }),
      }),
    ]);
    expect(profile.network.podCidrs).toEqual([]);
  });

  it('does not believe the namespace of a team', () => {
    expect(discovered(config('', 'shop')).profile.found).toEqual([]);
  });
});
