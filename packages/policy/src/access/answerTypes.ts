import type { Protocol } from '../estate/types';
import type { Condition } from '../evaluate/types';
import type { PolicyOfOthers } from '../others/types';
import type { GrantAccess } from './grantTypes';
import type { DecidingObject } from '../verify/types';
import type { AccessLayers, AccessRow } from './types';

/**
 * Access to a workload of the API that makes nobody a caller of it.
 *
 * @public
 */
export interface OtherAccess {
  cluster: string;
  from: string;
  to: string;
  /**
   * `itself`: other pods and workloads of the provider. `waypoint`: the way to the provider. `plumbing`: what the platform needs.
   * `platform`: what no policy could close, such as a pod's own node. `another-api`: it calls another API of the workload.
   */
  why: 'itself' | 'waypoint' | 'plumbing' | 'platform' | 'another-api';
}

/**
 * How far a workload is open to everyone, also to somebody who is not there yet.
 *
 * @public
 */
export interface Doors {
  /** Whether everyone can call, or may be able to. */
  everyone: 'can' | 'may' | 'cannot';
  /** Whether everyone can do all that there is to do on the ports of the API. */
  entirely: boolean;
  /** Who lets everyone in: hand-written objects where there are any; empty where nothing restricts it. */
  openedBy: readonly DecidingObject[];
}

/**
 * A workload of an API with the ports that are asked about.
 *
 * @public
 */
export interface ApiProviderFacts {
  /** `namespace/Kind/name` */
  workload: string;
  /** The port on which the API is served, where that is clear; otherwise all of the workload's ports count. */
  own?: { protocol: Protocol; port: number };
  ports: readonly { protocol: Protocol; port: number }[];
  doors: Doors;
  /** Objects that Callgate made for the API and that are about this workload. */
  objects: readonly Pick<DecidingObject, 'kind' | 'namespace' | 'name'>[];
}

/**
 * An API in one cluster.
 *
 * @public
 */
export interface ApiInCluster {
  cluster: string;
  /**
   * `open`: everyone can call. `closed`: nobody but callers who surely can. `conditional`: one of both, unless policies of
   * others say otherwise, or closed with callers who may be able to call. `unknown`: nobody can tell who can call.
   */
  state: 'open' | 'closed' | 'conditional' | 'unknown';
  /** Whether everyone can call, or may be able to, as far as policies are judged. */
  everyone: Doors['everyone'];
  providers: readonly ApiProviderFacts[];
  layers: AccessLayers | 'unknown';
  counts: AccessCounts;
  /** What answers rest on, with how many callers it is about. */
  conditions: readonly (Pick<Condition, 'kind' | 'object'> & {
    callers: number;
  })[];
  others: readonly OtherAccess[];
  /** Policies of others that nobody judges and that may decide otherwise: everything else is as if they changed nothing. */
  policies: readonly PolicyOfOthers[];
}

/**
 * Callers, each counted once.
 *
 * @public
 */
export interface AccessCounts {
  /** Who surely can call. */
  callers: number;
  /** Those of them who were granted nothing. */
  withoutGrant: number;
  /** Those of them who can do more than they were granted. */
  moreThanGranted: number;
  /** Who may be able to do something under conditions, whatever else they can do for sure. */
  conditional: number;
  /** Who may be able to call, and is not among `callers`: under conditions, or nobody can tell. */
  perhaps: number;
}

/**
 * Who can call an API.
 *
 * @public
 */
export interface ApiAccessAnswer {
  api: string;
  /** `partly`: closed in some clusters and open in others. `no-workload`: nothing that provides it was found. */
  state: ApiInCluster['state'] | 'partly' | 'no-workload';
  /** Whether what provides it says that it is at addresses or hosts that no cluster has. */
  outside: boolean;
  clusters: readonly ApiInCluster[];
  counts: AccessCounts;
  /** Of clusters in which not everyone can call: of the others everyone is a caller. */
  inside: AccessCounts;
  /** Whether everyone can call, nothing restricts that, and there is no grant yet: the first one closes it. */
  firstGrantCloses: boolean;
  /** Each grant of the API once, as they are declared. */
  grants: readonly GrantAccess[];
  /** Sorted by caller. Of a cluster in which everyone can call they are everyone. */
  rows: readonly AccessRow[];
}

/**
 * What an entity may call.
 *
 * @public
 */
export interface CallerAccessAnswer {
  caller: string;
  /** APIs that the catalog says it consumes, sorted. */
  consumes: readonly string[];
  /** Sorted by API. */
  rows: readonly AccessRow[];
  /** Of APIs that everyone can call where the caller runs, and that it neither was granted nor consumes. */
  openToEveryone: readonly AccessRow[];
  /** Policies of others that nobody judges and that may decide otherwise about what is in the rows. */
  policies: readonly PolicyOfOthers[];
}
