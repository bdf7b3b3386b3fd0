import type { Compilation } from '../compile/types';
import type { OfferedOperation } from '../contract/types';
import type { Cluster, Protocol } from '../estate/types';
import type { Condition, Layer } from '../evaluate/types';
import type { FindingCode } from '../findings';
import type { AccessPolicy, CatalogEntity } from '../model/types';
import type { LayerState } from '../plan/types';
import type { RequestSet } from '../requestset/RequestSet';
import type { AccessRange } from '../requestset/types';
import type { DecidingObject, VerifyResult } from '../verify/types';
import type { GrantAccess } from './grantTypes';

/**
 * One moment, of which it is asked who can call what.
 *
 * @public
 */
export interface AccessInput {
  catalog: readonly CatalogEntity[];
  /** Declarations that parse. */
  policies: readonly { policy: AccessPolicy }[];
  /** With every manifest in them: estate, hand-written and generated. */
  clusters: readonly Cluster[];
  /** What the declarations come to. */
  compilation: Compilation;
  /** Declared against effective access of the same clusters, where it is known already. */
  verified?: VerifyResult;
}

/**
 * Who calls, by reference, so that whoever shows it can ask first who may see it.
 *
 * @public
 */
export interface AccessCaller {
  class: 'entity' | 'gateway' | 'workload' | 'addresses';
  /**
   * Of an entity its reference; `gateway:namespace/name`; of a workload that is nobody's
   * `workload:cluster/namespace/Kind/name`; of addresses `cidr:` with blocks.
   */
  ref: string;
  /** Every entity that the calling workloads are bound to, sorted. */
  entities: readonly string[];
  /** Of addresses. */
  cidrs?: readonly string[];
}

/**
 * One thing that is done with an API. Of what the definition offers it has the id and the words of the definition.
 *
 * @public
 */
export type AccessOperation = Partial<Omit<OfferedOperation, 'kind'>> &
  Pick<OfferedOperation, 'kind' | 'writes'> & {
    /** Of a whole port, with its number where it is known. */
    protocol?: Protocol;
    port?: number;
  };

/**
 * How far a layer holds for what a pair may do. `open`: it exists and lets more through than was granted.
 *
 * @public
 */
export type AccessLayers = Readonly<Record<Layer, LayerState | 'open'>>;

/**
 * What a caller's workload can do at one workload of the API, whatever was declared.
 *
 * @public
 */
export interface AccessPlace {
  cluster: string;
  /** `namespace/Kind/name`, or blocks of addresses, joined by blanks. */
  from: string;
  to: string;
  /** Whether everyone can call, or may be able to, where this one does. */
  everyone: 'can' | 'may' | 'cannot';
  /** Ids of grants of this API that are about this pair. */
  grants: readonly string[];
  /**
   * `sure`: it can do all of `can`. `conditional`: some of that only under the `conditions`. `unknown`: nobody can tell,
   * because something is not covered, too complex or kept for a grant with an error.
   */
  certainty: 'sure' | 'conditional' | 'unknown';
  conditions: readonly Condition[];
  /** Whether something gets through for sure. */
  surely: boolean;
  /** Everything that may get through to the ports of the API, granted or not. */
  can: ReachableOperations;
  requests: RequestSet;
  /** What of that no grant of any API and nothing that the platform needs explains; empty where there is nothing. */
  beyond: RequestSet;
  /** What `beyond` comes to: whole ports where everything on them is open, however much of that was granted. */
  more: ReachableOperations;
  /** Whether some of `beyond` gets through for sure. */
  beyondSurely: boolean;
  /** What a grant with an error keeps open here. */
  kept: boolean;
  layers: AccessLayers;
  /** Who lets `beyond` through; empty where nothing restricts it. Hand-written objects where there are any. */
  openedBy: readonly DecidingObject[];
}

/**
 * What a set of requests comes to in terms of an API.
 *
 * @public
 */
export interface ReachableOperations {
  /** Offered operations that are in it as a whole. */
  operations: readonly AccessOperation[];
  /** Ports on which everything is in it; then `operations` are part of that. */
  everythingOn: readonly Pick<AccessRange, 'protocol' | 'ports'>[];
  /** What else is in it, on ports on which not everything is. */
  others: readonly AccessRange[];
}

/**
 * One caller of one API: what it was granted and what it can do, side by side.
 *
 * @public
 */
export interface AccessRow {
  api: string;
  caller: AccessCaller;
  /** Whether the catalog says that it consumes the API. */
  consumes: boolean;
  grants: readonly GrantAccess[];
  places: readonly AccessPlace[];
  /** The worst of all places. */
  certainty: AccessPlace['certainty'];
  /**
   * `granted`: what it can do was granted. `more`: it can do more than that. `none`: nothing was granted and it can, or may
   * be able to, call. `declared`: it was granted something and cannot do it.
   */
  compared: 'granted' | 'more' | 'none' | 'declared';
  /** The error that any grant of the API to it would have, whatever it names; absent where that is not known. */
  cannotBeGranted?: FindingCode;
}
