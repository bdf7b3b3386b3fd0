import type { AccessOperation } from '../access/types';
import type { Layer } from '../evaluate/types';
import type { CatalogEntity } from '../model/types';
import type { Cluster } from '../estate/types';
import type { Finding } from '../findings';
import type { LayerState, PlumbingEdge } from '../plan/types';
import type { PolicyOfOthers } from '../others/types';
import type { RenderedFile } from '../render/types';
import type { Compilation } from '../compile/types';

/**
 * State of the policy repository and the estate at one moment, as input of
 * {@link meaning} and {@link prove}.
 *
 * @public
 */
export interface PolicyState {
  /** What the declarations of this moment compile to. */
  compilation: Compilation;
  /**
   * The clusters *without* generated objects: estate and hand-written files.
   * Generated objects are added by the function that reads this.
   */
  clusters: readonly Cluster[];
  /**
   * Generated files as the repository has them, where they may differ from
   * `compilation.files`: at the tip of a branch, and for APIs that failed and
   * whose files stay as they are.
   *
   * @defaultValue the files of `compilation`
   */
  files?: readonly RenderedFile[];
}

/**
 * What {@link meaning} compares: the same repository without and with one
 * request.
 *
 * @public
 */
export interface MeaningInput {
  before: PolicyState;
  after: PolicyState;
  /** Full entity ref of the API that the request is about. */
  api: string;
  /** Clusters or environments named in the request (`in:`), for the digest. */
  scope?: readonly string[];
  /** Used to name callers that are cut. */
  catalog: readonly CatalogEntity[];
  /**
   * Ids of grants of the API that are there already and that the request ends
   * or changes. What they lose is then told by what is possible afterwards, and
   * whom the change opens the API to is told as well.
   */
  grants?: readonly string[];
  /** Last day that the request sets, such as `2027-03-01`; an empty text takes one away. */
  until?: string;
}

/** @public */
export type EdgeLayers = Readonly<Record<Layer, LayerState>>;

/**
 * One cluster's half of an {@link EdgeSummary}.
 *
 * @public
 */
export interface EdgeInCluster {
  cluster: string;
  /** Workload ids, `namespace/Kind/name`, sorted. */
  from: readonly string[];
  to: readonly string[];
  protocol: string;
  /** Workload ports, sorted. */
  ports: readonly number[];
  layers: EdgeLayers;
}

/**
 * What one caller may do with one API, in people's words.
 *
 * @public
 */
export interface EdgeSummary {
  /** Entity ref of the caller. */
  caller: string;
  api: string;
  /** An empty one stands for files that open what no grant names any more. */
  grantIds: readonly string[];
  /** Labels of operations, sorted, e.g. `GET /orders/{id}`: for people, nothing is read from them. */
  operations: readonly string[];
  /** The same operations as rows of access have them. Absent in meanings that were stored before there were such. */
  calls?: readonly AccessOperation[];
  /** Set where every request on the port is open, e.g. `TCP 5432`. */
  everythingOn?: string;
  clusters: readonly EdgeInCluster[];
  /** `checkout → GET /orders/{id} of orders`. */
  text: string;
}

/**
 * Layers of an API in one cluster: the weakest of its edges decides.
 *
 * @public
 */
export interface LayersInCluster {
  cluster: string;
  layers: EdgeLayers;
  isolation: 'isolated' | 'open' | 'partly';
  /** Number of caller entities with access by grant. */
  callers: number;
}

/**
 * Why a caller that an isolation flip cuts is worth a name.
 * `consumes-api`: the catalog says that it consumes or depends on the API.
 *
 * @public
 */
export type CutReason = 'consumes-api' | 'allowed-today';

/** @public */
export interface CutCaller {
  /** `namespace/Kind/name`, or addresses outside the estate. */
  workload: string;
  /** Whether these are addresses. Meanings that were stored before do not say. */
  outside?: boolean;
  /** What only carries calls of others, and makes none of its own: nobody who is cut. Absent of everybody else. */
  carrier?: 'waypoint' | 'ztunnel';
  /** Entity refs bound to the workload, as far as the plan knows them. */
  entities: readonly string[];
  reasons: readonly CutReason[];
  /** A call that is allowed before and refused after, for people. */
  example: string;
}

/**
 * A workload that was open and is closed to everyone but granted callers.
 *
 * @public
 */
export interface MeaningFlip {
  cluster: string;
  workload: string;
  direction: 'ingress' | 'egress';
  layer: 'kernel' | 'identity';
  cut: readonly CutCaller[];
}

/**
 * A workload that was closed and is open to everybody.
 *
 * @public
 */
export interface MeaningOpening {
  cluster: string;
  /** `namespace/Kind/name`. */
  workload: string;
  layer: 'kernel' | 'identity';
}

/**
 * What grants that end opened and their caller keeps all the same.
 *
 * @public
 */
export interface KeptBy {
  access: readonly EdgeSummary[];
  /** Grants that open it as well, of whichever API on the same workload. */
  by: readonly { api: string; grantId: string }[];
  /** Something else opens it: a policy of somebody else, or nothing closes it. */
  otherwise: boolean;
}

/**
 * What the digest covers; canonical (sorted, no optional noise), so two
 * meanings are the same exactly when their JSON is.
 *
 * @public
 */
export interface DigestContent {
  schemaVersion: 1;
  api: string;
  scope: readonly string[];
  edges: readonly DigestEdge[];
  /** Edges that disappear. */
  removed: readonly DigestEdge[];
  gaps: readonly string[];
  /** Policies of others that touch the access in question; absent where there are none. */
  others?: readonly PolicyOfOthers[];
  plumbing: readonly string[];
  /** Grants that are ended or changed, sorted; absent where the request is about none that was there. */
  grants?: readonly string[];
  /** What their callers keep all the same; with `grants` only. */
  kept?: readonly (Omit<DigestEdge, 'layers'> & {
    /** `api grantId`, sorted. */
    by: readonly string[];
    otherwise: boolean;
  })[];
  /** Workloads that are opened to everybody; with `grants` only. */
  opened?: readonly MeaningOpening[];
  /** What becomes of the API where none of its grants opens anything any more. */
  left?: 'closed' | 'open';
  /** Last day that the request sets, an empty text where it takes one away; absent where it sets none. */
  until?: string;
  flips: readonly {
    cluster: string;
    workload: string;
    direction: string;
    layer: string;
    cut: readonly string[];
  }[];
  /** `cluster: version of its profile`, sorted. */
  profiles: readonly string[];
}

/** @public */
export interface DigestEdge {
  cluster: string;
  caller: string;
  from: string;
  to: string;
  protocol: string;
  port: number;
  /**
   * `*` for every request, else sorted `METHOD path` with `{*}` for a segment
   * and `{**}` for the rest; `ANY` for every method.
   */
  requests: readonly string[];
  layers: EdgeLayers;
}

/**
 * Something that isolation leaves open because the platform needs it.
 *
 * @public
 */
export interface KeptPlumbing {
  purpose: PlumbingEdge['purpose'];
  cluster: string;
  /** Id of the isolated workload. */
  workload: string;
  /** Ids of the workloads on the other side, sorted; empty where nothing tells. */
  peers: readonly string[];
}

/**
 * What a change of declarations does, for people and for binding an approval.
 *
 * @public
 */
export interface Meaning {
  api: string;
  gained: readonly EdgeSummary[];
  lost: readonly EdgeSummary[];
  /**
   * Access that is granted already, is not open by the manifests that are there, and is opened with the change: removed
   * from them by hand, or changed in what it means since they were written. Part of what is approved.
   */
  restored: readonly EdgeSummary[];
  /** Edges that are the same before and after, counted by caller. */
  unchangedCount: number;
  layersByCluster: readonly LayersInCluster[];
  flips: readonly MeaningFlip[];
  /**
   * Policies of others that nobody judges and that touch what is opened or closed, each once: a gap of its own class, and part of
   * what is approved. Everything else here is as if they changed nothing.
   */
  others: readonly PolicyOfOthers[];
  /** What callers keep of grants that end or are changed; absent where no such grant is concerned. */
  kept?: readonly KeptBy[];
  /** What is opened to everybody; absent as `kept` is. */
  opened?: readonly MeaningOpening[];
  /**
   * Set where none of the API's grants opens anything any more: `closed` to
   * everybody, or `open` to everybody.
   */
  left?: 'closed' | 'open';
  /** Plumbing that is opened, as the objects have it, sorted: part of what is approved. */
  plumbing: readonly string[];
  /** The same as facts, for sentences. Absent in meanings that were stored before there were such. */
  keeps?: readonly KeptPlumbing[];
  /** Errors of the API after the change, and what was not said of it before. */
  findings: readonly Finding[];
  /** The declaration has errors after the change, so that it opens and closes nothing. */
  failed?: true;
  /** One line for lists and titles. */
  text: string;
  /** `sha256:<hex>` of the canonical JSON of `content`. */
  digest: string;
  content: DigestContent;
}

/**
 * One thing that a meaning has and another one has not: a code with what it is
 * about, so that it can be kept and put into words for each reader
 * ({@link describeMeaningDifference}).
 *
 * @public
 */
export type MeaningDifference =
  | { code: 'other-api'; api: string }
  /** Without a name: every cluster. */
  | { code: 'scope-added'; name?: string }
  | {
      code: 'opened' | 'layer-lost';
      cluster: string;
      /** Entity ref. */
      caller: string;
      /** Workload ids, or addresses. */
      from: string;
      to: string;
      protocol: string;
      port: number;
      request: string;
      /** The access goes away instead. */
      takenAway?: boolean;
    }
  | {
      code: 'gap-accepted';
      /** `cluster caller gap`. */
      gap: string;
      /** Whose it is; differences that were stored before do not say. */
      about?: { cluster: string; caller: string };
    }
  | { code: 'other-policy'; policy: PolicyOfOthers }
  | {
      code: 'closed';
      cluster: string;
      workload: string;
      direction: string;
      layer: string;
    }
  | {
      code: 'cut';
      /** Workload id, or addresses. */
      caller: string;
      cluster: string;
      workload: string;
      direction: string;
      layer: string;
    }
  | { code: 'plumbing-opened'; plumbing: string }
  /** A workload is opened to everybody. */
  | {
      code: 'opened-to-everyone';
      cluster: string;
      workload: string;
      layer: string;
    }
  | { code: 'profile-changed'; cluster: string };

/**
 * Result of {@link compareMeaning}: may a proposal go on under an approval that
 * was given for another state of the repository?
 *
 * @public
 */
export interface MeaningComparison {
  /** `wider` must be approved again; `narrower` goes on and is noted. */
  result: 'same' | 'narrower' | 'wider';
  /** What `reasons` says, in the same order. */
  differences: readonly MeaningDifference[];
  /**
   * Sentences, most serious first. With `same` only what is noted without being
   * a difference for anybody's access, such as a changed platform profile.
   */
  reasons: readonly string[];
}
