import { asArray, asJson, asText, fieldAt } from '../../estate/json';
import { Evidence } from './Evidence';
import { PlatformObjects } from './PlatformObjects';
import { readCidrs } from './readCidrs';

/** Reads Calico's IPPools, disabled ones too: pods keep the addresses that they have. */
export function discoverCalicoPools(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const pools = [
    ...platform.of('crd.projectcalico.org/IPPool'),
    ...platform.of('projectcalico.org/IPPool'),
  ];
  for (const manifest of pools) {
    const { cidr, allowedUses } = asJson(manifest.object.spec);
    const uses = asArray(allowedUses);
    // Other pools are for tunnels and load balancers.
    if (uses.length > 0 && !uses.includes('Workload')) continue;
    const path = ['spec', 'cidr'];
    const cidrs = readCidrs([cidr], manifest, path, evidence);
    if (cidrs.length > 0)
      evidence.add('network.podCidrs', cidrs, manifest, path);
  }
}

/** Reads Cilium's pools of addresses. */
export function discoverCiliumPools(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  for (const manifest of platform.of('cilium.io/CiliumPodIPPool')) {
    for (const family of ['ipv4', 'ipv6']) {
      const path = ['spec', family, 'cidrs'];
      const value = fieldAt(manifest.object, path.join('.'));
      const cidrs = readCidrs(value, manifest, path, evidence);
      if (cidrs.length > 0)
        evidence.add('network.podCidrs', cidrs, manifest, path);
    }
  }
}

/** Reads OpenShift's network configuration. */
export function discoverOpenShiftNetwork(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  for (const manifest of platform.of('config.openshift.io/Network')) {
    const spec = asJson(manifest.object.spec);
    const pods = ['spec', 'clusterNetwork'];
    const podCidrs = readCidrs(
      spec.clusterNetwork === undefined
        ? undefined
        : asArray(spec.clusterNetwork).map(each => asJson(each).cidr),
      manifest,
      pods,
      evidence,
    );
    if (podCidrs.length > 0)
      evidence.add('network.podCidrs', podCidrs, manifest, pods);
    const services = ['spec', 'serviceNetwork'];
    const serviceCidrs = readCidrs(
      spec.serviceNetwork,
      manifest,
      services,
      evidence,
    );
    if (serviceCidrs.length > 0)
      evidence.add('network.serviceCidrs', serviceCidrs, manifest, services);
    if (asText(spec.networkType) === 'OVNKubernetes') {
      const path = ['spec', 'networkType'];
      evidence.add('cni.name', 'ovn-kubernetes', manifest, path);
    }
  }
}
