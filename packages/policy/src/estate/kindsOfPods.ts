import { withoutPerPod } from './addedLabels';
import type { Found } from './toWorkload';
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

/** What decides about access beside labels: account, network, ports, and what the mesh puts beside the pods. */
function factsOf(workload: Workload): unknown[] {
  return [
    workload.serviceAccount,
    workload.hostNetwork,
    workload.containerPorts,
    workload.mesh,
    workload.meshIsGuess,
    workload.hbone,
    workload.sendsHbone,
    workload.router ?? false,
    workload.inboundExcludedPorts,
    workload.inboundIncludedPorts ?? null,
  ];
}

const nameOf = ({ manifest }: Found) => manifest.object.metadata.name;

function byKey(
  members: readonly Found[],
  keyOf: (found: Found) => unknown[],
): Found[][] {
  const kinds = new Map<string, Found[]>();
  const byName = [...members].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  for (const found of byName) {
    const key = JSON.stringify(keyOf(found));
    const list = kinds.get(key);
    if (list) list.push(found);
    else kinds.set(key, [found]);
  }
  return [...kinds.values()];
}

/**
 * Pods of one owner by what tells them apart for access: labels, account,
 * network, ports, and what the mesh puts beside them. In the order of their names.
 */
export function kindsOfPods(
  members: readonly Found[],
  read: (found: Found) => Workload,
): Found[][] {
  return byKey(members, found => [
    tellingLabels(found.template.labels, nameOf(found)),
    ...factsOf(read(found)),
  ]);
}

/** Pods of a workload by what tells them apart beside labels. In the order of their names. */
export function kindsBesideLabels(
  members: readonly Found[],
  read: (found: Found) => Workload,
): Found[][] {
  return byKey(members, found => factsOf(read(found)));
}

/**
 * Do pods have all that their template asks for? A webhook may add ports, and the injector a proxy; an account, a network or
 * ports of their own show that the template was changed since.
 */
export function isMadeOf(pods: Workload, template: Workload): boolean {
  const has = new Set(pods.containerPorts.map(port => JSON.stringify(port)));
  return (
    pods.serviceAccount === template.serviceAccount &&
    pods.hostNetwork === template.hostNetwork &&
    template.containerPorts.every(port => has.has(JSON.stringify(port))) &&
    String(pods.inboundExcludedPorts) ===
      String(template.inboundExcludedPorts) &&
    String(pods.inboundIncludedPorts) === String(template.inboundIncludedPorts)
  );
}
