import type { Protocol } from '../estate/types';
import type { Condition, Layer } from '../evaluate/types';
import type { Finding } from '../findings';
import type { Grant } from '../model/types';
import type { LayerState } from '../plan/types';
import type { RequestSet } from '../requestset/RequestSet';
import type { DecidingObject } from '../verify/types';
import type { AccessOperation } from './types';

/**
 * How a grant stands. `effective`: what it opens gets through. `refused`, `conditional`: some of it does not, or only under
 * conditions. `held`: it has an error, and what it opened before stays. `unsupported`: this version cannot enforce it.
 * `unconfirmed`: nobody approved what it stands for now. `error`: it, or all of its API, has errors and opens nothing.
 * `unheld`: it opens nothing, because its caller may call everything outside, and so what was granted as well.
 *
 * @public
 */
export type GrantStanding =
  | 'effective'
  | 'refused'
  | 'conditional'
  | 'held'
  | 'unsupported'
  | 'unconfirmed'
  | 'unheld'
  | 'error';

/**
 * A grant with all that is to be said of it, and of no other one.
 *
 * @public
 */
export interface GrantAccess {
  grant: Grant;
  /** The caller as the grant names it, in full. */
  caller: string;
  standing: GrantStanding;
  operations: readonly AccessOperation[];
  /** Pairs of workloads that it stands for. */
  pairs: readonly GrantedPair[];
  /** What of it does not surely get through. */
  refused: readonly {
    cluster: string;
    from: string;
    to: string;
    requests: RequestSet;
    conditions: readonly Condition[];
    by: readonly DecidingObject[];
  }[];
  /** Why it is held or opens nothing: its own errors, else those of its API. */
  findings: readonly Finding[];
  /** Why it is not supported, place by place. */
  unsupported: readonly {
    cluster?: string;
    from?: string;
    to?: string;
    reason: string;
  }[];
  /** Ends that nobody approved. */
  unconfirmed: number;
}

/**
 * One pair of workloads of a grant.
 *
 * @public
 */
export interface GrantedPair {
  cluster: string;
  caller: string;
  from: string;
  to: string;
  protocol: Protocol;
  port: number;
  layers: Readonly<Record<Layer, LayerState>>;
}
