import { Finding, finding, FindingData } from '../findings';
import { PlatformProfile } from '../profile/types';
import { asArray, asJson, asLabels, asText, isJson } from './json';
import { matchLabels } from './podLabels';
import { podSelectorsOf } from './podSelectors';
import { groupOf, podTemplatesOf } from './podTemplates';
import { groupKindOf } from './readWorkloads';
import { unknownWorkloads } from './unknownWorkloadKinds';
import { KubernetesObject, Labels, ManifestObject, Workload } from './types';

/** Groups whose kinds have no pods of their own, but for what everybody knows. */
const NO_OPERATORS =
  /^[^.]*$|(^|\.)(k8s\.io|istio\.io|cilium\.io|projectcalico\.org|cert-manager\.io)$/;
/** Kinds that are about pods of others. */
const ABOUT_OTHERS =
  /(Monitor|Rules?|Policy|Probe|Route|Binding|Role|Class|Secret|Certificate|Issuer|Filter|Config|Application|ApplicationSet|Project|Claim|User|Topic|Backup|Restore|Template)$/;

const DEEPEST = 8;

function collectLabels(value: unknown, depth: number, found: Labels[]): void {
  if (depth > DEEPEST || !isJson(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'labels') found.push(asLabels(inner));
    else collectLabels(inner, depth + 1, found);
  }
}

/** Labels that an object gives to what is made of it. */
function labelsIn(object: KubernetesObject): Labels[] {
  const found: Labels[] = [];
  collectLabels(object.spec, 1, found);
  return found;
}

/** The registered part of a domain, as far as two labels are it. */
const domain = (text: string) => text.split('.').slice(-2).join('.');

/** Does a key of a label say that its value is the name of such an object? */
function isNameOf(key: string, { kind, ...object }: KubernetesObject): boolean {
  const [prefix, name] = key.includes('/') ? key.split('/') : ['', key];
  const group = groupOf({ kind, ...object });
  return (
    name === kind.toLowerCase() ||
    /(^|[-_.])cluster([-_.]|$)/.test(name) ||
    (prefix.includes('.') && domain(prefix) === domain(group))
  );
}

/** Says of labels whether an object looks as if its operator made pods with them. */
function explains(object: KubernetesObject): (wanted: Labels) => boolean {
  const given = labelsIn(object);
  return wanted => {
    const entries = Object.entries(wanted);
    return (
      entries.some(
        ([key, value]) =>
          value === object.metadata.name && isNameOf(key, object),
      ) ||
      given.some(labels =>
        entries.every(([key, value]) => labels[key] === value),
      )
    );
  };
}

function mayMakePods(
  object: KubernetesObject,
  profile: PlatformProfile,
): boolean {
  return (
    !NO_OPERATORS.test(groupOf(object)) &&
    !ABOUT_OTHERS.test(object.kind) &&
    podTemplatesOf(object, profile).length === 0
  );
}

/** An object of a kind that is not known, and what means pods that it seems to make. */
export interface OperatorObject {
  manifest: ManifestObject;
  selectors: readonly { by: ManifestObject; labels: Labels }[];
}

/**
 * Objects without a pod template that seem to make pods all the same: something
 * selects pods in their namespace, no workload has the labels, and the object
 * names them.
 */
export function operatorObjects(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
  profile: PlatformProfile,
  namespaceOf: (object: KubernetesObject) => string,
): OperatorObject[] {
  const withTemplates = new Set(
    unknownWorkloads(objects, profile).map(({ manifest }) => manifest),
  );
  const candidates = objects.filter(
    manifest =>
      !withTemplates.has(manifest) && mayMakePods(manifest.object, profile),
  );
  if (candidates.length === 0) return [];
  const namespaces = new Set(
    candidates.map(({ object }) => namespaceOf(object)),
  );
  const selectors = objects
    .filter(({ object }) => namespaces.has(namespaceOf(object)))
    .flatMap(by =>
      podSelectorsOf(by.object).map(labels => ({
        by,
        labels,
        namespace: namespaceOf(by.object),
      })),
    );
  return candidates.flatMap(manifest => {
    const namespace = namespaceOf(manifest.object);
    const isExplained = explains(manifest.object);
    const found = selectors.filter(
      each =>
        each.namespace === namespace &&
        isExplained(each.labels) &&
        !workloads.some(
          workload =>
            workload.namespace === namespace &&
            matchLabels(each.labels, workload) !== 'no',
        ),
    );
    return found.length > 0 ? [{ manifest, selectors: found }] : [];
  });
}

function flow(value: unknown): string {
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
function portsOf({ selectors }: OperatorObject): FindingData[] {
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

/** An entry of `workloadKinds` that gives the pods of an object the labels that are asked for. */
function entryFor(found: OperatorObject): FindingData {
  const { manifest, selectors } = found;
  const ports = portsOf(found);
  const { object } = manifest;
  const { name } = object.metadata;
  const labels = Object.assign({}, ...selectors.map(each => each.labels));
  const spec = asJson(object.spec);
  const account =
    asText(spec.serviceAccountName) ?? asText(spec.serviceAccount);
  return {
    group: groupOf(object),
    kind: object.kind,
    pods: {
      labels: Object.fromEntries(
        Object.entries(labels).map(([key, value]) => [
          key,
          value === name && isNameOf(key, object) ? '{name}' : value,
        ]),
      ) as Record<string, string>,
      serviceAccount: account ?? 'default',
      ...(ports.length > 0 ? { ports } : {}),
    },
  };
}

/** One finding for each kind whose objects seem to make pods, with the lines that teach it. */
export function operatorPodsUnknown(
  ...[objects, workloads, profile, namespaceOf]: Parameters<
    typeof operatorObjects
  >
): Finding[] {
  const kinds = new Map<string, OperatorObject[]>();
  for (const each of operatorObjects(
    objects,
    workloads,
    profile,
    namespaceOf,
  )) {
    const { object } = each.manifest;
    const key = `${groupOf(object)}/${object.kind}`;
    kinds.set(key, [...(kinds.get(key) ?? []), each]);
  }
  const nameOf = ({ object }: ManifestObject) =>
    `${object.kind} ${namespaceOf(object)}/${object.metadata.name}`;
  return [...kinds.values()].map(found => {
    const [first] = found;
    const { kind } = first.manifest.object;
    const names = found.map(({ manifest }) => nameOf(manifest));
    const [by] = first.selectors;
    const entry = entryFor(first);
    return finding(
      'operator-pods-unknown',
      `${names[0]}${
        names.length > 1
          ? ` and ${names.length - 1} more of its kind seem`
          : ' seems'
      } to make pods that ${nameOf(
        by.by,
      )} selects and that no manifest has, and the kind ${kind} is not known: calls from and to these pods are not judged.`,
      {
        at: first.manifest.at,
        objects: [...names, nameOf(by.by)],
        fix: `State in the platform profile what its operator makes, as workloadKinds: [${flow(
          entry,
        )}], with the labels, the service account and the ports that these pods have.`,
        data: entry,
      },
    );
  });
}
