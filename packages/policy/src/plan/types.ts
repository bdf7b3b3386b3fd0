import { Cluster, Protocol } from '../estate/types';
import { Finding } from '../findings';
import {
  AccessPolicy,
  CatalogEntity,
  Gap,
  GrantOperation,
  PolicyMode,
} from '../model/types';
import { PathPattern } from '../model/pathPattern';
import { FieldPath } from '../model/YamlSource';
import { SourcePosition } from '../source';

/**
 * Everything that planning depends on.
 *
 * @public
 */
export interface PlanInput {
  policies: readonly {
    policy: AccessPolicy;
    file: string;
    /** where a field stands, as `parseAccessPolicy` gives it; without it findings name file and field, but no line */
    locate?: (path: FieldPath) => SourcePosition;
  }[];
  catalog: readonly CatalogEntity[];
  clusters: readonly Cluster[];
  /** Grants with errors, which are not planned while the others are. */
  held?: HeldPlan;
  /**
   * All declarations, where `policies` are only some of them: what was approved in them says whose binding holds.
   *
   * @defaultValue `policies`
   */
  declared?: readonly { policy: AccessPolicy }[];
  /** Workloads that generated objects of the repository close for an API. What it moved away from stays closed. */
  closed?: readonly ClosedFor[];
}

/**
 * A workload that generated objects close, and the API that they are of.
 *
 * @public
 */
export interface ClosedFor {
  api: string;
  cluster: string;
  /** `namespace/Kind/name` */
  workload: string;
}

/**
 * Which grants planning leaves out, and what stays closed because of what they have in force.
 *
 * @public
 */
export interface HeldPlan {
  /** as {@link heldKey} writes them */
  grants: ReadonlySet<string>;
  /** workloads that generated objects close for a held grant of an API, as {@link closedKey} writes them */
  closed: ReadonlySet<string>;
}

/**
 * Names a grant in {@link HeldPlan}.
 *
 * @public
 */
export function heldKey(api: string, grantId: string): string {
  return `${api} ${grantId}`;
}

/**
 * Names a workload that an API closes in {@link HeldPlan}.
 *
 * @public
 */
export function closedKey(
  api: string,
  cluster: string,
  workload: string,
): string {
  return `${api} ${cluster} ${workload}`;
}

/**
 * What provider and caller run, and how calls travel: the row of what decides which objects come out.
 *
 * - `sidecar-sidecar`: both have a sidecar (a gateway of the mesh counts as one).
 * - `sidecar-ambient`: an ambient caller of a provider whose sidecar takes HBONE.
 * - `ambient`: an ambient provider without a waypoint on the way.
 * - `waypoint`: through the waypoint of the provider's Services; `waypoint-direct`: past it, to the provider itself.
 * - `mesh-plain`: provider in the mesh, caller without; `mesh-address`: the same with a caller known by address.
 * - `plain-any`: provider without mesh, or a port that the mesh does not see.
 * - `host-outside`: the provider is a host outside the cluster; what holds is the caller's own egress.
 *
 * @public
 */
export type SupportedRow =
  | 'sidecar-sidecar'
  | 'sidecar-ambient'
  | 'ambient'
  | 'waypoint'
  | 'waypoint-direct'
  | 'mesh-plain'
  | 'mesh-address'
  | 'plain-any'
  | 'host-outside';

/**
 * Rows that this version does not generate.
 *
 * @public
 */
export type UnsupportedRow =
  | 'host-in-mesh'
  | 'host-outside'
  | 'saas'
  | 'cross-cluster';

/**
 * One end of an edge: a workload with everything that policies select it by.
 *
 * @public
 */
export interface EdgeEnd {
  kind: 'workload';
  /** `namespace/Kind/name` */
  id: string;
  namespace: string;
  /** labels that select exactly the pods of this workload within its namespace */
  selector: Record<string, string>;
  serviceAccount: string;
  /** `<trust domain>/ns/<namespace>/sa/<service account>`; absent outside the mesh */
  principal?: string;
  mesh: 'sidecar' | 'ambient' | 'none';
  /** of a host outside the cluster: the blocks that network policies know it by, sorted; they select no host by labels */
  cidrs?: string[];
}

/**
 * One end of an edge that is known by its addresses only.
 *
 * @public
 */
export interface AddressEnd {
  kind: 'addresses';
  /** `cidr:<block>`, with commas between several */
  id: string;
  /** sorted */
  cidrs: string[];
}

/**
 * One stretch of the way of a call, as the kernel sees it: who connects to whom on which port. Behind a waypoint a call has
 * two of them.
 *
 * @public
 */
export interface KernelHop {
  from: EdgeEnd | AddressEnd;
  to: EdgeEnd | AddressEnd;
  protocol: Protocol;
  port: number;
  /** whether the egress of `from` has to be opened, and who isolates it */
  egress: Isolator;
  /** whether the ingress of `to` has to be opened, and who isolates it */
  ingress: Isolator;
}

/**
 * Whose policies isolate a workload in one direction.
 *
 * @public
 */
export type Isolator = 'open' | 'isolated-by-callgate' | 'isolated-by-others';

/**
 * Who the mesh admits: principals, or callers without any, as far as they come from certain addresses, or do not come from
 * those that other grants are about.
 *
 * @public
 */
export type AdmittedSource =
  | { kind: 'principals'; principals: string[] }
  | { kind: 'plaintext'; cidrs?: string[]; notCidrs?: string[] };

/**
 * What one proxy of the mesh has to admit for an edge: the provider's own (sidecar or ztunnel), or the waypoint in front of
 * one of its Services.
 *
 * @public
 */
export interface Admission {
  at:
    | { kind: 'workload' }
    | { kind: 'service'; namespace: string; name: string };
  source: AdmittedSource;
  /** port of the workload, or of the Service: what that proxy sees */
  port: number;
  /** absent means everything on the port */
  http?: HttpAccess[];
}

/**
 * Methods with the same paths. Empty `methods` means every method.
 *
 * @public
 */
export interface HttpAccess {
  methods: string[];
  paths: PathPattern[];
}

/**
 * How far a layer holds for an edge.
 *
 * `none`: the layer does not exist on this edge. `acknowledged-gap`: it does not hold, and the grant says so.
 *
 * @public
 */
export type LayerState = 'enforced' | 'none' | 'acknowledged-gap';

/**
 * One workload-to-workload consequence of a grant.
 *
 * @public
 */
export interface Edge {
  cluster: string;
  /** `api:namespace/name` */
  api: string;
  /** `accesspolicy:namespace/name` */
  policy: string;
  grantId: string;
  /** the entity that calls; for a grant to a set, the member */
  caller: string;
  /** the caller as the grant names it: an entity, a set, or `self` */
  declaredCaller: string;
  /** the entity that provides the API */
  provider: string;
  from: EdgeEnd | AddressEnd;
  to: EdgeEnd | AddressEnd;
  protocol: Protocol;
  /** workload port (what the Service's targetPort resolves to) */
  port: number;
  /** Service ports that lead to `port`, `namespace/name:port`, for people */
  servicePorts: string[];
  /** absent means everything on the port */
  http?: HttpAccess[];
  layers: { kernel: LayerState; identity: LayerState; method: LayerState };
  /** labels of the operations for people, such as `listOrders` or `GET /orders/{id}` */
  operations: string[];
  /** the same operations, as the grant names them */
  granted: GrantOperation[];
  row: SupportedRow;
  mode: PolicyMode;
  gaps: Gap[];
  /** whether the caller's own egress has to be opened as well, and who isolates it */
  egress: Isolator;
  /** what the kernel has to let through; empty where the mode enforces nothing */
  hops: KernelHop[];
  /** what proxies of the mesh have to admit; empty outside the mesh */
  admissions: Admission[];
}

/**
 * A workload that is closed except for what is declared.
 *
 * @public
 */
export interface Isolation {
  cluster: string;
  workload: EdgeEnd;
  direction: 'ingress' | 'egress';
  /** ingress: the APIs that isolate it, sorted; egress: empty, because opting in is about the caller */
  apis: string[];
  mode: PolicyMode;
  /** which layers exist on this workload */
  layers: { kernel: boolean; identity: boolean };
  /** which layers were open before, going by hand-written policies alone */
  flips: { kernel: boolean; identity: boolean };
  /** entities that the catalog says use the API and that no grant covers */
  callersCut: string[];
  /** workload ports on which plaintext has to stay possible, ascending (rows `mesh-plain` and `mesh-address`) */
  permissivePorts: number[];
  /** Services through whose waypoint the workload is reached: each needs policies of its own. Sorted */
  services: { namespace: string; name: string }[];
  /** waypoints that also lead to the workload's own addresses: that way is closed to everybody. Sorted */
  podWaypoints: { namespace: string; name: string }[];
  /**
   * Set where the APIs run elsewhere by now and the workload only stays closed: `unclaimed` pods keep what is in force for
   * grants, `taken` ones are something else's by now and keep nothing open.
   */
  movedAway?: 'unclaimed' | 'taken';
}

/**
 * One opening that isolation must leave: from the closed list of the platform profile.
 *
 * @public
 */
export interface PlumbingEdge {
  cluster: string;
  direction: 'ingress' | 'egress';
  purpose:
    | 'dns'
    | 'control-plane'
    | 'scraper'
    | 'telemetry'
    | 'probe'
    | 'api-server';
  /** the isolated workload */
  workload: EdgeEnd;
  peer: PlumbingPeer;
  ports: { protocol: Protocol; port: number; endPort?: number }[];
  /** the ports are reached through HBONE, which is what the kernel sees */
  hbone: boolean;
  layers: { kernel: LayerState; identity: LayerState };
  mode: PolicyMode;
}

/**
 * Who is on the other side of a plumbing edge.
 *
 * @public
 */
export type PlumbingPeer =
  | {
      kind: 'pods';
      /** labels of the namespace; `kubernetes.io/metadata.name` where the profile names it */
      namespaceLabels: Record<string, string>;
      /** empty for every pod of the namespace */
      podLabels: Record<string, string>;
      principal?: string;
    }
  | { kind: 'cidrs'; cidrs: string[] };

/**
 * A grant that this version cannot compile: its access is unknown.
 *
 * @public
 */
export interface UnsupportedGrant {
  api: string;
  policy: string;
  grantId: string;
  caller: string;
  cluster?: string;
  from?: string;
  to?: string;
  row: UnsupportedRow;
  reason: string;
}

/**
 * An end that a grant has now and that nobody approved: an annotation, a selector, an owner, a cluster or the members of a
 * set have changed. It gets nothing until the API's deciders confirm it.
 *
 * @public
 */
export interface UnconfirmedEnd {
  api: string;
  policy: string;
  grantId: string;
  /** the caller as the grant names it */
  caller: string;
  side: 'caller' | 'provider';
  /** the entity that stands for it: the caller or a member of the set, or the provider */
  entity: string;
  cluster: string;
  /** `namespace/Kind/name`, or `cidr:` with blocks */
  end: string;
}

/**
 * What the declarations come to: one flat list of edges, and all that was noticed on the way.
 *
 * @public
 */
export interface Plan {
  edges: Edge[];
  isolations: Isolation[];
  plumbing: PlumbingEdge[];
  unsupported: UnsupportedGrant[];
  /** sorted by API, grant and end */
  unconfirmed: UnconfirmedEnd[];
  findings: Finding[];
}
