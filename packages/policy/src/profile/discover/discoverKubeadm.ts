import { fieldAt } from '../../estate/json';
import { EmbeddedYaml } from './EmbeddedYaml';
import { Evidence } from './Evidence';
import { PlatformObjects } from './PlatformObjects';
import { readCidrs } from './readCidrs';

/**
 * Reads the ranges that the cluster was made with: ConfigMap `kubeadm-config`,
 * key `ClusterConfiguration`. A network plugin with pools of its own need not
 * keep to the one of pods.
 */
export function discoverKubeadm(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const path = ['data', 'ClusterConfiguration'] as const;
  for (const manifest of platform.named('/ConfigMap', 'kubeadm-config', [
    'kube-system',
  ])) {
    const yaml = EmbeddedYaml.read(manifest, path, evidence);
    if (!yaml) continue;
    for (const [field, name, isSure] of [
      ['network.podCidrs', 'networking.podSubnet', false],
      ['network.serviceCidrs', 'networking.serviceSubnet', true],
    ] as const) {
      const value = fieldAt(yaml.value, name);
      if (value === undefined || value === '') continue;
      // Of a cluster with two families: both, with a comma.
      const list = typeof value === 'string' ? value.split(',') : value;
      const cidrs = readCidrs(list, manifest, path, evidence);
      const line = yaml.lineOf(name);
      if (cidrs.length > 0)
        evidence.add(field, cidrs, manifest, path, {
          isSure,
          ...(line === undefined ? {} : { lineOfText: line }),
        });
    }
  }
}
