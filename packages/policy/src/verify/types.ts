import type { Admittance } from './admittance';
import type { CompiledObject } from '../compile/types';
import type { Cluster } from '../estate/types';
import type { Call, Condition, Layer } from '../evaluate/types';
import type { Finding } from '../findings';
import type { Plan } from '../plan/types';
import type { PolicyOfOthers } from '../others/types';
import type { RequestSet } from '../requestset/RequestSet';

/**
 * What {@link verify} compares.
 *
 * @public
 */
export interface VerifyInput {
  plan: Plan;
  /**
   * The clusters with every manifest in them: estate, hand-written and
   * generated. Objects are ours when they carry
   * `app.kubernetes.io/managed-by: callgate`.
   */
  clusters: readonly Cluster[];
  /**
   * APIs that failed to compile and whose earlier files are among the
   * manifests. What those open is listed as unknown: there is no declaration to
   * compare it with.
   */
  failedApis?: readonly string[];
  /** What stays open for grants with errors, as `compile` gives it: unknown as well. */
  kept?: readonly CompiledObject[];
}

/**
 * An object with a rule that lets a call through or refuses it.
 *
 * @public
 */
export interface DecidingObject {
  cluster: string;
  layer: Layer;
  kind: string;
  namespace?: string;
  name: string;
  rule?: string;
  /** Why its rule lets the caller in; absent where it refuses, or where that cannot be told. */
  admits?: Admittance;
  /** Whether Callgate made it, by the label of the object, wherever it is written. */
  generated: boolean;
  /** The API that a generated object is of. */
  api?: string;
}

/**
 * Access by which declaration and manifests differ, for one pair of workloads.
 *
 * @public
 */
export interface AccessDifference {
  cluster: string;
  /** `namespace/Kind/name` of a workload, or addresses outside the estate. */
  from: string;
  /** `namespace/Kind/name` of the provider's workload. */
  to: string;
  /** Which end is outside the estate, with its blocks of addresses; absent where both are workloads. */
  outside?: { end: 'from' | 'to'; cidrs: readonly string[] };
  requests: RequestSet;
  /** Readable form of `requests`, e.g. `TCP 8080 GET /orders/{*}`. */
  text: string;
  /** A call inside `requests`, in the form that `evaluate` takes. */
  call: Call;
  /** APIs that run on `to`. */
  apis: readonly string[];
  /** Grants whose access this is (missing) or that are nearest (surplus). */
  grants: readonly { api: string; grantId: string }[];
  /**
   * Kind, namespace and name of the objects that decide about `call`:
   * who refuses it (missing), who opens it (surplus).
   */
  by: readonly string[];
  /** True where the evaluator's answer rests on a condition. */
  conditional: boolean;
  /** What that answer rests on; absent where it is not conditional. */
  conditions?: readonly Condition[];
  /**
   * True where patterns are more than can be compared exactly: `requests` then
   * is all that may differ, and the finding is `access-not-decided`.
   */
  undecided?: true;
}

/**
 * Access that nobody can judge: a grant on a row that is not built yet, or a
 * pair that the evaluator does not cover. Neither open nor closed.
 *
 * @public
 */
export interface UnknownAccess {
  api: string;
  /** Set for a grant. */
  grantId?: string;
  cluster?: string;
  /** Set for a pair of workloads. */
  from?: string;
  to?: string;
  reason: string;
}

/**
 * Declared access against effective access.
 *
 * @public
 */
export interface VerifyResult {
  /** True when nothing is missing and nothing of ours is surplus. */
  equal: boolean;
  /** Declared, but not surely allowed, as far as policies are judged. */
  missing: readonly AccessDifference[];
  /** Opened by our objects beyond the declarations. */
  surplusOurs: readonly AccessDifference[];
  /** Opened by hand-written objects beyond the declarations. */
  surplusForeign: readonly AccessDifference[];
  /**
   * What no policy of anybody can close: a pod's own node always reaches it,
   * and so do pods on the host network of that node.
   */
  platform: readonly AccessDifference[];
  unknown: readonly UnknownAccess[];
  /**
   * Policies of others that nobody judges and that touch what is granted, each once. What they may refuse is not missing, and what
   * they may open is not surplus: everything else here is as if they changed nothing.
   */
  others: readonly PolicyOfOthers[];
  findings: readonly Finding[];
}
