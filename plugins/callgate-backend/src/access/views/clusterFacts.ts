import {
  mergeOthers,
  RequestSet,
  type PlumbingPeer,
  type PolicyOfOthers,
  type Workload,
} from '@callgate/policy';
import type { ClusterState } from '@callgate/plugin-callgate-common';
import type { AccessFacts, BoundWorkload } from './AccessFacts';
import { workloadPortOf } from './apiPorts';

const UNKNOWN_NOTE = 'the manifests do not say enough to know who can call it';

/** One cluster's state of an API, with what stands behind it. */
export interface ClusterFacts extends Omit<ClusterState, 'others'> {
  /** Policies of others that nobody judges; the state is as if they changed nothing. */
  others: PolicyOfOthers[];
  /** Workloads that may call without a grant, by entity or, without one, by id. */
  ungranted: Map<string, Ungranted>;
}

/** Access that no grant declares, of all workloads of one caller. */
export interface Ungranted {
  from: string[];
  to: string;
  /** What is surely let through to the API's port. */
  requests: RequestSet;
  cluster: string;
}

/** What the manifests in Git let through to an API's port, cluster by cluster. */
export function clusterFacts(
  facts: AccessFacts,
  apiRef: string,
  providers: BoundWorkload[],
): ClusterFacts[] {
  const names = [...new Set(providers.map(({ cluster }) => cluster))].sort();
  return names.map(cluster => {
    const ungranted = new Map<string, Ungranted>();
    const plumbing = facts.snapshot.compilation.plan.plumbing.filter(
      each => each.cluster === cluster,
    );
    let asked = 0;
    let conditional = 0;
    const workloads = providers
      .filter(each => each.cluster === cluster)
      .map(({ workload }) => workload);
    const everyone =
      facts.snapshot.clusters.find(({ name }) => name === cluster)?.workloads ??
      [];
    for (const to of workloads) {
      const granted = new Set([
        ...facts
          .edgesOf(apiRef)
          .filter(edge => edge.cluster === cluster && edge.to.id === to.id)
          .map(edge => edge.from.id),
        // What a held grant has in force is its own.
        ...facts
          .heldOf(apiRef)
          .flatMap(({ callers }) => callers)
          .filter(each => each.cluster === cluster && !each.ended)
          .map(({ workload }) => workload),
      ]);
      const port = portSet(facts, apiRef, { cluster, workload: to });
      const effective = facts.effectiveTo(cluster, to.id);
      for (const from of everyone) {
        if (
          from.id === to.id ||
          granted.has(from.id) ||
          from.hostNetwork ||
          plumbing.some(each => isPeer(each.peer, from))
        ) {
          continue;
        }
        asked += 1;
        const access = effective.get(from.id);
        const requests = access?.sure.intersect(port);
        if (!access || !requests || access.possible.intersect(port).isEmpty) {
          continue;
        }
        if (requests.isEmpty) {
          conditional += 1;
          continue;
        }
        const entity =
          facts.entitiesOf(cluster, from.id)[0] ??
          `workload:${cluster}/${from.id}`;
        const known = ungranted.get(entity);
        ungranted.set(entity, {
          cluster,
          to: to.id,
          requests,
          from: [...(known?.from ?? []), from.id],
        });
      }
    }
    const open = [...ungranted.values()].reduce(
      (sum, each) => sum + each.from.length,
      0,
    );
    const isolation = isolationOf({ asked, open, conditional });
    return {
      cluster,
      isolation,
      layers: layersOf(facts, apiRef, cluster, isolation),
      ungranted,
      others: mergeOthers(
        workloads.flatMap(workload =>
          facts.othersOf(
            apiRef,
            cluster,
            workload.id,
            portSet(facts, apiRef, { cluster, workload }),
          ),
        ),
      ),
      ...(isolation === 'unknown' && { note: UNKNOWN_NOTE }),
    };
  });
}

/** Whether a workload is what plumbing lets in: such access is a class of its own, and no caller's. */
function isPeer(peer: PlumbingPeer, workload: Workload): boolean {
  return (
    peer.kind === 'pods' &&
    (peer.namespaceLabels['kubernetes.io/metadata.name'] ??
      workload.namespace) === workload.namespace &&
    Object.entries(peer.podLabels).every(
      ([key, value]) => workload.podLabels[key] === value,
    )
  );
}

/** A door that lets in most of the estate is open, even if a mesh rule elsewhere happens to keep somebody out. */
const MOST = 0.75;

/** What counts of a workload: the API's port where it is clear, otherwise every port that its pods declare. */
function portSet(
  facts: AccessFacts,
  apiRef: string,
  provider: BoundWorkload,
): RequestSet {
  const port = workloadPortOf(facts, facts.entity(apiRef), provider);
  const ports =
    port === undefined
      ? provider.workload.containerPorts.map(each => each.port)
      : [port];
  return RequestSet.of({ protocol: 'TCP', ...(ports.length > 0 && { ports }) });
}

function isolationOf(counts: {
  asked: number;
  open: number;
  conditional: number;
}): ClusterState['isolation'] {
  const { asked, open, conditional } = counts;
  if (open > 0 && open + conditional >= asked * MOST) {
    return 'open';
  }
  return asked > 0 && conditional === asked ? 'unknown' : 'isolated';
}

function layersOf(
  facts: AccessFacts,
  apiRef: string,
  cluster: string,
  isolation: ClusterState['isolation'],
): ClusterState['layers'] {
  if (isolation === 'unknown') {
    return { kernel: 'unknown', identity: 'unknown', method: 'unknown' };
  }
  const edges = facts.edgesOf(apiRef).filter(edge => edge.cluster === cluster);
  const closed = isolation === 'open' ? 'open' : 'enforced';
  if (edges.length === 0) {
    return {
      kernel: closed,
      identity: isolation === 'open' ? 'open' : 'none',
      method: isolation === 'open' ? 'open' : 'none',
    };
  }
  const worst = (layer: 'kernel' | 'identity' | 'method') =>
    edges.find(edge => edge.layers[layer] === 'none')?.layers[layer] ??
    edges.find(edge => edge.layers[layer] === 'acknowledged-gap')?.layers[
      layer
    ] ??
    'enforced';
  return {
    kernel: worst('kernel'),
    identity: worst('identity'),
    method: worst('method'),
  };
}
