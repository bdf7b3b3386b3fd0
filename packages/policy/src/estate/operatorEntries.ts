import { FindingData } from '../findings';
import { asArray, asJson, asText, isJson } from './json';
import { named } from './operatorLabels';
import { groupOf } from './podTemplates';
import { groupKindOf } from './readWorkloads';
import { KubernetesObject, Labels, ManifestObject } from './types';

/** Labels of pods that something selects. */
export interface Selector {
  by: ManifestObject;
  labels: Labels;
}

/** A value as YAML writes it in one line. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isJson(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(
      ([key, inner]) =>
        `${/^[\w./-]+$/.test(key) ? key : JSON.stringify(key)}: ${flow(inner)}`,
    )
    .join(', ')} }`;
}

/** Ports of pods as the Services name them that select them; a name stands for the number that the Service has. */
function portsOf(selectors: readonly Selector[]): FindingData[] {
  const ports = new Map<string, FindingData>();
  for (const { by } of selectors) {
    if (groupKindOf(by.object) !== '/Service') continue;
    for (const entry of asArray(asJson(by.object.spec).ports).map(asJson)) {
      const { port, targetPort } = entry;
      const name = asText(targetPort);
      const number = typeof targetPort === 'number' ? targetPort : port;
      if (typeof number !== 'number') continue;
      const protocol =
        entry.protocol === 'UDP' || entry.protocol === 'SCTP'
          ? entry.protocol
          : 'TCP';
      ports.set(`${name} ${number} ${protocol}`, {
        ...(name === undefined ? {} : { name }),
        port: number,
        protocol,
      });
    }
  }
  return [...ports.values()];
}

/** Selectors that one pod can answer to; those that ask for different values of one label are of different pods. */
function bySamePods(selectors: readonly Selector[]): Selector[][] {
  const groups: Selector[][] = [];
  for (const selector of selectors) {
    const wanted = Object.entries(selector.labels);
    const group = groups.find(each =>
      each.every(({ labels }) =>
        wanted.every(
          ([key, value]) => labels[key] === undefined || labels[key] === value,
        ),
      ),
    );
    if (group) group.push(selector);
    else groups.push([selector]);
  }
  return groups;
}

/** Entries of `workloadKinds` that give the pods of an object the labels that are asked for. */
export function entriesFor(
  object: KubernetesObject,
  selectors: readonly Selector[],
): FindingData[] {
  const spec = asJson(object.spec);
  const account =
    asText(spec.serviceAccountName) ?? asText(spec.serviceAccount);
  return bySamePods(selectors).map(own => {
    const labels: Record<string, string> = {};
    for (const entry of own.flatMap(each => Object.entries(each.labels)))
      labels[entry[0]] = named(entry, object) ?? entry[1];
    const ports = portsOf(own);
    return {
      group: groupOf(object),
      kind: object.kind,
      pods: {
        labels,
        serviceAccount: account ?? 'default',
        ...(ports.length > 0 ? { ports } : {}),
      },
    };
  });
}
