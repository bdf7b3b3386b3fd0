import { SourcePosition } from '../source';
import { PlatformProfile } from '../profile/types';
import type { VaryingLabel } from './podLabels';

/** @public */
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** @public */
export type MeshMode = 'sidecar' | 'ambient' | 'none';

/** @public */
export type Labels = Readonly<Record<string, string>>;

/**
 * A Kubernetes object as its manifest has it: raw JSON, nothing defaulted.
 *
 * @public
 */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    creationTimestamp?: string;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/**
 * One object with the place it was read from.
 *
 * @public
 */
export interface ManifestObject {
  object: KubernetesObject;
  /** Where the object begins. */
  at: SourcePosition;
  /**
   * Where a field of the object stands; the nearest enclosing place when the
   * field is absent. Missing for objects that were not read from text.
   *
   * @param lineOfText - 1-based line inside a field that is a text of several
   * lines (`|`): the place is then that line
   */
  locate?: (
    path: ReadonlyArray<string | number>,
    lineOfText?: number,
  ) => SourcePosition;
}

/** @public */
export interface Namespace {
  name: string;
  /** With `kubernetes.io/metadata.name`, as the API server sets it. */
  labels: Labels;
  annotations: Labels;
  /** Absent when the namespace is only mentioned by other objects. */
  at?: SourcePosition;
}

/** @public */
export interface ContainerPort {
  name?: string;
  port: number;
  protocol: Protocol;
}

/**
 * Anything with a pod template; pods with an owner are folded into it.
 *
 * @public
 */
export interface Workload {
  /** `namespace/Kind/name`, unique in its cluster. */
  id: string;
  /** Name of the cluster. */
  cluster: string;
  namespace: string;
  kind: string;
  name: string;
  /** Labels of the pods: of their template, and what controllers and Istio's injector surely add. */
  podLabels: Labels;
  /** Labels that tell its pods apart; these go before `podLabels`. */
  varyingLabels?: Readonly<Record<string, VaryingLabel>>;
  /**
   * Where pods that run differ in more than labels (proxy, account, ports, network): one of each kind, under the name of
   * its first pod, and the workload itself for its template where no pod is of it any more. Sorted by id; two or more.
   */
  kinds?: readonly Workload[];
  /** Labels of the workload object itself. */
  labels: Labels;
  /** Annotations of the workload object itself. */
  objectAnnotations: Labels;
  /** Annotations of the pods. */
  annotations: Labels;
  /** `default` where the template names none. */
  serviceAccount: string;
  containerPorts: readonly ContainerPort[];
  hostNetwork: boolean;
  /** Ports of its containers are ports of the node too (`hostPort`): whoever reaches the node reaches them. */
  hasHostPorts?: true;
  replicas: 'one' | 'many';
  mesh: MeshMode;
  /**
   * Where it runs: pods of the cluster, or a host outside it whose proxy is in
   * the mesh. Network policies select pods only.
   */
  runsOn: 'pods' | 'host';
  /** Of a host: its addresses as the entry gives them; names are left out. */
  addresses?: readonly string[];
  /** Of a host: the network that its entry names, where it does. */
  network?: string;
  /**
   * Takes HBONE on port 15008: ambient pods, and pods with a sidecar labelled
   * `networking.istio.io/tunnel: http`, which the injector adds in meshes that
   * have HBONE enabled.
   */
  hbone: boolean;
  /**
   * Sends HBONE to ambient pods, as far as labels and the profile say. Nothing
   * of the kind where there is no proxy.
   */
  sendsHbone: 'yes' | 'no' | 'unknown';
  /** `namespace/name` of the Gateway (Gateway API) whose proxies these pods are. */
  gateway?: string;
  /**
   * Its pods are a proxy at the edge of the mesh that no Gateway of the Gateway API
   * made: it enforces at its listeners, and no PeerAuthentication holds there.
   */
  router?: true;
  /** True when neither manifests nor profile say what runs beside the pods. */
  meshIsGuess: boolean;
  /** Inbound TCP ports that the sidecar does not capture (docs/semantics.md, I9). */
  inboundExcludedPorts: readonly number[];
  /** When set, only these inbound ports are captured by the sidecar. */
  inboundIncludedPorts?: readonly number[];
  at: SourcePosition;
}

/** @public */
export interface ServicePort {
  name?: string;
  /** The port of the Service. */
  port: number;
  /** Number or name of the port of the pods. */
  targetPort: number | string;
  protocol: Protocol;
  appProtocol?: string;
  nodePort?: number;
}

/** @public */
export interface Service {
  /** `namespace/name`. */
  id: string;
  namespace: string;
  name: string;
  cluster: string;
  /** Absent: endpoints are not chosen by labels. */
  selector?: Labels;
  headless: boolean;
  type: string;
  /** `Local`: what comes from outside keeps its address (docs/semantics.md, N2). Kubernetes' default is `Cluster`. */
  externalTrafficPolicy: 'Cluster' | 'Local';
  labels: Labels;
  annotations: Labels;
  ports: readonly ServicePort[];
  at: SourcePosition;
}

/**
 * What a ServiceEntry or WorkloadEntry says about something outside the pods.
 *
 * @public
 */
export interface HostEntry {
  /** `namespace/Kind/name`. */
  id: string;
  cluster: string;
  kind: 'ServiceEntry' | 'WorkloadEntry';
  namespace: string;
  name: string;
  /** Host names of a ServiceEntry. */
  hosts: readonly string[];
  /** Addresses or CIDRs that the entry gives. */
  addresses: readonly string[];
  ports: readonly {
    name?: string;
    port: number;
    targetPort?: number;
    protocol?: string;
  }[];
  labels: Labels;
  serviceAccount?: string;
  location?: 'MESH_INTERNAL' | 'MESH_EXTERNAL';
  at: SourcePosition;
}

/**
 * A proxy that Services or pods of the ambient mesh are put behind: a Gateway
 * whose class Istio's mesh controller serves, such as `istio-waypoint`.
 *
 * @public
 */
export interface Waypoint {
  /** `namespace/name` of the Gateway. */
  id: string;
  cluster: string;
  namespace: string;
  name: string;
  /** Label `istio.io/waypoint-for`. */
  serves: 'service' | 'workload' | 'all' | 'none';
  /** Namespaces whose Services and pods may use it, from `allowedRoutes` of its listener; a label selector is as its manifest has it. */
  admits: 'All' | 'Same' | 'None' | { selector: unknown };
  serviceAccount: string;
  podLabels: Labels;
  /** Id of its pods' workload, which is made up where no manifest has it: istiod deploys it. */
  workload: string;
  at: SourcePosition;
}

/**
 * A proxy at the edge of the mesh.
 *
 * @public
 */
export interface GatewayInstance {
  /** `namespace/name` of the Gateway, or of what the profile names. */
  id: string;
  cluster: string;
  namespace: string;
  name: string;
  purpose: 'ingress' | 'egress' | 'east-west';
  serviceAccount: string;
  podLabels: Labels;
  /** Id of its pods' workload, which is made up where no manifest has it. */
  workload: string;
  at?: SourcePosition;
}

/**
 * One cluster as manifests describe it. Immutable.
 *
 * @public
 */
export interface Cluster {
  name: string;
  profile: PlatformProfile;
  namespaces: ReadonlyMap<string, Namespace>;
  /** Sorted by id. */
  workloads: readonly Workload[];
  /** Sorted by id. */
  services: readonly Service[];
  hosts: readonly HostEntry[];
  /** Sorted by id. */
  waypoints: readonly Waypoint[];
  /** Sorted by id. */
  gateways: readonly GatewayInstance[];
  /** Everything that was given, in its order. */
  objects: readonly ManifestObject[];
  /** Default mesh mode that the caller stated, to build the cluster again. */
  meshOption: 'detect' | MeshMode;
  /** The profile before anything was found in the objects, to build the cluster again. */
  profileOption: PlatformProfile;
}
