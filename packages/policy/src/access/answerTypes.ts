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
  /** Whether everyone can call, also somebody who is not there yet, or may be able to. */
  everyone: 'can' | 'may' | 'cannot';
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
   * `open`: everyone can call. `closed`: nobody but the rows. `conditional`: the same, unless policies that Callgate does
   * not cover say otherwise. `unknown`: nobody can tell who can call.
   */
  state: 'open' | 'closed' | 'conditional' | 'unknown';
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
  /** Who may be able to call, under conditions. */
  conditional: number;
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
  clusters: readonly ApiInCluster[];
  counts: AccessCounts;
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
  /** Sorted by API. */
  rows: readonly AccessRow[];
  /** APIs that everyone can call where the caller runs, and that it neither was granted nor consumes. */
  openToEveryone: readonly string[];
}
