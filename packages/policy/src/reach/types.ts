import { Protocol } from '../estate/types';
import { Finding } from '../findings';
import { Call, Condition, Layer, Via } from '../evaluate/types';
import { AccessRange } from '../requestset/types';
import { RequestSet } from '../requestset/RequestSet';

/** @public */
export type LayerState = 'none' | 'open' | 'enforced' | 'conditional';

/** @public */
export type LayerStates = Record<Layer, LayerState>;

/** @public */
export interface Access extends AccessRange {
  certainty: 'sure' | 'possible';
  /** Set where certainty is `possible`. */
  conditions?: Condition[];
  /** Set where the provider has a sidecar that sees the port. */
  transport?: 'mtls' | 'plaintext';
  layers: LayerStates;
  via?: Via;
}

/**
 * One end of an edge: a workload's id, or addresses outside that are all treated alike.
 *
 * @public
 */
export type Endpoint = string | { cidrs: string[] };

/** @public */
export interface ReachEdge {
  from: Endpoint;
  to: Endpoint;
  access: Access[];
}

/** @public */
export interface ReachResult {
  schemaVersion: 1;
  workloads: string[];
  edges: ReachEdge[];
  findings: Finding[];
  guesses: string[];
}

/**
 * One end of a folded edge: as in {@link ReachEdge}, or the name of a set of workloads.
 *
 * @public
 */
export type FoldedEnd = Endpoint | { set: string };

/** @public */
export interface FoldedEdge {
  from: FoldedEnd;
  to: FoldedEnd;
  access: Access[];
}

/**
 * Effective access with sets of workloads as ends. A workload of one pod is no
 * caller of its own, also where a set that has it calls a set that has it.
 *
 * @public
 */
export interface FoldedReach {
  schemaVersion: 2;
  workloads: string[];
  /** Members of each set by its name; `everybody` is all workloads. */
  sets: Record<string, string[]>;
  edges: FoldedEdge[];
  findings: Finding[];
  guesses: string[];
}

/**
 * What a pair may do. `sure` is a subset of `possible`; they are equal unless
 * something is conditional.
 *
 * @public
 */
export interface EffectiveAccess {
  sure: RequestSet;
  possible: RequestSet;
  conditions: Condition[];
  /** What each layer alone would admit. */
  layers: Record<Layer, { sure: RequestSet; possible: RequestSet }>;
}

/** @public */
export interface ChangedEdge {
  from: Endpoint;
  to: Endpoint;
  gained: Access[];
  lost: Access[];
  witness: Call;
}

/** @public */
export interface LayerChange extends ChangedEdge {
  layer: Layer;
}

/** @public */
export interface IsolationFlip {
  workload: string;
  direction: 'ingress' | 'egress';
  layer: 'kernel' | 'identity';
  /** Absent: every protocol. */
  protocol?: Protocol;
  /** Ports concerned, or `*` for all. */
  ports: string;
  before: 'open' | 'isolated';
  after: 'open' | 'isolated';
  /** A call that the flip decides. */
  witness: Call;
}

/** @public */
export interface DiffResult {
  schemaVersion: 1;
  gained: (ReachEdge & { witness: Call })[];
  lost: (ReachEdge & { witness: Call })[];
  changed: ChangedEdge[];
  layers: LayerChange[];
  isolation: IsolationFlip[];
  findings: Finding[];
  guesses: string[];
}
