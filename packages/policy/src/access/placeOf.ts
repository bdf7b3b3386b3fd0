import type { ConditionKind } from '../evaluate/types';
import type { Edge } from '../plan/types';
import { AddressSet } from '../net/AddressSet';
import { edgesInto } from '../plan/lookups';
import { answerOr } from '../requestset/budget';
import { PROTOCOLS, RequestSet } from '../requestset/RequestSet';
import type { EffectivePair } from '../verify/EffectiveAccessIndex';
import { type ApiProvider, type ApiSide, declaredBy } from './ApiSide';
import { callOf, decisionsOn, openersOf } from '../verify/decidingObjects';
import { isInherent } from '../verify/isInherent';
import { layersOf } from './layers';
import type { OtherAccess } from './answerTypes';
import type { AccessPlace } from './types';

/** Conditions under which nothing at all is known. */
const NOT_JUDGED: ReadonlySet<ConditionKind> = new Set<ConditionKind>([
  'not-supported-yet',
  'too-complex',
]);

const NOTHING = { operations: [], everythingOn: [], others: [] };

/** What a pair comes to: a place of a caller's row, or access that makes nobody a caller. */
export type JudgedPair =
  | { place: AccessPlace; edges: readonly Edge[] }
  | { other: OtherAccess };

interface Parts {
  may: RequestSet;
  surely: RequestSet;
  beyond: RequestSet;
  beyondSurely: RequestSet;
  kept: boolean;
  /** what of `may` the platform and the way of granted calls explain */
  plumbing: boolean;
  anotherApi: boolean;
  undecided?: true;
}

/** Judges a pair of an API's provider; `undefined` where nothing may get through and nothing was declared. */
export function judgePair(
  side: ApiSide,
  provider: ApiProvider,
  pair: EffectivePair,
  everyone: 'can' | 'may' | 'cannot',
): JudgedPair | undefined {
  const { cluster, workload } = provider;
  const edges = edgesFor(side, provider, pair);
  const parts = answerOr(
    () => compare(side, provider, pair, edges),
    () => undecided(pair, provider),
  );
  const { may, surely, beyond, beyondSurely, kept } = parts;
  if (may.isEmpty && edges.length === 0) return undefined;
  const other = (why: OtherAccess['why']): JudgedPair => ({
    other: { cluster: cluster.name, from: pair.from, to: workload.id, why },
  });
  if (edges.length === 0) {
    if (side.isProvider(cluster.name, pair.from)) return other('itself');
    if (provider.waypoints.has(pair.from)) return other('waypoint');
    if (beyond.isEmpty && !kept) {
      if (parts.plumbing) return other('plumbing');
      return other(parts.anotherApi ? 'another-api' : 'platform');
    }
    if (!kept && !side.concerns(provider, beyond)) return other('another-api');
  }
  const isMore = !beyond.isEmpty && side.concerns(provider, beyond);
  const decisions =
    isMore && everyone !== 'can' ? openers(side, provider, pair, parts) : [];
  const stale = isStale(side, decisions);
  const isUnknown =
    kept ||
    stale ||
    parts.undecided === true ||
    (!may.equals(surely) &&
      pair.conditions.some(({ kind }) => NOT_JUDGED.has(kind)));
  const isConditional = !may.equals(surely) && !isInherent(pair);
  const certainty = isConditional ? 'conditional' : 'sure';
  return {
    edges,
    place: {
      cluster: cluster.name,
      from: pair.from,
      to: workload.id,
      everyone,
      grants: [...new Set(edges.map(({ grantId }) => grantId))].sort(),
      certainty: isUnknown ? 'unknown' : certainty,
      conditions: isConditional ? pair.conditions : [],
      surely: !surely.isEmpty || (!may.isEmpty && isInherent(pair)),
      can: side.reachable(provider, may),
      requests: may,
      beyond: isMore ? beyond : RequestSet.empty,
      more: isMore
        ? side.reachable(provider, withWholePorts(beyond, may))
        : NOTHING,
      beyondSurely: isMore && !beyondSurely.isEmpty,
      kept,
      layers: layersOf({
        edges,
        beyond: isMore ? beyond : RequestSet.empty,
        granted: answerOr(
          () => declaredBy(edges),
          () => RequestSet.empty,
        ),
        hasMesh: workload.mesh !== 'none',
      }),
      openedBy: decisions,
    },
  };
}

/** With ports that are open as a whole: everything is easier said than everything but what was granted. */
function withWholePorts(beyond: RequestSet, may: RequestSet): RequestSet {
  return answerOr(
    () =>
      RequestSet.unionOf([
        beyond,
        ...PROTOCOLS.flatMap(protocol =>
          beyond
            .segments(protocol)
            .map(({ from, to }) =>
              RequestSet.of({ protocol, ports: [{ from, to }] }),
            )
            .filter(port => port.isSubset(may)),
        ),
      ]),
    () => beyond,
  );
}

/** Edges of the API for a pair; of addresses those whose blocks hold all of them. */
function edgesFor(
  side: ApiSide,
  { cluster, workload }: ApiProvider,
  { from, outside }: EffectivePair,
): readonly Edge[] {
  if (!outside) return side.edgesBetween(cluster.name, from, workload.id);
  const asked = AddressSet.ofCidrs(outside.cidrs);
  return side.edges.filter(
    edge =>
      edge.cluster === cluster.name &&
      edge.to.id === workload.id &&
      edge.from.kind === 'addresses' &&
      AddressSet.ofCidrs(edge.from.cidrs).covers(asked),
  );
}

function compare(
  side: ApiSide,
  { cluster, workload, ports }: ApiProvider,
  pair: EffectivePair,
  edges: readonly Edge[],
): Parts {
  const { book } = side;
  const { from, outside } = pair;
  const to = workload.id;
  const declared = book.declared(cluster);
  const anyApi = outside
    ? declared.requestsFromOutside(to, outside.cidrs)
    : declaredBy(
        edgesInto(book.compilation.plan.edges, to).filter(
          edge => edge.cluster === cluster.name && edge.from.id === from,
        ),
      );
  const beside = outside
    ? declared.plumbingFromOutside(to, 'ingress', outside.cidrs)
    : declared.plumbing(from, to).union(declared.transport(from, to));
  const keptRequests = book.kept(cluster).requests(pair, declared);
  const may = pair.possible.intersect(ports.requests);
  const surely = pair.sure.intersect(ports.requests);
  const granted = anyApi.union(declaredBy(edges));
  const rest = (set: RequestSet) => set.subtract(granted).subtract(beside);
  const left = rest(may);
  const beyondSurely = rest(surely).subtract(keptRequests);
  const beyond = isInherent(pair) ? beyondSurely : left.subtract(keptRequests);
  return {
    may,
    surely,
    beyond,
    beyondSurely,
    kept: !left.intersect(keptRequests).isEmpty,
    plumbing: !may.intersect(beside).isEmpty,
    anotherApi: !may.intersect(anyApi).isEmpty,
  };
}

/** What is more than can be compared counts as access that nobody explains. */
function undecided(pair: EffectivePair, { ports }: ApiProvider): Parts {
  const may = answerOr(
    () => pair.possible.intersect(ports.requests),
    () => ports.requests,
  );
  return {
    may,
    surely: answerOr(
      () => pair.sure.intersect(ports.requests),
      () => RequestSet.empty,
    ),
    beyond: may,
    beyondSurely: RequestSet.empty,
    kept: false,
    plumbing: false,
    anotherApi: false,
    undecided: true,
  };
}

function openers(
  { book }: ApiSide,
  { cluster, workload }: ApiProvider,
  { from, outside }: EffectivePair,
  { beyond, beyondSurely }: Parts,
) {
  const call = callOf(
    beyondSurely.isEmpty ? beyond : beyondSurely,
    outside ? outside.example : from,
    workload.id,
  );
  return call
    ? openersOf(decisionsOn(book.effective(cluster).world, cluster, call))
    : [];
}

/** Whether only files open it that stay as they are because all of the API has errors: nobody can say what of it is meant. */
function isStale(
  { book, api }: ApiSide,
  openedBy: AccessPlace['openedBy'],
): boolean {
  const failed = book.compilation.failedApis.some(each => each.api === api);
  return (
    failed &&
    openedBy.length > 0 &&
    openedBy.every(each => each.generated && each.api === api)
  );
}
