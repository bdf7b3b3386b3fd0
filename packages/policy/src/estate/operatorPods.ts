import { Finding, finding } from '../findings';
import { PlatformProfile } from '../profile/types';
import { entriesFor, flow, Selector } from './operatorEntries';
import { explains } from './operatorLabels';
import { matchLabels } from './podLabels';
import { podSelectorsOf } from './podSelectors';
import { groupOf, podTemplatesOf } from './podTemplates';
import { unknownWorkloads } from './unknownWorkloadKinds';
import { KubernetesObject, ManifestObject, Workload } from './types';

/** Groups whose kinds have no pods of their own, but for what everybody knows. */
const NO_OPERATORS =
  /^[^.]*$|(^|\.)(k8s\.io|istio\.io|cilium\.io|projectcalico\.org|cert-manager\.io)$/;
/** Kinds that are about pods of others. */
const ABOUT_OTHERS =
  /(Monitor|Rules?|Policy|Probe|Route|Binding|Role|Class|Secret|Certificate|Issuer|Filter|Config|Application|ApplicationSet|Project|Claim|User|Topic|Backup|Restore|Template)$/;

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
  selectors: readonly Selector[];
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
    const entries = entriesFor(first.manifest.object, first.selectors);
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
        fix: `State in the platform profile what its operator makes, as workloadKinds: ${flow(
          entries,
        )}, with the labels, the service account and the ports that these pods have.`,
        data: { workloadKinds: entries },
      },
    );
  });
}
