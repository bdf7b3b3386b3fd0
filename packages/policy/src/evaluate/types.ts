import { Protocol } from '../estate/types';
import { Finding } from '../findings';

/** @public */
export type Layer = 'kernel' | 'identity' | 'method';

/** @public */
export type VerdictValue = 'allow' | 'deny' | 'conditional';

/**
 * The way to a workload: its own address, or a Service.
 *
 * @public
 */
export type Via = 'pod' | { service: string; port: number };

/**
 * A question about one call.
 *
 * @public
 */
export interface Call {
  id?: string;
  /** Workload id (`cluster:` before it in a world of several clusters), address or CIDR. */
  from: string;
  to: string;
  /** Default TCP. */
  protocol?: Protocol;
  /** Port of the destination *workload*, whatever port a Service gives it. */
  port: number;
  /** Absent: the question is about the connection, whatever is sent on it. */
  http?: {
    method: string;
    /** Raw, as sent; a query is ignored as Envoy does. */
    path: string;
    /** Absent: unknown; a decision that rests on it is conditional. */
    host?: string;
  };
  /** Default: what the pair would negotiate. */
  tls?: 'mtls' | 'plaintext';
  /** Absent: every way in. */
  via?: Via;
}

/**
 * Why a verdict is conditional.
 *
 * @public
 */
export type ConditionKind =
  | 'pod-address-unknown'
  | 'same-node'
  | 'host-network'
  | 'remote-address'
  | 'request-principal'
  | 'request-attribute'
  | 'host-unknown'
  | 'request-unknown'
  | 'custom-authorizer'
  | 'identity-unknown'
  | 'unmodelled-policy'
  | 'not-read'
  | 'invalid-object'
  | 'not-supported-yet'
  | 'mesh-guess'
  | 'profile-guess'
  | 'policy-age-unknown'
  | 'way-in'
  | 'protocol-conflict'
  | 'pods-differ'
  | 'source-hidden'
  | 'too-complex'
  | 'unknown-workload';

/** @public */
export interface Condition {
  kind: ConditionKind;
  /** A sentence for a developer. */
  text: string;
  /** The object that brings the condition, `Kind namespace/name`. */
  object?: string;
}

/**
 * An object and the rule in it that decided.
 *
 * @public
 */
export interface RuleRef {
  kind: string;
  namespace?: string;
  name: string;
  /** Such as `ingress[0]` or `rules[2]`; absent when the object as a whole decided. */
  rule?: string;
}

/** @public */
export interface Hop {
  /** The enforcement point, such as `node of shop/Deployment/orders`. */
  at: string;
  layer: Layer;
  direction: 'egress' | 'ingress';
  verdict: VerdictValue;
  by: RuleRef[];
  /** Why, in a sentence. */
  text: string;
}

/** @public */
export interface Verdict {
  id?: string;
  verdict: VerdictValue;
  conditions: Condition[];
  /** In the order in which the call meets them. */
  hops: Hop[];
}

/** @public */
export interface ConsideredObject extends RuleRef {
  /** Used for this call, or not. */
  considered: boolean;
  /** Why, in a sentence. */
  text: string;
}

/**
 * The rule that comes nearest to admitting a call that a hop refuses because none does.
 *
 * @public
 */
export interface NearestRule {
  /** The enforcement point, as the hop says it. */
  at: string;
  layer: Layer;
  object: RuleRef;
  /** What of the call the rule does not admit; each follows "nearest, but" in a sentence. */
  differs: string[];
}

/**
 * One change that, with the others of its set, would allow the call.
 *
 * @public
 */
export interface Change {
  action: 'add' | 'edit' | 'remove';
  layer: Layer;
  text: string;
  /** The object that is added, changed or removed. */
  object: RuleRef;
  /** The object as it is added, as it becomes, or as it is before it goes. */
  manifest: Record<string, unknown>;
  /** The same as YAML. */
  yaml: string;
}

/** @public */
export interface Explanation extends Verdict {
  call: Call;
  objects: ConsideredObject[];
  /** For hops that refuse since no rule admits the call: the nearest one. */
  nearest: NearestRule[];
  /** Irreducible: without any one of them the call stays refused. Empty when allowed or when none was found. */
  changes: Change[];
  findings: Finding[];
}
