import { Cluster, KubernetesObject } from '../estate/types';
import { Edge, Isolation, PlumbingEdge } from '../plan/types';

/**
 * A generated object. Plain JSON, keys in the order in which they are written.
 *
 * @public
 */
export interface GeneratedObject extends KubernetesObject {
  metadata: {
    name: string;
    namespace: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
  };
  spec: Record<string, unknown>;
}

/**
 * What an emitter may see: one cluster's share of a plan.
 *
 * @public
 */
export interface EmitInput {
  cluster: Cluster;
  edges: readonly Edge[];
  isolations: readonly Isolation[];
  plumbing: readonly PlumbingEdge[];
}

/**
 * Turns a plan into objects of one target. Shared passes ask for `capabilities` and never for the name.
 *
 * @public
 */
export interface Emitter {
  name: string;
  capabilities: {
    layers: ('kernel' | 'identity' | 'method')[];
    /** whether it can emit objects that record and refuse nothing */
    dryRun: boolean;
  };
  emit(input: EmitInput): GeneratedObject[];
}
