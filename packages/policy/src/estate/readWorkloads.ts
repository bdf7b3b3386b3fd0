import { PlatformProfile } from '../profile/types';
import { asArray, asJson, asLabels, asText, asNumber } from './json';
import { capturedPortsOf, meshOf } from './meshOf';
import { sendsHbone, setsHbone, TUNNEL_LABEL } from './sendsHbone';
import {
  PodTemplate,
  groupOf,
  podTemplatesOf,
  replicasOf,
} from './podTemplates';
import {
  KubernetesObject,
  Labels,
  ManifestObject,
  MeshMode,
  Namespace,
  Workload,
} from './types';

/** What reading workloads needs to know about their cluster. */
export interface WorkloadContext {
  cluster: string;
  profile: PlatformProfile;
  namespaces: ReadonlyMap<string, Namespace>;
  stated?: MeshMode;
  mesh: { hasMesh: boolean; labelsNamespaces: boolean };
  namespaceOf: (object: KubernetesObject) => string;
}

interface Found {
  manifest: ManifestObject;
  template: PodTemplate;
}

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

/**
 * Istio's injector labels pods `networking.istio.io/tunnel: http` where the
 * mesh has HBONE enabled, unless they have the label already (its template
 * `injection-template.yaml`).
 */
function takesHbone(
  mesh: MeshMode,
  { labels, annotations }: PodTemplate,
  { sidecarHbone = false }: PlatformProfile['mesh'],
): boolean {
  if (mesh === 'ambient') return true;
  if (mesh !== 'sidecar') return false;
  const stated = labels[TUNNEL_LABEL];
  if (stated !== undefined) return stated === 'http';
  return sidecarHbone && !setsHbone(annotations);
}

/** The label that istiod gives pods that it deploys for a Gateway. */
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

function gatewayOf(namespace: string, labels: Labels): { gateway?: string } {
  const name = labels[GATEWAY_NAME];
  return name === undefined ? {} : { gateway: `${namespace}/${name}` };
}

function toWorkload(
  found: Found,
  kind: string,
  name: string,
  replicas: 'one' | 'many',
  context: WorkloadContext,
) {
  const { manifest, template } = found;
  const namespace = context.namespaceOf(manifest.object);
  const given = context.namespaces.get(namespace);
  const mesh = meshOf(
    template,
    given?.labels ?? {},
    context.stated,
    context.mesh,
    given?.at !== undefined,
  );
  const captured = capturedPortsOf(template.annotations);
  const workload: Workload = {
    id: `${namespace}/${kind}/${name}`,
    cluster: context.cluster,
    namespace,
    kind,
    name,
    podLabels: template.labels,
    labels: asLabels(manifest.object.metadata.labels),
    objectAnnotations: asLabels(manifest.object.metadata.annotations),
    annotations: template.annotations,
    serviceAccount: template.serviceAccount,
    containerPorts: template.ports,
    hostNetwork: template.hostNetwork,
    replicas,
    mesh: mesh.mesh,
    runsOn: 'pods',
    hbone: takesHbone(mesh.mesh, template, context.profile.mesh),
    sendsHbone: sendsHbone(mesh.mesh, template, context.profile.mesh),
    ...gatewayOf(namespace, template.labels),
    meshIsGuess: mesh.isGuess,
    inboundExcludedPorts: captured.excluded,
    ...(captured.included ? { inboundIncludedPorts: captured.included } : {}),
    at: manifest.at,
  };
  return workload;
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
 * Workloads of an estate, sorted by id. Pods, ReplicaSets and Jobs that an
 * owner made are folded into it; where only they are in the estate, they stand
 * for it, and several pods mean several replicas.
 */
export function readWorkloads(
  objects: readonly ManifestObject[],
  context: WorkloadContext,
): Workload[] {
  const workloads = new Map<string, Workload>();
  const owned: Found[] = [];
  for (const manifest of objects) {
    const { kind, metadata } = manifest.object;
    for (const { template, part } of podTemplatesOf(
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
        replicasOf(manifest.object),
        context,
      );
      workloads.set(workload.id, workload);
    }
  }
  const stands = new Set<string>();
  // Longer chains first: a ReplicaSet finds its Deployment before its pods ask for it.
  owned.sort(
    (a, b) =>
      Number(a.manifest.object.kind === 'Pod') -
      Number(b.manifest.object.kind === 'Pod'),
  );
  const foldedInto = new Map<string, string>();
  for (const found of owned) {
    const { object } = found.manifest;
    const owner = ownerOf(object, found.template);
    if (!owner) continue;
    const namespace = context.namespaceOf(object);
    const ownId = `${namespace}/${object.kind}/${object.metadata.name}`;
    const direct = `${namespace}/${owner.kind}/${owner.name}`;
    const id = foldedInto.get(direct) ?? direct;
    foldedInto.set(ownId, id);
    const known = workloads.get(id);
    if (!known) {
      const [, kind, name] = id.split('/');
      workloads.set(
        id,
        toWorkload(found, kind, name, replicasOf(object), context),
      );
      stands.add(id);
    } else if (stands.has(id)) {
      workloads.set(id, { ...known, replicas: 'many' });
    } else if (object.kind === 'Pod') {
      // A live pod shows what the injector did, which the template cannot.
      const live = toWorkload(
        found,
        known.kind,
        known.name,
        known.replicas,
        context,
      );
      if (live.mesh === 'sidecar' && known.mesh !== 'sidecar') {
        workloads.set(id, {
          ...known,
          mesh: 'sidecar',
          meshIsGuess: false,
          hbone: live.hbone,
          sendsHbone: live.sendsHbone,
        });
      }
    }
  }
  for (const id of scaledWorkloads(objects, context)) {
    const workload = workloads.get(id);
    if (workload) workloads.set(id, { ...workload, replicas: 'many' });
  }
  return [...workloads.values()].sort((a, b) =>
    a.id < b.id ? -1 : Number(a.id > b.id),
  );
}

/** The API group and kind of an object, for lookups: `group/Kind`. */
export function groupKindOf(object: KubernetesObject): string {
  return `${groupOf(object)}/${object.kind}`;
}
