import { Cluster } from '../estate/types';
import { Plan } from '../plan/types';
import { istioEmitter } from './istio/istioEmitter';
import { networkPolicyEmitter } from './networkpolicy/networkPolicyEmitter';
import { Emitter, GeneratedObject } from './types';

/**
 * Every emitter of the core, in the order in which their objects are listed.
 *
 * @public
 */
export const EMITTERS: readonly Emitter[] = [
  networkPolicyEmitter,
  istioEmitter,
];

/**
 * Objects for every cluster of a plan. Each emitter sees only what happens in its cluster.
 *
 * @public
 */
export function emitPlan(
  plan: Plan,
  clusters: readonly Cluster[],
  emitters: readonly Emitter[] = EMITTERS,
): { cluster: string; object: GeneratedObject }[] {
  const sorted = [...clusters].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.flatMap(cluster => {
    const here = ({ cluster: name }: { cluster: string }) =>
      name === cluster.name;
    const input = {
      cluster,
      edges: plan.edges.filter(here),
      isolations: plan.isolations.filter(here),
      plumbing: plan.plumbing.filter(here),
    };
    return emitters.flatMap(emitter =>
      emitter.emit(input).map(object => ({ cluster: cluster.name, object })),
    );
  });
}
