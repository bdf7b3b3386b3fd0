import { ManifestObject } from '../../estate/types';
import { argument, containersOf } from './containers';
import { Evidence } from './Evidence';
import { PlatformObjects } from './PlatformObjects';

/** A network plugin as its DaemonSet is called. */
interface Plugin {
  daemonSet: string;
  namespaces: readonly string[];
  name: string;
  /** False for those that leave policies to another one beside them. */
  hasPolicies: boolean;
}

const SYSTEM = 'kube-system';

const PLUGINS: readonly Plugin[] = [
  plugin('calico-node', 'calico', ['calico-system']),
  plugin('canal', 'calico'),
  plugin('cilium', 'cilium', ['cilium']),
  plugin('antrea-agent', 'antrea'),
  plugin('kindnet', 'kindnet'),
  plugin('kube-router', 'kube-router'),
  plugin('kube-network-policies', 'kube-network-policies'),
  plugin('weave-net', 'weave-net'),
  plugin('ovnkube-node', 'ovn-kubernetes', ['openshift-ovn-kubernetes']),
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
  const enforcing = running.filter(({ hasPolicies }) => hasPolicies);
  const path = ['metadata', 'name'];
  const counting = enforcing.length > 0 ? enforcing : running;
  for (const { name, manifest } of counting)
    evidence.add('cni.name', name, manifest, path);
  if (enforcing.length > 0) return;
  for (const { name, manifest } of running) {
    if (name === 'flannel' || awsIsOff(manifest))
      evidence.add('cni.enforcesNetworkPolicy', false, manifest, path);
  }
}
