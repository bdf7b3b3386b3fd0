import { parseCallerRef } from '../model/callerRef';
import type { Grant } from '../model/types';
import { parsePinnedEnd } from '../model/pinnedEnd';
import type { Cluster, Workload } from '../estate/types';
import { asBlock } from '../net/cidr';
import { bindEntity } from '../plan/bindEntity';
import { meshOfCaller } from '../plan/callerParty';
import { CatalogIndex } from '../plan/CatalogIndex';
import { principalsOf } from '../plan/EdgeEnds';
import { waypointOfService } from '../estate/waypointLookup';
import { gatewayWorkloads } from '../plan/gatewayCallers';
import { hostBlocks } from '../plan/hostBlocks';
import { Pins } from '../plan/Pins';
import { usesWaypoint } from '../plan/waypointWays';
import { workloadsUnder } from '../plan/workloadIndex';

/** How policies of one cluster know the callers of a held grant. */
export interface HeldEnds {
  /** who calls */
  callers: readonly Workload[];
  /** the same, and the waypoints that call for them */
  workloads: readonly Workload[];
  principals: ReadonlySet<string>;
  /** blocks of addresses */
  blocks: ReadonlySet<string>;
  /** whether one of them calls without an identity */
  plaintext: boolean;
}

/**
 * Who calls by a held grant: the ends that were approved, or whoever its caller is bound to where it pins none. Claims are
 * not asked: nothing is opened for these, and what they have in force already is all that it can come to.
 */
export function heldEnds(
  grant: Grant,
  namespace: string,
  providers: readonly Workload[],
  cluster: Cluster,
  catalog: CatalogIndex,
): HeldEnds {
  const parties = grant.ends
    ? pinned(grant, cluster)
    : bound(grant, namespace, providers, cluster, catalog);
  const workloads = parties.workloads.concat(
    // Behind a waypoint its pods are who calls the provider.
    waypointsOf(cluster, parties.workloads),
  );
  return {
    callers: parties.workloads,
    workloads,
    principals: new Set(
      workloads.flatMap(({ namespace: home, serviceAccount }) =>
        principalsOf(cluster, home, serviceAccount),
      ),
    ),
    blocks: new Set([
      ...parties.blocks,
      ...parties.workloads
        .filter(({ runsOn }) => runsOn === 'host')
        .flatMap(hostBlocks),
    ]),
    plaintext:
      parties.blocks.length > 0 ||
      parties.workloads.some(party => meshOfCaller(party) === 'none'),
  };
}

interface Parties {
  workloads: Workload[];
  blocks: string[];
}

function pinned(grant: Grant, cluster: Cluster): Parties {
  const pins = Pins.of(grant);
  const ends = (grant.ends?.caller ?? []).flatMap(
    text => parsePinnedEnd(text) ?? [],
  );
  const candidates = ends.flatMap(end =>
    end.kind === 'account' && end.cluster === cluster.name
      ? workloadsUnder(cluster, end.namespace, end.serviceAccount)
      : [],
  );
  return {
    workloads: [...new Set(candidates)].filter(workload =>
      pins?.admits('caller', cluster, workload),
    ),
    blocks: ends.flatMap(end =>
      end.kind === 'addresses' ? [asBlock(end.cidr)] : [],
    ),
  };
}

function bound(
  grant: Grant,
  namespace: string,
  providers: readonly Workload[],
  cluster: Cluster,
  catalog: CatalogIndex,
): Parties {
  const caller = parseCallerRef(grant.caller, namespace);
  switch (caller?.kind) {
    case 'self':
      return { workloads: [...providers], blocks: [] };
    case 'cidr':
      return { workloads: [], blocks: [asBlock(caller.cidr)] };
    case 'gateway':
      return {
        workloads: gatewayWorkloads(
          cluster,
          `${caller.namespace}/${caller.name}`,
        ),
        blocks: [],
      };
    case 'entity':
      return boundTo([caller.ref], cluster, catalog);
    case 'set':
      return boundTo(catalog.membersOf(caller.ref), cluster, catalog);
    default:
      return { workloads: [], blocks: [] };
  }
}

function boundTo(
  refs: readonly string[],
  cluster: Cluster,
  catalog: CatalogIndex,
): Parties {
  const parties: Parties = { workloads: [], blocks: [] };
  for (const ref of refs) {
    const entity = catalog.get(ref);
    const binding = entity && bindEntity(entity, [cluster]);
    if (binding?.kind === 'workloads')
      parties.workloads.push(...binding.workloads);
    if (binding?.kind === 'host')
      parties.blocks.push(...(binding.addresses ?? []));
  }
  return parties;
}

/** Waypoints that some of the callers call through, whatever is behind them. */
function waypointsOf(
  cluster: Cluster,
  callers: readonly Workload[],
): Workload[] {
  if (cluster.waypoints.length === 0) return [];
  const ids = new Set(
    cluster.services
      .filter(service =>
        callers.some(caller => usesWaypoint(cluster, caller, service)),
      )
      .flatMap(service => waypointOfService(cluster, service)?.workload ?? []),
  );
  return cluster.workloads.filter(({ id }) => ids.has(id));
}
