import { Cluster } from '../estate/types';
import { Grant, GrantEnds } from '../model/types';
import { Pins, pinsOf } from './Pins';
import { Edge, Plan, UnconfirmedEnd } from './types';

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
  const ends = endsOf(edges, clusters);
  return (
    ends && {
      caller: grant.members === 'follow' ? [] : ends.caller,
      provider: ends.provider,
    }
  );
}

/**
 * What confirming writes into a grant: the ends that it has now, in the clusters that it was approved for.
 *
 * @param plan - in which the grant pins nothing, so that it has edges for all that it stands for
 * @param grant - as it is declared, with its pins
 * @param only - `provider`: what this component adds to the providing end, and nothing else; `except`: not these ends
 * @returns undefined where it has none, and where one cannot be written
 * @public
 */
export function endsToConfirm(
  plan: Pick<Plan, 'edges'>,
  clusters: readonly Cluster[],
  grant: Grant & { api: string },
  only: {
    provider?: string;
    except?: readonly Pick<UnconfirmedEnd, 'side' | 'cluster' | 'end'>[];
  } = {},
): GrantEnds | undefined {
  const { provider, except = [] } = only;
  const left = (side: UnconfirmedEnd['side'], cluster: string, id: string) =>
    !except.some(
      each => each.side === side && each.cluster === cluster && each.end === id,
    );
  const edges = approvedClusters(
    plan.edges.filter(
      each =>
        each.api === grant.api &&
        each.grantId === grant.id &&
        (provider === undefined || each.provider === provider) &&
        left('caller', each.cluster, each.from.id) &&
        left('provider', each.cluster, each.to.id),
    ),
    clusters,
    grant,
  );
  const ends = endsOf(edges, clusters);
  if (!ends) return undefined;
  if (provider === undefined)
    return {
      caller: grant.members === 'follow' ? [] : ends.caller,
      provider: ends.provider,
    };
  return {
    caller: grant.ends?.caller ?? [],
    provider: [
      ...new Set([...(grant.ends?.provider ?? []), ...ends.provider]),
    ].sort(),
  };
}

/** A grant that names no cluster holds where it was approved, also when the pair runs in others meanwhile. */
function approvedClusters(
  edges: readonly Edge[],
  clusters: readonly Cluster[],
  grant: Grant,
): readonly Edge[] {
  const pins = Pins.of(grant);
  if (!pins || grant.in !== undefined) return edges;
  const approved = new Set(
    clusters.filter(each => pins.reaches(each)).map(({ name }) => name),
  );
  const there = edges.filter(({ cluster }) => approved.has(cluster));
  return there.length > 0 ? there : edges;
}

function endsOf(
  edges: readonly Edge[],
  clusters: readonly Cluster[],
): GrantEnds | undefined {
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
    caller: [...ends.caller].sort(),
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
