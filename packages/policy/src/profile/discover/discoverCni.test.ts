import { daemonSet, discovered, documents } from './__testUtils__/discovered';

describe('discoverCni', () => {
  it.each([
    ['calico-node', 'calico-system', 'calico'],
    ['canal', 'kube-system', 'calico'],
    ['cilium', 'kube-system', 'cilium'],
    ['antrea-agent', 'kube-system', 'antrea'],
    ['anetd', 'kube-system', 'cilium'],
    ['azure-npm', 'kube-system', 'azure-npm'],
    ['rke2-canal', 'kube-system', 'calico'],
    ['kube-ovn-cni', 'kube-system', 'kube-ovn'],
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

  it('knows a plugin by its name, wherever its image comes from', () => {
    const { of } = discovered(
      daemonSet(
        'calico-node',
        'kube-system',
        '{ name: calico-node, image: "registry.corp.example:5000/mirror/node@sha256:0f" }',
      ),
    );
    expect(of('cni.name')).toHaveLength(1);
  });

  describe('where flannel runs, a namespace that anybody could have made', () => {
    const FLANNEL = daemonSet('kube-flannel-ds', 'kube-flannel');
    const MADE = daemonSet('calico-node', 'calico-system');
    const INSTALLATION =
      'apiVersion: operator.tigera.io/v1\nkind: Installation\nmetadata: { name: default }\nspec: {}\n';

    // Otherwise a team would make policies count that nobody enforces.
    it('does not make policies enforced', () => {
      const { profile, findings } = discovered(documents(FLANNEL, MADE));
      expect(profile.cni).toMatchObject({ enforcesNetworkPolicy: false });
      expect(profile.cni.name).toBeUndefined();
      expect(findings.map(({ code }) => code)).toEqual(['profile-ambiguous']);
    });

    it.each(['cilium/cilium', 'ovn-kubernetes/ovnkube-node'])(
      'nor does %s',
      id => {
        const [namespace, name] = id.split('/');
        const { profile } = discovered(
          documents(FLANNEL, daemonSet(name, namespace)),
        );
        expect(profile.cni.enforcesNetworkPolicy).toBe(false);
      },
    );

    it('is believed with an object outside namespaces that only administrators write', () => {
      const { profile, findings } = discovered(
        documents(FLANNEL, MADE, INSTALLATION),
      );
      expect(profile.cni).toMatchObject({
        name: 'calico',
        enforcesNetworkPolicy: true,
      });
      expect(findings).toEqual([]);
    });

    it('is believed where the profile names the plugin', () => {
      const { profile, findings } = discovered(
        documents(FLANNEL, MADE),
        '  cni: { name: calico }',
      );
      expect(profile.cni.enforcesNetworkPolicy).toBe(true);
      expect(findings).toEqual([]);
    });

    it('a kind of the same name and of another group does not help it', () => {
      const { profile } = discovered(
        documents(
          FLANNEL,
          MADE,
          'apiVersion: v1\nkind: Installation\nmetadata: { name: default, namespace: shop }\n',
        ),
      );
      expect(profile.cni.enforcesNetworkPolicy).toBe(false);
    });
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

  // Else a team could have blocks of addresses count as if they let in no pods.
  it('believes namespace cilium only with something else that says so', () => {
    const own = config('', 'cilium');
    const { profile, findings } = discovered(own);
    expect(profile.cni.ipBlockMatchesPods).toBe(true);
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'platform-not-readable',
        message:
          'ConfigMap cilium/cilium-config: metadata.namespace is a namespace that others could make; state cni.name: cilium in the platform profile.',
      }),
    ]);
    for (const { profile: sure } of [
      discovered(own, '  cni: { name: cilium }'),
      discovered(
        documents(
          own,
          '\napiVersion: cilium.io/v2alpha1\nkind: CiliumPodIPPool\nmetadata: { name: p }\nspec: {}\n',
        ),
      ),
    ])
      expect(sure.cni.ipBlockMatchesPods).toBe(false);
  });
});
