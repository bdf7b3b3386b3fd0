import {
  toAccessRanges,
  type Contract,
  type EffectiveAccess,
  type PlumbingPeer,
  type Workload,
} from '@callgate/policy';
import type {
  ApiAccess,
  ClusterState,
  Edge,
  Headline,
  Operation,
} from '@callgate/plugin-callgate-common';
import type { AccessFacts, BoundWorkload } from './AccessFacts';
import { declaredEdge } from './declaredEdges';
import { findingsOfApi } from './findings';
import type { LabelOf } from './Labels';
import { toSource } from './source';

/** The part of an API's access that does not depend on who reads it. */
export type ApiAccessFacts = Pick<
  ApiAccess,
  'api' | 'headline' | 'clusters' | 'callers' | 'findings' | 'source'
>;

/** One cluster's state of an API, with what stands behind it. */
interface ClusterFacts extends ClusterState {
  /** Workloads that may call without a grant, by entity or, without one, by id. */
  ungranted: Map<string, Ungranted>;
}

interface Ungranted {
  from: string[];
  to: string;
  access: EffectiveAccess;
  cluster: string;
}

/** Who can call an API: declared, effective, and where they differ. */
export function apiAccess(
  facts: AccessFacts,
  apiRef: string,
  contract: Contract,
  labelOf: LabelOf,
): ApiAccessFacts {
  const providers = facts
    .providersOf(apiRef)
    .flatMap(ref => facts.workloadsOf(ref));
  const policy = facts.policyOf(apiRef);
  const declared = (policy?.spec.grants ?? []).map(grant =>
    declaredEdge(facts, apiRef, grant, contract, labelOf),
  );
  const clusters = clusterFacts(facts, apiRef, providers);
  const rows = ungrantedRows(facts, apiRef, clusters, labelOf);
  const callers = [...declared, ...rows];
  return {
    api: labelOf(apiRef),
    headline: headline(clusters, callers, providers),
    clusters: clusters.map(({ cluster, layers, isolation, note }) => ({
      cluster,
      layers,
      isolation,
      ...(note && { note }),
    })),
    callers,
    findings: findingsOfApi(
      [...facts.snapshot.compilation.findings, ...facts.verified.findings],
      apiRef,
    ),
    source: toSource(facts.snapshot.source),
  };
}

function clusterFacts(
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
      const granted = new Set(
        facts
          .edgesOf(apiRef)
          .filter(edge => edge.to.id === to.id)
          .map(edge => edge.from.id),
      );
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
        if (!access || access.possible.isEmpty) {
          continue;
        }
        if (access.sure.isEmpty) {
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
          access,
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
      ...(isolation === 'unknown' && { note: unknownNote(workloads) }),
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

function isolationOf({
  asked,
  open,
  conditional,
}: {
  asked: number;
  open: number;
  conditional: number;
}): ClusterState['isolation'] {
  if (conditional > 0 && conditional + open === asked) {
    return 'unknown';
  }
  if (asked > 0 && open === asked) {
    return 'open';
  }
  // A hand-written policy that opens the API to many is still a closed door with a wide gap.
  return open > asked / 2 ? 'partly' : 'isolated';
}

function unknownNote(workloads: { mesh: string }[]): string {
  return workloads.some(({ mesh }) => mesh === 'ambient')
    ? 'ambient mesh is not supported yet, so its access is unknown'
    : 'the manifests do not say enough to know who can call it';
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

/**
 * Rows for callers without a grant. Where an API is open to everyone, only those are listed that the catalog says
 * consume it: they are whom the first grant to somebody else would cut.
 */
function ungrantedRows(
  facts: AccessFacts,
  apiRef: string,
  clusters: ClusterFacts[],
  labelOf: LabelOf,
): Edge[] {
  const consumers = new Set(facts.consumersOf(apiRef));
  const rows = new Map<string, Edge>();
  for (const { cluster, isolation, ungranted } of clusters) {
    for (const [entity, { from, to, access }] of ungranted) {
      if (isolation === 'open' && !consumers.has(entity)) {
        continue;
      }
      const openedBy = facts.openedBy(cluster, from[0], to, access.sure);
      const { operations, everythingOn } = describe(access);
      const known = rows.get(entity);
      rows.set(entity, {
        caller: labelOf(entity),
        api: labelOf(apiRef),
        operations,
        ...(everythingOn && { everythingOn }),
        clusters: [
          ...(known?.clusters ?? []),
          {
            cluster,
            layers: { kernel: 'open', identity: 'open', method: 'open' },
            from,
            to: [to],
          },
        ],
        status: 'effective-not-declared',
        because: openedBy.length
          ? `No grant: ${[
              ...new Set(openedBy.map(({ kind, name }) => `${kind} ${name}`)),
            ].join(', ')} opens it`
          : 'No grant: nothing restricts it',
        openedBy: [...(known?.openedBy ?? []), ...openedBy],
        mayRequest: /^(component|resource):/.test(entity),
      });
    }
  }
  return [...rows.values()];
}

/** What an effective set lets through, as operations or as "everything on a port". */
function describe({ sure }: EffectiveAccess): {
  operations: Operation[];
  everythingOn?: string;
} {
  const ranges = toAccessRanges(sure);
  const whole = ranges.filter(range => !range.http);
  const operations = ranges.flatMap(range =>
    (range.http ?? []).flatMap(({ methods, paths }) =>
      (methods ?? ['*']).flatMap(method =>
        (paths ?? ['/*']).map(path => ({
          kind: 'http' as const,
          method,
          path: path.replace(/\{\*\*\}/g, '{rest+}').replace(/\{\*\}/g, '{…}'),
          writes: !['GET', 'HEAD'].includes(method),
        })),
      ),
    ),
  );
  const everythingOn = whole
    .map(({ protocol, ports }) =>
      ports === '1-65535' ? `every ${protocol} port` : `${protocol} ${ports}`,
    )
    .join(', ');
  return { operations, ...(everythingOn && { everythingOn }) };
}

function headline(
  clusters: ClusterFacts[],
  callers: Edge[],
  providers: BoundWorkload[],
): Headline {
  const ungranted = callers.filter(
    ({ status }) => status === 'effective-not-declared',
  ).length;
  const able = callers.filter(
    ({ status }) => status === 'granted' || status === 'effective-not-declared',
  ).length;
  const counts = { callers: able, ungranted };
  const states = new Set(clusters.map(({ isolation }) => isolation));
  const people = (count: number) =>
    `${count} ${count === 1 ? 'caller' : 'callers'}`;
  const without = ungranted > 0 ? `, ${ungranted} of them without a grant` : '';
  if (providers.length === 0) {
    return {
      ...counts,
      state: 'no-workload',
      text: 'Not known: no workload that provides this API was found',
    };
  }
  if (states.has('unknown')) {
    return { ...counts, state: 'unknown', text: 'Not known for every cluster' };
  }
  if (states.has('open') && states.size === 1) {
    return {
      ...counts,
      state: 'open',
      text: 'Everyone can call this. The first grant closes it to everyone else.',
    };
  }
  if (states.has('open') || states.has('partly')) {
    const open = clusters
      .filter(({ isolation }) => isolation !== 'isolated')
      .map(({ cluster }) => cluster);
    return {
      ...counts,
      state: 'partly',
      text: `Open in ${open.join(', ')}; ${people(able)} in all${without}`,
    };
  }
  return {
    ...counts,
    state: 'closed',
    text:
      able === 0
        ? 'Closed to everyone'
        : `Closed to everyone but ${people(able)}${without}`,
  };
}
