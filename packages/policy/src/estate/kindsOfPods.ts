import { withoutPerPod } from './addedLabels';
import type { Found } from './readWorkloads';
import { Labels, Workload } from './types';

function sorted(entries: [string, string][]): [string, string][] {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Labels that say what a pod is for: not its name or number, which operators write into labels of their own. */
function tellingLabels(labels: Labels, name: string): [string, string][] {
  return sorted(
    Object.entries(withoutPerPod(labels)).filter(
      ([, value]) =>
        value !== name && !(/^\d+$/.test(value) && name.endsWith(`-${value}`)),
    ),
  );
}

/**
 * Pods of one owner by what tells them apart for access: labels, account,
 * network, ports, and what the mesh puts beside them. In the order of their names.
 */
export function kindsOfPods(
  members: readonly Found[],
  read: (found: Found) => Workload,
): Found[][] {
  const kinds = new Map<string, Found[]>();
  const nameOf = ({ manifest }: Found) => manifest.object.metadata.name;
  const byName = [...members].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  for (const found of byName) {
    const workload = read(found);
    const key = JSON.stringify([
      tellingLabels(found.template.labels, nameOf(found)),
      workload.serviceAccount,
      workload.hostNetwork,
      workload.containerPorts,
      workload.mesh,
      workload.inboundExcludedPorts,
      workload.inboundIncludedPorts,
    ]);
    const list = kinds.get(key);
    if (list) list.push(found);
    else kinds.set(key, [found]);
  }
  return [...kinds.values()];
}
