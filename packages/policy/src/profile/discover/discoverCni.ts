import { ManifestObject } from '../../estate/types';
import { argument, containersOf } from './containers';
import { Evidence } from './Evidence';
import { isSamePlugin } from './agrees';
import { PlatformKind, PlatformObjects, namespaceOf } from './PlatformObjects';

/** A network plugin as its DaemonSet is called. */
interface Plugin {
  daemonSet: string;
  namespaces: readonly string[];
  name: string;
  /** False for those that leave policies to another one beside them. */
  hasPolicies: boolean;
}

const SYSTEM = 'kube-system';

/**
 * Names and namespaces as each project's manifests or documentation have them. Images are not asked: they may come from a
 * registry of one's own. `kube-system` belongs to the platform everywhere; of the other namespaces see {@link isVouchedFor}.
 *
 * - calico-node: projectcalico/calico `manifests/calico.yaml`, and of its operator; canal: `manifests/canal.yaml`, RKE2's chart
 * - cilium: cilium/cilium `install/kubernetes/cilium`; anetd: GKE's documentation of Dataplane V2
 * - antrea-agent: antrea-io/antrea `build/yamls`; kube-router: cloudnativelabs/kube-router `daemonset`
 * - kindnet: kubernetes-sigs/kind and kindnet; kube-network-policies: kubernetes-sigs/kube-network-policies `install.yaml`
 * - ovnkube-node: OpenShift's cluster-network-operator, ovn-org/ovn-kubernetes `dist`; kube-ovn-cni: kubeovn/kube-ovn
 * - weave-net: weaveworks/weave; azure-npm: Azure/azure-container-networking `npm/azure-npm.yaml`
 * - aws-node: aws/amazon-vpc-cni-k8s; kube-flannel-ds: flannel-io/flannel, whose readme leaves policies to others
 */
const PLUGINS: readonly Plugin[] = [
  plugin('calico-node', 'calico', ['calico-system']),
  plugin('canal', 'calico'),
  plugin('rke2-canal', 'calico'),
  plugin('cilium', 'cilium', ['cilium']),
  plugin('anetd', 'cilium'),
  plugin('antrea-agent', 'antrea'),
  plugin('azure-npm', 'azure-npm'),
  plugin('kindnet', 'kindnet'),
  plugin('kube-ovn-cni', 'kube-ovn'),
  plugin('kube-router', 'kube-router'),
  plugin('kube-network-policies', 'kube-network-policies'),
  plugin('weave-net', 'weave-net'),
  plugin('ovnkube-node', 'ovn-kubernetes', [
    'openshift-ovn-kubernetes',
    'ovn-kubernetes',
  ]),
  plugin('aws-node', 'aws-vpc-cni', [], false),
  plugin('kube-flannel-ds', 'flannel', ['kube-flannel'], false),
];

function plugin(
  daemonSet: string,
  name: string,
  namespaces: readonly string[] = [],
  hasPolicies = true,
): Plugin {
  return { daemonSet, name, namespaces: [SYSTEM, ...namespaces], hasPolicies };
}

/** Does AWS's plugin say that it enforces no policies? Its saying yes needs a controller that is not in any manifest. */
function awsIsOff(manifest: ManifestObject): boolean {
  return containersOf(manifest).some(
    ({ args }) => argument(args, 'enable-network-policy') === 'false',
  );
}

/** Objects outside namespaces that a plugin's own installation brings. */
const VOUCHERS: Readonly<Record<string, readonly PlatformKind[]>> = {
  calico: [
    'crd.projectcalico.org/IPPool',
    'operator.tigera.io/Installation',
    'projectcalico.org/IPPool',
  ],
  cilium: ['cilium.io/CiliumPodIPPool'],
  'ovn-kubernetes': ['config.openshift.io/Network'],
};

/**
 * Is it sure that the platform runs this plugin? Whoever may make namespaces could make `calico-system` where flannel runs,
 * and have policies that nobody enforces counted as a layer. Outside `kube-system` an object that only administrators write
 * has to say the same, or the profile.
 */
export function isVouchedFor(
  platform: PlatformObjects,
  name: string,
  manifest: ManifestObject,
): boolean {
  if (namespaceOf(manifest) === SYSTEM) return true;
  const { statedCni } = platform;
  if (statedCni !== undefined && isSamePlugin(statedCni, name)) return true;
  return (VOUCHERS[name] ?? []).some(kind => platform.of(kind).length > 0);
}

/**
 * Reads which network plugin runs. Of one that gives addresses and one that
 * enforces policies beside it, the latter counts.
 */
export function discoverCni(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const running = PLUGINS.flatMap(each =>
    platform
      .named('apps/DaemonSet', each.daemonSet, each.namespaces)
      .map(manifest => ({ ...each, manifest })),
  );
  const path = ['metadata', 'name'];
  const off = running.filter(
    ({ name, hasPolicies, manifest }) =>
      !hasPolicies && (name === 'flannel' || awsIsOff(manifest)),
  );
  const enforcing = running.filter(({ hasPolicies }) => hasPolicies);
  const sure = enforcing.filter(({ name, manifest }) =>
    isVouchedFor(platform, name, manifest),
  );
  // Where one says that nothing is enforced, another has to be surely there to be believed.
  const isContested = off.length > 0 && sure.length === 0;
  const [counting = running] = [...(isContested ? [] : [enforcing])].filter(
    each => each.length > 0,
  );
  for (const { name, manifest } of counting)
    evidence.add('cni.name', name, manifest, path);
  if (!isContested) return;
  const { statedCni } = platform;
  for (const { name, manifest } of off) {
    // Who names another plugin knows of one that is not seen here.
    const isSure = statedCni === undefined || isSamePlugin(statedCni, name);
    const details = { isSure };
    evidence.add('cni.enforcesNetworkPolicy', false, manifest, path, details);
  }
}
