import { PlatformProfile } from '../profile/types';
import { OF_DEPLOYMENT } from './addedLabels';
import { asArray, asJson, asLabels, asText } from './json';
import { groupOf } from './podTemplates';
import {
  GatewayInstance,
  KubernetesObject,
  Labels,
  ManifestObject,
  Waypoint,
  Workload,
} from './types';

/** What reading proxies needs to know about their cluster. */
export interface ProxyContext {
  cluster: string;
  profile: PlatformProfile;
  namespaceOf: (object: KubernetesObject) => string;
}

/** Proxies of the mesh, with the workloads that istiod makes for those that no manifest has. */
export interface Proxies {
  waypoints: Waypoint[];
  gateways: GatewayInstance[];
  madeUp: Workload[];
}

/** What istiod deploys for the Gateways of a class. */
interface ProxyClass {
  /** Follows the name of the Gateway in the names of Deployment and service account. */
  suffix: string;
  purpose: 'waypoint' | 'ingress' | 'east-west';
}

/** Classes that istiod knows without an object, with the controller that is theirs. */
const BUILT_IN: Readonly<Record<string, string>> = {
  'istio-waypoint': 'istio.io/mesh-controller',
  istio: 'istio.io/gateway-controller',
  'istio-east-west': 'istio.io/eastwest-controller',
};

/** What the controllers of Istio make of a class; other controllers are not Istio's. */
function proxyClass(
  className: string,
  controller: string | undefined,
): ProxyClass | undefined {
  switch (controller) {
    case 'istio.io/mesh-controller':
      return { suffix: '', purpose: 'waypoint' };
    case 'istio.io/gateway-controller':
      return { suffix: `-${className}`, purpose: 'ingress' };
    case 'istio.io/eastwest-controller':
      return { suffix: '', purpose: 'east-west' };
    default:
      return undefined;
  }
}

/**
 * The classes of Gateways that istiod serves: a GatewayClass says by its
 * controller what it is, whatever its name; the built-in ones need no object
 * (`deploymentcontroller.go`, `Reconcile`).
 */
function proxyClasses(
  objects: readonly ManifestObject[],
): ReadonlyMap<string, ProxyClass | undefined> {
  const controllers = new Map<string, string | undefined>(
    Object.entries(BUILT_IN),
  );
  for (const { object } of objects) {
    if (!isGatewayApi(object, 'GatewayClass')) continue;
    const controller = asText(asJson(object.spec).controllerName);
    controllers.set(object.metadata.name, controller);
  }
  return new Map(
    [...controllers].map(([name, controller]) => [
      name,
      proxyClass(name, controller),
    ]),
  );
}

function isGatewayApi(object: KubernetesObject, kind: string): boolean {
  return (
    groupOf(object) === 'gateway.networking.k8s.io' && object.kind === kind
  );
}

const BINDING = 'ambient.istio.io/waypoint-inbound-binding';

/**
 * Namespaces that a waypoint's listener admits: the one that its inbound binding
 * names, else that of HBONE on 15008; its own where there is none or it says
 * nothing (istio `ambient/waypoints.go`, `makeAllowedRoutes`).
 */
function admittedBy({ spec, metadata }: KubernetesObject): Waypoint['admits'] {
  const listeners = asArray(asJson(spec).listeners).map(asJson);
  const [protocol, port] = (
    asLabels(metadata.annotations)[BINDING] ?? ''
  ).split('/');
  const bound = port
    ? listeners.find(each => each.port === Number(port))
    : listeners.find(
        each => protocol === 'PROXY' && each.protocol === 'istio.io/PROXY',
      );
  const listener =
    bound ??
    listeners.find(each => each.protocol === 'HBONE' && each.port === 15008);
  const { from, selector } = asJson(
    asJson(asJson(listener).allowedRoutes).namespaces,
  );
  if (from === 'All') return 'All';
  if (from !== 'Selector') return 'Same';
  return selector === undefined || selector === null ? 'None' : { selector };
}

/** What istiod calls the controller in the labels of the pods that it makes (istio `kube-gateway.yaml`, `waypoint.yaml`). */
function managedBy(purpose: ProxyClass['purpose']): string {
  if (purpose === 'waypoint') return 'istio.io-mesh-controller';
  return purpose === 'ingress'
    ? 'istio.io-gateway-controller'
    : 'istio.io-eastwest-controller';
}

const SERVES = ['service', 'workload', 'all', 'none'] as const;

/** The workload that istiod deploys for a Gateway (`gateway.istio.io/managed`). */
function deployedFor(
  manifest: ManifestObject,
  context: ProxyContext,
  name: string,
  podLabels: Labels,
): Workload {
  const namespace = context.namespaceOf(manifest.object);
  return {
    id: `${namespace}/Deployment/${name}`,
    cluster: context.cluster,
    namespace,
    kind: 'Deployment',
    name,
    podLabels,
    // A Deployment is made for it, of which the manifest shows nothing.
    varyingLabels: OF_DEPLOYMENT.varying,
    labels: {},
    objectAnnotations: {},
    annotations: {},
    serviceAccount: name,
    containerPorts: [],
    hostNetwork: false,
    // An autoscaler may add to the one that istiod starts with.
    replicas: 'many',
    mesh: 'none',
    meshIsGuess: false,
    runsOn: 'pods',
    hbone: true,
    // istiod gives its gateways what they need for it.
    sendsHbone: context.profile.mesh.sendsHbone === false ? 'no' : 'yes',
    gateway: `${namespace}/${manifest.object.metadata.name}`,
    inboundExcludedPorts: [],
    at: manifest.at,
  };
}

function sortById<T extends { id: string }>(items: T[]): T[] {
  return items.sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
}

/**
 * Waypoints and gateways of a cluster: Gateways of classes that Istio serves (Gateway
 * API), and those that the profile names. Names of what istiod deploys are
 * upstream's (`pilot/pkg/config/kube/gateway`, `deploymentcontroller.go`).
 */
export function readProxies(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
  context: ProxyContext,
): Proxies {
  const proxies: Proxies = { waypoints: [], gateways: [], madeUp: [] };
  const classes = proxyClasses(objects);
  const byGateway = new Map(workloads.map(each => [each.gateway, each]));
  for (const manifest of objects) {
    const { object, at } = manifest;
    if (!isGatewayApi(object, 'Gateway')) continue;
    const className = asText(asJson(object.spec).gatewayClassName) ?? '';
    const known = classes.get(className);
    if (!known) continue;
    const { suffix, purpose } = known;
    const namespace = context.namespaceOf(object);
    const { name } = object.metadata;
    const id = `${namespace}/${name}`;
    const made = deployedFor(manifest, context, `${name}${suffix}`, {
      'sidecar.istio.io/inject': 'false',
      'service.istio.io/canonical-name': `${name}${suffix}`,
      'service.istio.io/canonical-revision': 'latest',
      ...asLabels(asJson(asJson(object.spec).infrastructure).labels),
      'gateway.istio.io/managed': managedBy(purpose),
      'gateway.networking.k8s.io/gateway-name': name,
      'gateway.networking.k8s.io/gateway-class-name': className,
      // Gateways that let people in have it by nobody (istio `kube-gateway.yaml`).
      ...(purpose !== 'ingress' && { 'istio.io/dataplane-mode': 'none' }),
    });
    const pods = byGateway.get(id) ?? made;
    if (pods === made) proxies.madeUp.push(made);
    const common = {
      id,
      cluster: context.cluster,
      namespace,
      name,
      serviceAccount: pods.serviceAccount,
      podLabels: pods.podLabels,
      workload: pods.id,
      at,
    };
    const labels = asLabels(object.metadata.labels);
    if (purpose === 'waypoint') {
      const serves = SERVES.find(
        each => each === labels['istio.io/waypoint-for'],
      );
      proxies.waypoints.push({
        ...common,
        serves: serves ?? 'service',
        admits: admittedBy(object),
      });
    } else {
      proxies.gateways.push({ ...common, purpose });
    }
  }
  proxies.gateways.push(...statedGateways(workloads, context));
  sortById(proxies.waypoints);
  sortById(proxies.gateways);
  sortById(proxies.madeUp);
  return proxies;
}

/** Gateways that the profile names, where their pods are in the estate. */
function statedGateways(
  workloads: readonly Workload[],
  { cluster, profile }: ProxyContext,
): GatewayInstance[] {
  return profile.gateways.flatMap(stated => {
    const wanted = Object.entries(stated.podLabels ?? {});
    const pods = workloads.find(
      each =>
        each.namespace === stated.namespace &&
        (wanted.length > 0
          ? wanted.every(([key, value]) => each.podLabels[key] === value)
          : each.name === stated.name),
    );
    if (!pods) return [];
    return [
      {
        id: `${stated.namespace}/${stated.name}`,
        cluster,
        namespace: stated.namespace,
        name: stated.name,
        purpose: stated.purpose ?? 'ingress',
        serviceAccount: stated.serviceAccount ?? pods.serviceAccount,
        podLabels: stated.podLabels ?? pods.podLabels,
        workload: pods.id,
        at: pods.at,
      },
    ];
  });
}
