import { Finding, finding } from '../findings';
import { keyed } from '../keyed';
import { PlatformProfile } from '../profile/types';
import { asArray, asJson, isJson, Json } from './json';
import { groupOf, podTemplatesOf } from './podTemplates';
import { KubernetesObject, ManifestObject } from './types';

/** Kinds that keep a copy of a template from which nothing is started, or not by themselves. */
const COPIES = new Set([
  '/PodTemplate',
  'apps/ControllerRevision',
  'serving.knative.dev/Revision',
]);

/** Deeper fields are of something that is no template of pods that this object starts. */
const DEEPEST = 8;

const isText = (value: unknown) => typeof value === 'string' && value !== '';

function isTemplate(value: Json): boolean {
  const containers = asArray(asJson(value.spec).containers).map(asJson);
  return (
    containers.length > 0 &&
    containers.every(({ name, image }) => [name, image].some(isText))
  );
}

function collect(
  value: unknown,
  path: string,
  depth: number,
  found: Set<string>,
): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, `${path}[]`, depth + 1, found);
    return;
  }
  if (!isJson(value)) return;
  if (isTemplate(value)) {
    found.add(path);
    return;
  }
  // A path of the profile has dots and brackets for steps alone.
  for (const [key, inner] of Object.entries(value))
    if (/^[A-Za-z0-9_-]+$/.test(key))
      collect(inner, `${path}.${key}`, depth + 1, found);
}

/** Where an object has pod templates, as `templatePath` writes it; nothing for lists in lists, which it cannot. */
const templatePathsOf = keyed((object: KubernetesObject) => {
  const found = new Set<string>();
  collect(object.spec, 'spec', 1, found);
  const paths = [...found].filter(path => !path.includes('[][]'));
  return paths.sort().join('\n');
});

/**
 * Objects that have pod templates, and whose kind neither is known nor stated. Those that another object made are left out:
 * its pods are the owner's.
 */
export function unknownWorkloads(
  objects: readonly ManifestObject[],
  profile: PlatformProfile,
): { manifest: ManifestObject; paths: readonly string[] }[] {
  return objects.flatMap(manifest => {
    const { object } = manifest;
    if (COPIES.has(`${groupOf(object)}/${object.kind}`)) return [];
    if (asArray(object.metadata.ownerReferences).length > 0) return [];
    if (podTemplatesOf(object, profile).length > 0) return [];
    const paths = templatePathsOf(object).split('\n').filter(isText);
    return paths.length > 0 ? [{ manifest, paths }] : [];
  });
}

/** One finding for each kind that has pod templates and is not known, with the lines that teach it. */
export function unknownWorkloadKinds(
  objects: readonly ManifestObject[],
  profile: PlatformProfile,
  namespaceOf: (object: KubernetesObject) => string,
): Finding[] {
  const byKind = new Map<string, ReturnType<typeof unknownWorkloads>>();
  for (const each of unknownWorkloads(objects, profile)) {
    const key = `${groupOf(each.manifest.object)}/${each.manifest.object.kind}`;
    byKind.set(key, [...(byKind.get(key) ?? []), each]);
  }
  return [...byKind.values()].map(found => {
    const [{ manifest }] = found;
    const { kind } = manifest.object;
    const group = groupOf(manifest.object);
    const paths = [...new Set(found.flatMap(each => each.paths))].sort();
    const names = found.map(
      ({ manifest: { object } }) =>
        `${kind} ${namespaceOf(object)}/${object.metadata.name}`,
    );
    const lines = paths.map(
      path =>
        `{ group: ${
          group === '' ? "''" : group
        }, kind: ${kind}, templatePath: '${path}' }`,
    );
    const [first, ...rest] = names;
    return finding(
      'workload-kind-unknown',
      `${first}${
        rest.length > 0 ? ` and ${rest.length} more of its kind have` : ' has'
      } a pod template (${paths.join(
        ', ',
      )}), and the kind ${kind} is not known: calls from and to these pods are not judged.`,
      {
        at: manifest.at,
        objects: names,
        fix: `State the kind in the platform profile, as workloadKinds: [${lines.join(
          ', ',
        )}]`,
        data: { group, kind, templatePaths: paths },
      },
    );
  });
}
