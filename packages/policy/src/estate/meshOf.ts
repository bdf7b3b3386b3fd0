import { PodTemplate } from './podTemplates';
import { Labels, MeshMode } from './types';

/** What runs beside a workload's pods, and whether anything says so. */
export interface MeshFinding {
  mesh: MeshMode;
  isGuess: boolean;
}

const INJECT = 'sidecar.istio.io/inject';

/** The label that istiod gives pods that it deploys for a Gateway. */
export const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

const TEMPLATES = 'inject.istio.io/templates';

/** Is the pod a gateway: by the arguments of its proxy, or by the template that the injector takes? */
export function isRouter(
  { proxy, annotations }: PodTemplate,
  mesh: MeshMode,
): boolean {
  const templates = (annotations[TEMPLATES] ?? '').split(',');
  return (
    mesh === 'sidecar' &&
    (proxy === 'router' || templates.some(each => each.trim() === 'gateway'))
  );
}

/**
 * Does the pod have a sidecar, or does the injector add one? `undefined` where
 * neither pod nor namespace says so. A proxy that is there counts whatever labels
 * say: classic gateways carry theirs beside `inject: "false"`. A pod that runs without one was made before injection
 * was switched on, or past it, and never gets one: the injector only sees pods that are made (istio `pkg/kube/inject/webhook.go`;
 * Istio, "Sidecar injection": "occurs at pod creation time"). In templates the label goes before the older annotation (`injectRequired` of
 * `pkg/kube/inject`), which can only refuse: upstream's webhooks select
 * objects by labels, so that `true` as an annotation is never seen in a
 * namespace without a label of its own.
 */
export function sidecarByLabels(
  template: PodTemplate,
  namespace: Labels,
): boolean | undefined {
  if (template.proxy !== undefined) return true;
  if (template.isLive) return false;
  const inject = template.labels[INJECT];
  const refusal = inject ?? template.annotations[INJECT];
  if (refusal === 'false') return false;
  if (namespace['istio-injection'] === 'disabled') return false;
  if (inject === 'true' || template.labels['istio.io/rev'] !== undefined)
    return true;
  if (namespace['istio-injection'] === 'enabled') return true;
  if (
    namespace['istio-injection'] === undefined &&
    namespace['istio.io/rev'] !== undefined
  )
    return true;
  return undefined;
}

/**
 * What runs beside a pod: labels and annotations of the pod first, then of its
 * namespace, as Istio's injector and its CNI decide; then what is stated for
 * the cluster. A sidecar takes a pod out of ambient. Host-network pods are
 * neither injected nor captured.
 */
export function meshOf(
  template: PodTemplate,
  namespace: Labels,
  stated: MeshMode | undefined,
  world: { hasMesh: boolean; labelsNamespaces: boolean },
  isNamespaceGiven: boolean,
): MeshFinding {
  // A Gateway's proxy that istiod deploys, and ztunnel, are no pods beside which a sidecar runs.
  if (
    template.proxy === 'ztunnel' ||
    (template.proxy !== undefined && template.labels[GATEWAY_NAME])
  )
    return { mesh: 'none', isGuess: false };
  const sidecar = sidecarByLabels(template, namespace);
  if (template.hostNetwork && template.proxy === undefined)
    return { mesh: 'none', isGuess: false };
  if (sidecar === true) return { mesh: 'sidecar', isGuess: false };
  const dataplane =
    template.labels['istio.io/dataplane-mode'] ??
    namespace['istio.io/dataplane-mode'];
  if (dataplane === 'ambient') return { mesh: 'ambient', isGuess: false };
  if (dataplane === 'none' && sidecar === false)
    return { mesh: 'none', isGuess: false };
  if (sidecar === false && stated !== 'ambient')
    return { mesh: 'none', isGuess: false };
  if (dataplane === 'none' && stated === 'ambient')
    return { mesh: 'none', isGuess: false };
  if (stated) return { mesh: stated, isGuess: false };
  // Without any object of a mesh in the estate there is none. Where namespaces are labelled for the
  // mesh, one that is given without such a label is left out of it. Otherwise anybody's word is missing.
  // OpenShift Service Mesh 2 injects by the annotation alone: who writes it may mean that.
  const isLeftOut =
    world.labelsNamespaces &&
    isNamespaceGiven &&
    template.annotations[INJECT] !== 'true';
  return { mesh: 'none', isGuess: world.hasMesh && !isLeftOut };
}

/** Ports of the proxy itself, which no sidecar captures. */
export const ALWAYS_EXCLUDED: readonly number[] = [15020, 15021, 15090];

function portList(text: string): number[] {
  return text
    .split(',')
    .map(part => Number(part.trim()))
    .filter(port => Number.isInteger(port) && port > 0 && port <= 65535);
}

/** Inbound ports of a sidecar that it does not capture, or the only ones that it does (docs/semantics.md, I9). */
export function capturedPortsOf(annotations: Labels): {
  excluded: number[];
  included?: number[];
} {
  const excluded = portList(
    annotations['traffic.sidecar.istio.io/excludeInboundPorts'] ?? '',
  );
  const only = annotations['traffic.sidecar.istio.io/includeInboundPorts'];
  const all = [...new Set([...excluded, ...ALWAYS_EXCLUDED])].sort(
    (a, b) => a - b,
  );
  if (only === undefined || only.trim() === '*') return { excluded: all };
  return { excluded: all, included: portList(only).sort((a, b) => a - b) };
}
