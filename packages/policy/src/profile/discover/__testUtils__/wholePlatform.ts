import { daemonSet, documents, istiod, meshConfigMap } from './discovered';

const configMap = (id: string, data: string) => {
  const [namespace, name] = id.split('/');
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${namespace} }\ndata:\n${data}`;
};

/** A platform in which every source says something. */
export const WHOLE_PLATFORM = documents(
  meshConfigMap(`rootNamespace: istio-config
trustDomain: a.example
trustDomainAliases: [b.example]
pathNormalization: { normalization: NONE }
defaultConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: "true" } }`),
  istiod({
    env: '[{ name: PILOT_AUTO_ALLOW_WAYPOINT_POLICY, value: "true" }]',
    more: ', args: ["--secureGRPCAddr=:15012"]',
  }),
  'apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system, labels: { topology.istio.io/network: east } }\n',
  daemonSet(
    'ztunnel',
    'istio-system',
    '{ name: istio-proxy, image: "ztunnel:1.30.0" }',
  ),
  configMap(
    'kube-system/istio-cni-config',
    '  HOST_PROBE_SNAT_IP: 169.254.9.9\n',
  ),
  configMap(
    'kube-system/cilium-config',
    '  ipam: cluster-pool\n  cluster-pool-ipv4-cidr: 10.1.0.0/16\n  policy-cidr-match-mode: nodes\n  enable-policy: never\n',
  ),
  configMap(
    'kube-system/kubeadm-config',
    '  ClusterConfiguration: |\n    networking: { podSubnet: 10.2.0.0/16, serviceSubnet: 10.96.0.0/16 }\n',
  ),
  'apiVersion: v1\nkind: Service\nmetadata: { name: kube-dns, namespace: kube-system }\nspec: { selector: { k8s-app: dns }, ports: [{ port: 53, protocol: UDP, targetPort: dns }] }\n',
  daemonSet(
    'dns',
    'kube-system',
    '{ name: dns, ports: [{ name: dns, containerPort: 1053 }] }',
  ),
  daemonSet(
    'node-local-dns',
    'kube-system',
    '{ name: cache, args: [-localip, 169.254.20.10] }',
  ),
  daemonSet(
    'aws-node',
    'kube-system',
    '{ name: agent, args: ["--enable-network-policy=false"] }',
  ),
  'apiVersion: crd.projectcalico.org/v1\nkind: IPPool\nmetadata: { name: p }\nspec: { cidr: 10.3.0.0/16, allowedUses: [Workload] }\n',
  'apiVersion: cilium.io/v2alpha1\nkind: CiliumPodIPPool\nmetadata: { name: p }\nspec: { ipv4: { cidrs: [10.4.0.0/16] } }\n',
  'apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: { name: cluster }\nspec: { networkType: OVNKubernetes, clusterNetwork: [{ cidr: 10.5.0.0/16 }], serviceNetwork: [10.97.0.0/16] }\n',
  'apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: { name: k }\nspec: { cidrs: [10.98.0.0/16] }\n',
  'apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: { name: w }\nwebhooks: [{ name: object.sidecar-injector.istio.io, clientConfig: { service: { name: istiod, namespace: istio-system } } }]\n',
  'apiVersion: operator.tigera.io/v1\nkind: Installation\nmetadata: { name: default }\nspec: {}\n',
  'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: kubernetes, namespace: default }\nendpoints: [{ addresses: [10.0.0.9] }]\nports: [{ name: https, port: 6443 }]\n',
  'apiVersion: v1\nkind: Endpoints\nmetadata: { name: kubernetes, namespace: default }\nsubsets: [{ addresses: [{ ip: 10.0.0.9 }], ports: [{ port: 6443 }] }]\n',
  'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: k8s, namespace: monitoring }\nspec: { serviceAccountName: prometheus }\n',
  'apiVersion: v1\nkind: Node\nmetadata: { name: n }\nspec: { podCIDRs: [10.6.0.0/24] }\nstatus: { addresses: [{ type: InternalIP, address: 10.0.0.1 }] }\n',
);
