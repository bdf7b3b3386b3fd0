import { asArray, asJson, asNumber, asText } from './json';
import { kindsOfPods } from './kindsOfPods';
import {
  PodTemplate,
  groupOf,
  podTemplatesOf,
  replicasOf,
} from './podTemplates';
import { Found, WorkloadContext, toWorkload } from './toWorkload';
import { KubernetesObject, ManifestObject, Workload } from './types';
import { isRunning, withPods } from './withPods';

function controllerOf(
  object: KubernetesObject,
): { kind: string; name: string } | undefined {
  const owners = asArray(object.metadata.ownerReferences).map(asJson);
  const owner = owners.find(entry => entry.controller === true) ?? owners[0];
  const kind = asText(owner?.kind);
  const name = asText(owner?.name);
  return kind && name ? { kind, name } : undefined;
}

/**
 * The owner that stands for an object. A ReplicaSet that a Deployment made is
 * known by its hash even where the ReplicaSet itself is not in the estate, and
 * so is a Job by the time in its name.
 */
function ownerOf(
  object: KubernetesObject,
  template: PodTemplate,
): { kind: string; name: string } | undefined {
  const owner = controllerOf(object);
  if (owner?.kind !== 'ReplicaSet') return owner;
  const hash = template.labels['pod-template-hash'];
  return hash && owner.name.endsWith(`-${hash}`)
    ? { kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) }
    : owner;
}

function byId(a: Workload, b: Workload): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** Workloads whose number an autoscaler may raise above one, as `namespace/Kind/name`. */
function scaledWorkloads(
  objects: readonly ManifestObject[],
  context: WorkloadContext,
): ReadonlySet<string> {
  const scaled = new Set<string>();
  for (const { object } of objects) {
    if (
      object.kind !== 'HorizontalPodAutoscaler' &&
      object.kind !== 'ScaledObject'
    )
      continue;
    const spec = asJson(object.spec);
    const target = asJson(spec.scaleTargetRef);
    if (asNumber(spec.maxReplicas ?? spec.maxReplicaCount ?? 100) <= 1)
      continue;
    const name = asText(target.name);
    if (name)
      scaled.add(
        `${context.namespaceOf(object)}/${
          asText(target.kind) ?? 'Deployment'
        }/${name}`,
      );
  }
  return scaled;
}

/**
 * What stands for an owner that is not in the estate: its pods, or what made
 * them. Those that nothing tells apart are the owner's workload; kinds of pods
 * that labels or ports tell apart are one each, under the name of their first pod.
 */
function standIns(
  id: string,
  members: readonly Found[],
  context: WorkloadContext,
): Workload[] {
  const pods = members.filter(isRunning);
  const kinds = kindsOfPods(pods.length > 0 ? pods : members, found => {
    const { object } = found.manifest;
    return toWorkload(found, object.kind, object.metadata.name, 'one', context);
  });
  const [, kind, name] = id.split('/');
  return kinds.map(group => {
    const [first] = group;
    const { object } = first.manifest;
    // The kubelet makes a Pod for each static one: their node is no workload.
    const isFolded = kinds.length === 1 && kind !== 'Node';
    return toWorkload(
      first,
      isFolded ? kind : object.kind,
      isFolded ? name : object.metadata.name,
      group.length > 1 ? 'many' : replicasOf(object),
      context,
      { running: group.filter(isRunning) },
    );
  });
}

/**
 * Workloads of an estate, sorted by id. Pods, ReplicaSets and Jobs that an
 * owner made are folded into it, and their labels count; where only they are in
 * the estate, they stand for it, and several pods mean several replicas.
 */
export function readWorkloads(
  objects: readonly ManifestObject[],
  context: WorkloadContext,
): Workload[] {
  const workloads = new Map<string, Workload>();
  const templates = new Map<string, Found>();
  const owned: Found[] = [];
  for (const manifest of objects) {
    const { kind, metadata } = manifest.object;
    for (const { template, part, isStated } of podTemplatesOf(
      manifest.object,
      context.profile,
    )) {
      const found = { manifest, template };
      if (controllerOf(manifest.object)) {
        owned.push(found);
        continue;
      }
      const workload = toWorkload(
        found,
        kind,
        // No object has a colon in its name.
        part === undefined ? metadata.name : `${metadata.name}:${part}`,
        // How many its operator makes is not known.
        isStated ? 'many' : replicasOf(manifest.object),
        context,
      );
      workloads.set(workload.id, workload);
      // What the operator made is more than what is stated of it: it stands for the object where it is in the estate.
      if (!isStated) templates.set(workload.id, found);
    }
  }
  // Longer chains first: a ReplicaSet finds its Deployment before its pods ask for it.
  owned.sort(
    (a, b) =>
      Number(a.manifest.object.kind === 'Pod') -
      Number(b.manifest.object.kind === 'Pod'),
  );
  const foldedInto = new Map<string, string>();
  const byOwner = new Map<string, Found[]>();
  for (const found of owned) {
    const { object } = found.manifest;
    const owner = ownerOf(object, found.template);
    if (!owner) continue;
    const namespace = context.namespaceOf(object);
    const ownId = `${namespace}/${object.kind}/${object.metadata.name}`;
    const direct = `${namespace}/${owner.kind}/${owner.name}`;
    const id = foldedInto.get(direct) ?? direct;
    foldedInto.set(ownId, id);
    const list = byOwner.get(id);
    if (list) list.push(found);
    else byOwner.set(id, [found]);
  }
  for (const [id, members] of byOwner) {
    const known = workloads.get(id);
    const own = templates.get(id);
    if (known && own) workloads.set(id, withPods(known, own, members, context));
    else {
      workloads.delete(id);
      for (const workload of standIns(id, members, context))
        workloads.set(workload.id, workload);
    }
  }
  for (const id of scaledWorkloads(objects, context)) {
    const workload = workloads.get(id);
    if (workload) workloads.set(id, { ...workload, replicas: 'many' });
  }
  return [...workloads.values()].sort(byId);
}

/** The API group and kind of an object, for lookups: `group/Kind`. */
export function groupKindOf(object: KubernetesObject): string {
  return `${groupOf(object)}/${object.kind}`;
}
