import type { Cluster } from '../estate/types';
import { hostPort } from '../plan/hostPort';
import { PORT_ANNOTATION } from '../plan/apiPort';
import { means } from '../plan/scope';
import { answerOr } from '../requestset/budget';
import { RequestSet } from '../requestset/RequestSet';
import { callOf, decisionsOn, openersOf } from '../verify/decidingObjects';
import type { EffectivePair } from '../verify/EffectiveAccessIndex';
import { type ApiSide, declaredBy } from './ApiSide';
import type { GrantAccess } from './grantTypes';
import { layersOf } from './layers';
import { offeredRequests, reachableOperations } from './operations';
import type { AccessOperation, AccessPlace } from './types';

/** What an API at addresses is, of which clusters see the callers alone. */
interface Outside {
  side: ApiSide;
  cidrs: readonly string[];
  own?: { protocol: 'TCP'; port: number };
  /** What is the API's; everything where nothing says on which port it is served. */
  ports: RequestSet;
  grants: readonly GrantAccess[];
}

/**
 * What callers can do with an API that is at addresses: their own egress decides it. Asked are those who were granted it and
 * those who consume it, as of an API that everyone can call: whoever else may call everything outside is no caller of it.
 */
export function outsidePlaces(
  side: ApiSide,
  grants: readonly GrantAccess[],
  only?: ReadonlyMap<string, ReadonlySet<string>>,
): { ref: string; place: AccessPlace }[] {
  const { book, api } = side;
  const cidrs = book.providersOf(api).flatMap(ref => book.addressesOf(ref));
  if (cidrs.length === 0) return [];
  const outside = outsideOf(side, cidrs, grants);
  const asked = new Set([
    ...grants.flatMap(({ caller, pairs }) => [
      caller,
      ...pairs.map(pair => pair.caller),
    ]),
    ...side.consumers,
  ]);
  return [...asked].flatMap(ref =>
    book.workloadsOf(ref).flatMap(workload => {
      const cluster = book.cluster(workload.cluster);
      const isAsked = only?.get(workload.cluster)?.has(workload.id) ?? !only;
      const place =
        cluster && isAsked
          ? placeOf(outside, ref, cluster, workload.id)
          : undefined;
      return place ? [{ ref, place }] : [];
    }),
  );
}

function outsideOf(
  side: ApiSide,
  cidrs: readonly string[],
  grants: readonly GrantAccess[],
): Outside {
  const annotations = side.book.catalog.get(side.api)?.metadata.annotations;
  const port = hostPort(annotations?.[PORT_ANNOTATION]);
  const own =
    port === undefined ? {} : { own: { protocol: 'TCP', port } as const };
  const named = [
    ...(own.own ? [own.own] : []),
    ...side.edges,
    ...grants
      .flatMap(({ operations }) => operations)
      .flatMap(({ protocol = 'TCP', port: of }) =>
        of === undefined ? [] : [{ protocol, port: of }],
      ),
  ];
  return {
    ...{ side, cidrs, grants, ...own },
    ports:
      named.length === 0
        ? RequestSet.all
        : RequestSet.unionOf(
            named.map(each =>
              RequestSet.of({ protocol: each.protocol, ports: [each.port] }),
            ),
          ),
  };
}

function placeOf(
  outside: Outside,
  ref: string,
  cluster: Cluster,
  from: string,
): AccessPlace | undefined {
  const { side, cidrs, own, grants } = outside;
  const { book, contract } = side;
  const pairs = book.effective(cluster).toOutside(from, cidrs);
  const edges = side.edges.filter(
    edge => edge.cluster === cluster.name && edge.from.id === from,
  );
  const open = grants.filter(
    each =>
      each.standing === 'unheld' &&
      each.caller === ref &&
      (each.grant.in?.some(name => means(name, cluster)) ?? true),
  );
  const granted = RequestSet.unionOf([
    declaredBy(edges),
    ...open.flatMap(({ operations }) =>
      operations.map(each => requestsOf(outside, each)),
    ),
  ]);
  const explained = granted.union(
    book.declared(cluster).plumbingFromOutside(from, 'egress', cidrs),
  );
  const { may, surely } = boundsOf(outside, pairs);
  if (may.isEmpty && edges.length === 0) return undefined;
  const beyond = answerOr(
    () => may.subtract(explained),
    () => may,
  );
  const beyondSurely = answerOr(
    () => surely.subtract(explained),
    () => RequestSet.empty,
  );
  const isSure = may.equals(surely);
  const comesTo = (requests: RequestSet) =>
    reachableOperations(requests, () => contract, own);
  return {
    cluster: cluster.name,
    from,
    to: cidrs.join(' '),
    // Who else can is up to the egress of each, and to networks that nobody read.
    everyone: 'may',
    grants: [
      ...new Set([
        ...edges.map(({ grantId }) => grantId),
        ...open.map(({ grant }) => grant.id),
      ]),
    ].sort(),
    certainty: isSure ? 'sure' : 'conditional',
    conditions: isSure ? [] : pairs.flatMap(({ conditions }) => conditions),
    surely: !surely.isEmpty,
    can: comesTo(may),
    requests: may,
    beyond,
    more: comesTo(beyond),
    beyondSurely: !beyondSurely.isEmpty,
    kept: false,
    layers: layersOf({ edges, granted, beyond, hasMesh: false }),
    openedBy: openers(side, cluster, pairs, beyond),
  };
}

/** What gets through to some of the addresses, and what does to all of them. */
function boundsOf(
  { ports }: Outside,
  pairs: readonly EffectivePair[],
): { may: RequestSet; surely: RequestSet } {
  return answerOr(
    () => ({
      may: RequestSet.unionOf(pairs.map(({ possible }) => possible)).intersect(
        ports,
      ),
      surely: pairs
        .map(({ sure }) => sure)
        .reduce((all, each) => all.intersect(each), ports),
    }),
    () => ({ may: ports, surely: RequestSet.empty }),
  );
}

/** What an operation of a grant asks, as far as it can be said. */
function requestsOf(
  { side, own }: Outside,
  operation: AccessOperation,
): RequestSet {
  const { kind, protocol = 'TCP', port } = operation;
  if (kind === 'port')
    return port === undefined
      ? RequestSet.empty
      : RequestSet.of({ protocol, ports: [port] });
  const offered = own
    ? offeredRequests(side.contract, own.port).find(
        each => each.operation.id === operation.id,
      )
    : undefined;
  return offered?.requests ?? RequestSet.empty;
}

/** Who lets the caller out; nobody where nothing restricts it. */
function openers(
  { book }: ApiSide,
  cluster: Cluster,
  pairs: readonly EffectivePair[],
  beyond: RequestSet,
): AccessPlace['openedBy'] {
  for (const { from, outside, possible } of pairs) {
    const call =
      outside &&
      answerOr(
        () => callOf(beyond.intersect(possible), from, outside.example),
        () => undefined,
      );
    if (call)
      return openersOf(
        decisionsOn(book.effective(cluster).world, cluster, call),
        'egress',
      );
  }
  return [];
}
