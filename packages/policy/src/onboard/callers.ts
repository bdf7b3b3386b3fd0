import type { AccessBook } from '../access/AccessBook';
import type { AccessPlace, AccessRow } from '../access/types';
import type { Cluster, Workload } from '../estate/types';
import { gatewayWorkloads } from '../plan/gatewayCallers';
import type { Bindings } from '../plan/claims/Bindings';
import type { KeptAccess, KeptReason } from './types';

/** A caller that a grant can name, with every workload that the grant would be about. */
export interface NamedCaller {
  ref: string;
  class: 'entity' | 'gateway';
  workloadsIn(cluster: Cluster): readonly Workload[];
}

/** Who calls from a place: somebody whom a grant can name, or why there is nobody. */
export type PlaceCaller =
  | { named: NamedCaller }
  | { kept: KeptReason; caller: KeptAccess['caller'] };

/**
 * Whom a grant would name for a place. Where several fit, none does: which one is meant is not to be guessed. Whoever is behind
 * a gateway is the gateway's, whatever entity its proxies are.
 */
export function callerAt(
  book: AccessBook,
  bindings: Bindings,
  { caller }: AccessRow,
  place: AccessPlace,
): PlaceCaller {
  if (caller.class === 'addresses') return { kept: 'addresses', caller };
  const cluster = book.cluster(place.cluster);
  const gateways = (cluster?.gateways ?? []).filter(
    ({ workload }) => workload === place.from,
  );
  const entities = book.entitiesOf(place.cluster, place.from);
  const stranger: KeptAccess['caller'] = {
    class: 'workload',
    ref: `workload:${place.cluster}/${place.from}`,
    entities,
  };
  if (gateways.length > 1)
    return { kept: 'several-gateways', caller: stranger };
  if (gateways.length === 1) return { named: gatewayCaller(gateways[0].id) };
  if (entities.length > 1)
    return { kept: 'several-entities', caller: stranger };
  if (entities.length === 1) return { named: entityCaller(book, entities[0]) };
  const claims = bindings.on(place.cluster, place.from);
  return claims.some(({ state }) => state === 'contested')
    ? {
        kept: 'contested',
        caller: { ...stranger, entities: claims.map(({ entity }) => entity) },
      }
    : { kept: 'no-entity', caller: stranger };
}

function gatewayCaller(id: string): NamedCaller {
  return {
    ref: `gateway:${id}`,
    class: 'gateway',
    workloadsIn: cluster => gatewayWorkloads(cluster, id),
  };
}

function entityCaller(book: AccessBook, ref: string): NamedCaller {
  return {
    ref,
    class: 'entity',
    workloadsIn: cluster =>
      book.workloadsOf(ref).filter(each => each.cluster === cluster.name),
  };
}

/** Who it is, where a grant could name them. */
export function keptCaller({
  ref,
  class: kind,
}: Pick<NamedCaller, 'ref' | 'class'>): KeptAccess['caller'] {
  return {
    class: kind,
    ref,
    entities: kind === 'entity' && ref !== 'self' ? [ref] : [],
  };
}
