import { Cluster } from '../estate/types';
import { Grant, GrantEnds } from '../model/types';
import { pinsOf } from './Pins';
import { Edge, Plan } from './types';

/**
 * What a proposal writes into a grant that does not say yet which ends were approved: those that it has now.
 *
 * @returns undefined where it has none, so that nothing could be said, and where one cannot be written
 * @public
 */
export function endsToPin(
  plan: Pick<Plan, 'edges'>,
  clusters: readonly Cluster[],
  grant: Pick<Grant, 'id' | 'members'> & { api: string },
): GrantEnds | undefined {
  const edges = plan.edges.filter(
    ({ api, grantId }) => api === grant.api && grantId === grant.id,
  );
  if (edges.length === 0) return undefined;
  const byName = new Map(clusters.map(cluster => [cluster.name, cluster]));
  const ends = { caller: new Set<string>(), provider: new Set<string>() };
  for (const edge of edges) {
    const cluster = byName.get(edge.cluster);
    const caller = cluster && callerPins(cluster, edge);
    const provider = cluster && pinsOf(cluster, edge.to);
    if (!caller || !provider) return undefined;
    caller.forEach(text => ends.caller.add(text));
    provider.forEach(text => ends.provider.add(text));
  }
  return {
    caller: grant.members === 'follow' ? [] : [...ends.caller].sort(),
    provider: [...ends.provider].sort(),
  };
}

/** A machine of the mesh is pinned by its addresses as well where nothing proves its account. */
function callerPins(
  cluster: Cluster,
  { from, row }: Edge,
): string[] | undefined {
  const pins = pinsOf(cluster, from);
  const blocks =
    row === 'plain-any' && from.kind === 'workload' ? from.cidrs ?? [] : [];
  return pins && [...pins, ...blocks.map(cidr => `cidr:${cidr}`)];
}
