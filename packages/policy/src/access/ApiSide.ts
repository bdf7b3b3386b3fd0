import type { Contract } from '../contract/types';
import type { Cluster, Workload } from '../estate/types';
import { waypointsOf } from '../estate/waypointLookup';
import type { Edge } from '../plan/types';
import { answerOr } from '../requestset/budget';
import { RequestSet } from '../requestset/RequestSet';
import { requestsOf } from '../verify/requestsOf';
import { apiPortsOf, type ApiPorts } from './apiPorts';
import type { AccessBook } from './AccessBook';
import { offeredRequests, reachableOperations } from './operations';
import type { ReachableOperations } from './types';

/** A workload that provides an API, with what of it is asked about. */
export interface ApiProvider {
  cluster: Cluster;
  workload: Workload;
  ports: ApiPorts;
  /** Ids of the workloads of waypoints before it. */
  waypoints: ReadonlySet<string>;
}

const known = new WeakMap<AccessBook, Map<string, ApiSide>>();

/** One API: what provides it, and what it and its neighbours on the same workloads offer. */
export class ApiSide {
  /** The side of an API, made once for a book. */
  static of(book: AccessBook, api: string): ApiSide {
    const sides = known.get(book) ?? new Map<string, ApiSide>();
    known.set(book, sides);
    const side = sides.get(api) ?? new ApiSide(book, api);
    sides.set(api, side);
    return side;
  }

  readonly providers: readonly ApiProvider[];
  #consumers: ReadonlySet<string> | undefined;
  readonly edges: readonly Edge[];
  readonly #byPair = new Map<string, Edge[]>();
  readonly #reachable = new Map<string, ReachableOperations>();
  readonly #neighbours = new Map<string, RequestSet>();
  #contract: Contract | undefined;

  private constructor(readonly book: AccessBook, readonly api: string) {
    this.edges = book.edgesOf(api);
    this.providers = this.#findProviders();
    for (const edge of this.edges) {
      const key = keyOf(edge.cluster, edge.from.id, edge.to.id);
      this.#byPair.set(key, [...(this.#byPair.get(key) ?? []), edge]);
    }
  }

  /** Components that the catalog says consume it. */
  get consumers(): ReadonlySet<string> {
    this.#consumers ??= new Set(this.book.catalog.consumersOf(this.api));
    return this.#consumers;
  }

  get contract(): Contract {
    this.#contract ??= this.book.contractOf(this.api);
    return this.#contract;
  }

  /** Whether something that provides it is at addresses or hosts that no cluster has. */
  get isOutside(): boolean {
    return this.book
      .providersOf(this.api)
      .some(ref => this.book.isOutside(ref));
  }

  /** Whether a workload is one of those that provide this API. */
  isProvider(cluster: string, id: string): boolean {
    return this.providers.some(
      each => each.cluster.name === cluster && each.workload.id === id,
    );
  }

  /** Edges of this API between two workloads. */
  edgesBetween(cluster: string, from: string, to: string): readonly Edge[] {
    return this.#byPair.get(keyOf(cluster, from, to)) ?? [];
  }

  /** What requests to a provider come to in terms of this API. */
  reachable({ ports }: ApiProvider, requests: RequestSet): ReachableOperations {
    const key = `${requests.id} ${ports.own?.protocol} ${ports.own?.port}`;
    let found = this.#reachable.get(key);
    if (!found) {
      found = reachableOperations(requests, () => this.contract, ports.own);
      this.#reachable.set(key, found);
    }
    return found;
  }

  /** Whether some of the requests are this API's, and not only what another API on the same port offers. */
  concerns(provider: ApiProvider, requests: RequestSet): boolean {
    return answerOr(
      () => !requests.subtract(this.#ofNeighbours(provider)).isEmpty,
      () => true,
    );
  }

  /** What other APIs of a workload offer on this API's port, and this one does not. */
  #ofNeighbours({ cluster, workload, ports }: ApiProvider): RequestSet {
    const { own } = ports;
    const others = this.book
      .apisOn(cluster.name, workload.id)
      .filter(api => api !== this.api);
    // Where it is not clear what this one offers, everything on the port may be its own.
    if (
      own?.protocol !== 'TCP' ||
      others.length === 0 ||
      this.contract.operations.every(({ kind }) => kind === 'port')
    )
      return RequestSet.empty;
    const key = `${cluster.name} ${workload.id}`;
    let found = this.#neighbours.get(key);
    if (!found) {
      const offered = (contract: Contract) =>
        RequestSet.unionOf(
          offeredRequests(contract, own.port).map(({ requests }) => requests),
        );
      found = answerOr(
        () =>
          RequestSet.unionOf(
            others.map(api => offered(this.book.contractOf(api))),
          ).subtract(offered(this.contract)),
        () => RequestSet.empty,
      );
      this.#neighbours.set(key, found);
    }
    return found;
  }

  #findProviders(): ApiProvider[] {
    const { book, api } = this;
    const entity = book.catalog.get(api);
    const found = new Map<string, ApiProvider>();
    for (const ref of book.providersOf(api)) {
      const all = book.workloadsOf(ref);
      for (const workload of all) {
        const cluster = book.cluster(workload.cluster);
        if (!cluster) continue;
        found.set(`${cluster.name} ${workload.id}`, {
          cluster,
          workload,
          ports: apiPortsOf({
            cluster,
            workload,
            workloads: all.filter(each => each.cluster === cluster.name),
            api: entity,
            edges: this.edges.filter(each => each.cluster === cluster.name),
          }),
          waypoints: new Set(
            waypointsOf(cluster, workload).map(each => each.workload),
          ),
        });
      }
    }
    return [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, provider]) => provider);
  }
}

/** What some edges declare. */
export function declaredBy(edges: readonly Edge[]): RequestSet {
  return RequestSet.unionOf(edges.map(requestsOf));
}

function keyOf(cluster: string, from: string, to: string): string {
  return `${cluster} ${from} ${to}`;
}
