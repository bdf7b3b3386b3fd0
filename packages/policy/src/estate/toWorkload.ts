import { PlatformProfile } from '../profile/types';
import { addedLabels } from './addedLabels';
import { asLabels } from './json';
import { labelsOfPods } from './podLabels';
import {
  GATEWAY_NAME,
  MeshFinding,
  capturedPortsOf,
  isRouter,
  meshOf,
} from './meshOf';
import { ProxyConfigs } from './proxyConfigs';
import { sendsHbone, setsHbone, TUNNEL_LABEL } from './sendsHbone';
import { PodTemplate } from './podTemplates';
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
  proxyConfigs: ProxyConfigs;
  mesh: { hasMesh: boolean; labelsNamespaces: boolean };
  namespaceOf: (object: KubernetesObject) => string;
}

/** An object with a pod template. */
export interface Found {
  manifest: ManifestObject;
  template: PodTemplate;
}

/**
 * Istio's injector labels pods `networking.istio.io/tunnel: http` where the
 * mesh has HBONE enabled, unless they have the label already (its template
 * `injection-template.yaml`).
 */
function takesHbone(
  mesh: MeshMode,
  { labels, annotations }: Pick<PodTemplate, 'labels' | 'annotations'>,
  { sidecarHbone = false }: PlatformProfile['mesh'],
): boolean {
  if (mesh === 'ambient') return true;
  if (mesh !== 'sidecar') return false;
  const stated = labels[TUNNEL_LABEL];
  if (stated !== undefined) return stated === 'http';
  return sidecarHbone && !setsHbone(annotations);
}

function gatewayOf(namespace: string, labels: Labels): { gateway?: string } {
  const name = labels[GATEWAY_NAME];
  return name === undefined ? {} : { gateway: `${namespace}/${name}` };
}

/** What an object is called as a workload. */
export function identityOf(
  object: KubernetesObject,
  { namespaceOf }: WorkloadContext,
): Pick<Workload, 'id' | 'kind' | 'name'> {
  const { kind, metadata } = object;
  const { name } = metadata;
  return { id: `${namespaceOf(object)}/${kind}/${name}`, kind, name };
}

/** What one pod template, and pods that run of it, are as a workload. */
export function toWorkload(
  found: Found,
  kind: string,
  name: string,
  replicas: 'one' | 'many',
  context: WorkloadContext,
  shown: { running?: readonly Found[]; mesh?: MeshFinding } = {},
) {
  const { manifest, template } = found;
  const namespace = context.namespaceOf(manifest.object);
  const given = context.namespaces.get(namespace);
  const mesh =
    shown.mesh ??
    meshOf(
      template,
      given?.labels ?? {},
      context.stated,
      context.mesh,
      given?.at !== undefined,
    );
  // A pod that runs has what its proxy was made with.
  const settings = template.isLive
    ? template
    : context.proxyConfigs.settingsOf(namespace, template);
  const captured = capturedPortsOf(template.annotations);
  const { object } = manifest;
  const labels = labelsOfPods(
    template.labels,
    addedLabels(
      template,
      mesh,
      { kind, name },
      object.kind === kind ? object : undefined,
    ),
    (shown.running ?? []).map(pod => pod.template.labels),
  );
  const workload: Workload = {
    id: `${namespace}/${kind}/${name}`,
    cluster: context.cluster,
    namespace,
    kind,
    name,
    ...labels,
    labels: asLabels(manifest.object.metadata.labels),
    objectAnnotations: asLabels(manifest.object.metadata.annotations),
    annotations: template.annotations,
    serviceAccount: template.serviceAccount,
    containerPorts: template.ports,
    hostNetwork: template.hostNetwork,
    ...(template.hasHostPorts ? { hasHostPorts: true } : {}),
    replicas,
    mesh: mesh.mesh,
    runsOn: 'pods',
    hbone: takesHbone(mesh.mesh, settings, context.profile.mesh),
    sendsHbone: sendsHbone(mesh.mesh, settings, context.profile.mesh),
    ...gatewayOf(namespace, template.labels),
    ...(isRouter(template, mesh.mesh) ? { router: true } : {}),
    meshIsGuess: mesh.isGuess,
    inboundExcludedPorts: captured.excluded,
    ...(captured.included ? { inboundIncludedPorts: captured.included } : {}),
    at: manifest.at,
  };
  return workload;
}
