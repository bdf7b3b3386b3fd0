import { discovered, documents } from './__testUtils__/discovered';

const pool = (name: string, spec: string) =>
  `apiVersion: crd.projectcalico.org/v1\nkind: IPPool\nmetadata: { name: ${name} }\nspec: ${spec}\n`;

const node = (name: string, rest: string) =>
  `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\n${rest}`;

const kubeadm = (text: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: kubeadm-config, namespace: kube-system }
data:
  ClusterConfiguration: |
${text}`;

const codes = ({ findings }: ReturnType<typeof discovered>) =>
  findings.map(({ code }) => code);

describe("Calico's pools", () => {
  it('are addresses of pods, disabled ones too', () => {
    const { profile, of } = discovered(
      documents(
        pool('b', '{ cidr: 10.2.0.0/16, disabled: true }'),
        pool('a', '{ cidr: 10.1.0.0/16, allowedUses: [Workload, Tunnel] }'),
      ),
    );
    expect(profile.network.podCidrs).toEqual(['10.1.0.0/16', '10.2.0.0/16']);
    expect(of('network.podCidrs')).toEqual([
      [['10.1.0.0/16'], 'IPPool a', 9],
      [['10.2.0.0/16'], 'IPPool b', 4],
    ]);
  });

  it('for load balancers are none of pods', () => {
    const lb = pool('lb', '{ cidr: 10.9.0.0/16, allowedUses: [LoadBalancer] }');
    expect(discovered(lb).profile.found).toEqual([]);
  });

  it.each(['{ cidr: 10.1.0.0/33 }', '{ cidr: [10.1.0.0/16] }', '{}', '7'])(
    'that are %s are a finding',
    spec => {
      const result = discovered(pool('a', spec));
      expect(codes(result)).toEqual(['platform-not-readable']);
      expect(result.profile.network.podCidrs).toEqual([]);
    },
  );
});

describe("Cilium's pools", () => {
  it('are addresses of pods', () => {
    const { profile } = discovered(
      'apiVersion: cilium.io/v2alpha1\nkind: CiliumPodIPPool\nmetadata: { name: default }\nspec: { ipv4: { cidrs: [10.1.0.0/16] }, ipv6: { cidrs: ["fd00::/104"] } }\n',
    );
    expect(profile.network.podCidrs).toEqual(['10.1.0.0/16', 'fd00::/104']);
  });
});

describe("OpenShift's Network", () => {
  it('says which addresses pods and Services have', () => {
    const { profile } = discovered(
      'apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: { name: cluster }\nspec: { networkType: OVNKubernetes, clusterNetwork: [{ cidr: 10.128.0.0/14, hostPrefix: 23 }], serviceNetwork: [172.30.0.0/16] }\n',
    );
    expect(profile.network).toMatchObject({
      podCidrs: ['10.128.0.0/14'],
      serviceCidrs: ['172.30.0.0/16'],
    });
    expect(profile.cni.name).toBe('ovn-kubernetes');
  });

  it.each(['clusterNetwork: [10.128.0.0/14]', 'serviceNetwork: 172.30.0.0/16'])(
    'with %s is a finding',
    spec => {
      const yaml = `apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: { name: cluster }\nspec: { ${spec} }\n`;
      expect(codes(discovered(yaml))).toEqual(['platform-not-readable']);
    },
  );
});

describe('Nodes', () => {
  it('say which addresses they have and give', () => {
    const { profile, of } = discovered(
      documents(
        node(
          'n2',
          'spec: { podCIDRs: [10.1.2.0/24, "fd00:2::/64"] }\nstatus: { addresses: [{ type: InternalIP, address: 10.0.0.2 }, { type: Hostname, address: n2 }] }\n',
        ),
        node(
          'n1',
          'spec: { podCIDR: 10.1.1.0/24 }\nstatus: { addresses: [{ type: InternalIP, address: "fe80::1" }, { type: ExternalIP, address: 203.0.113.1 }] }\n',
        ),
      ),
    );
    expect(profile.network).toEqual({
      podCidrs: ['10.1.1.0/24', '10.1.2.0/24', 'fd00:2::/64'],
      nodeCidrs: ['10.0.0.2/32', '203.0.113.1/32', 'fe80::1/128'],
      serviceCidrs: [],
    });
    expect(of('network.nodeCidrs')).toEqual([
      [
        ['10.0.0.2/32', '203.0.113.1/32', 'fe80::1/128'],
        'Node n1 and 1 more',
        11,
      ],
    ]);
  });

  it.each(['', 'spec: {}\nstatus: { addresses: [{ type: InternalIP }, 7] }\n'])(
    'that say nothing are passed over: %j',
    rest => {
      expect(discovered(node('n', rest)).profile.found).toEqual([]);
    },
  );

  it('with a range that is none are a finding', () => {
    const result = discovered(node('n', 'spec: { podCIDRs: [all] }\n'));
    expect(codes(result)).toEqual(['platform-not-readable']);
    expect(result.profile.network.podCidrs).toEqual([]);
  });
});

describe('ServiceCIDRs', () => {
  it('are the addresses of Services', () => {
    const { profile } = discovered(
      'apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: { name: kubernetes }\nspec: { cidrs: [10.96.0.0/16] }\n',
    );
    expect(profile.network.serviceCidrs).toEqual(['10.96.0.0/16']);
  });
});

describe("kubeadm's configuration", () => {
  it('says which addresses pods and Services have, with its line', () => {
    const { of } = discovered(
      kubeadm(
        '    networking:\n      podSubnet: 10.244.0.0/16,fd00::/56\n      serviceSubnet: 10.96.0.0/16\n',
      ),
    );
    const object = 'ConfigMap kube-system/kubeadm-config';
    expect(of('network.podCidrs')).toEqual([
      [['10.244.0.0/16', 'fd00::/56'], object, 7],
    ]);
    expect(of('network.serviceCidrs')).toEqual([[['10.96.0.0/16'], object, 8]]);
  });

  it.each([
    '    networking: { podSubnet: [ }\n',
    '    networking: { podSubnet: 7 }\n',
    '    networking: { podSubnet: "10.244.0.0/16;10.245.0.0/16" }\n',
    '    text\n',
  ])('that reads %j is a finding', text => {
    const result = discovered(kubeadm(text));
    expect(codes(result)).toEqual(['platform-not-readable']);
    expect(result.profile.found).toEqual([]);
  });

  it('of a cluster that leaves the ranges to others says nothing', () => {
    const { profile } = discovered(
      kubeadm('    networking: { dnsDomain: cluster.local, podSubnet: "" }\n'),
    );
    expect(profile.found).toEqual([]);
  });
});
