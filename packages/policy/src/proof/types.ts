import type { AccessDifference, VerifyResult } from '../verify/types';
import type { Finding } from '../findings';
import type { DigestContent, PolicyState } from '../meaning/types';
import { type Words } from '../words';

/**
 * What {@link prove} proves.
 *
 * @public
 */
export interface ProofInput {
  before: PolicyState;
  after: PolicyState;
  /** Contents that were approved, one for each request of the proposal. */
  approved: readonly DigestContent[];
}

/**
 * One of the points of the proof.
 *
 * @public
 */
export interface ProofPoint {
  point:
    | 'gained-is-approved'
    | 'lost-is-told'
    | 'nothing-missing-no-surplus-ours'
    | 'surplus-foreign'
    | 'intermediate-states';
  /** `warning` never blocks. */
  outcome: 'passed' | 'failed' | 'warning';
  /** One sentence, with ids. */
  text: string;
  /** The same with names set apart, where it has any. */
  words?: Words;
}

/**
 * A step of the application at which somebody loses access that they have
 * before and after.
 *
 * @public
 */
export interface IntermediateCut {
  /** Path of the file after whose application the call is refused. */
  after: string;
  difference: AccessDifference;
}

/**
 * Proof of a proposal. It may be opened only when `holds` is true.
 *
 * @public
 */
export interface Proof {
  holds: boolean;
  points: readonly ProofPoint[];
  verify: VerifyResult;
  /** Access gained that nobody approved. */
  unapproved: readonly AccessDifference[];
  /** Access lost that no request told; looked for where one of them ends or changes grants. */
  untold: readonly AccessDifference[];
  cuts: readonly IntermediateCut[];
  /** Blocking ones have severity error. */
  findings: readonly Finding[];
}
