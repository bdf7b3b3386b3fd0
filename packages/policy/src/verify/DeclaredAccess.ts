import type { Cluster } from '../estate/types';
import { AddressSet } from '../net/AddressSet';
import type { Edge, Isolation, Plan, PlumbingEdge } from '../plan/types';
import { RequestSet } from '../requestset/RequestSet';
import { PairRecall } from '../Recall';
import { requestsOf } from './requestsOf';
import { addressesOf } from '../evaluate/party';
import { plumbingAbout } from '../plan/lookups';
import { workloadOf } from '../plan/workloadIndex';

const declared = new PairRecall<Plan, Cluster, DeclaredAccess>();

/** What the plan says about one cluster, by pair of workloads. */
export class DeclaredAccess {
  readonly #edges = new Map<string, Edge[]>();
  readonly #byHop = new Map<string, Edge[]>();
  /** Edges with an end outside the estate: few. */
  readonly #withAddresses: readonly Edge[];
  readonly #plumbing: readonly PlumbingEdge[];
  readonly #cluster: Cluster;
  /** Workloads that we close to their callers. */
  readonly closedIngress: ReadonlySet<string>;
  /** Workloads whose own calls we limit. */
  readonly closedEgress: ReadonlySet<string>;

  /** What a plan says about a cluster, made once. */
  static of(plan: Plan, cluster: Cluster): DeclaredAccess {
    return declared.get(plan, cluster, () => new DeclaredAccess(plan, cluster));
  }

  private constructor(plan: Plan, cluster: Cluster) {
    this.#cluster = cluster;
    const enforced = <T extends { cluster: string; mode: string }>(
      items: readonly T[],
    ): T[] =>
      items.filter(
        item => item.cluster === cluster.name && item.mode === 'enforce',
      );
    const edges = enforced(plan.edges);
    this.#withAddresses = edges.filter(
      ({ from, to }) => from.kind === 'addresses' || to.kind === 'addresses',
    );
    for (const edge of edges) {
      const key = keyOf(edge.from.id, edge.to.id);
      const known = this.#edges.get(key);
      if (known) known.push(edge);
      else this.#edges.set(key, [edge]);
      for (const { from, to, port } of edge.hops) {
        const own = from.id === edge.from.id && to.id === edge.to.id;
        if (own && port === edge.port) continue;
        const way = keyOf(from.id, to.id);
        this.#byHop.set(way, [...(this.#byHop.get(way) ?? []), edge]);
      }
    }
    const isolations = enforced(plan.isolations);
    const closed = (direction: Isolation['direction']) =>
      new Set(
        isolations
          .filter(isolation => isolation.direction === direction)
          .map(({ workload }) => workload.id),
      );
    this.closedIngress = closed('ingress');
    this.closedEgress = closed('egress');
    this.#plumbing = enforced(plan.plumbing);
  }

  /** Edges from one workload to another. */
  edges(from: string, to: string): readonly Edge[] {
    return this.#edges.get(keyOf(from, to)) ?? [];
  }

  /** All pairs of workloads with an edge. */
  pairs(): { from: string; to: string }[] {
    return [...this.#edges.values()]
      .filter(
        ([{ from, to }]) => from.kind === 'workload' && to.kind === 'workload',
      )
      .map(([edge]) => ({ from: edge.from.id, to: edge.to.id }));
  }

  /** What is declared for a pair. */
  requests(from: string, to: string): RequestSet {
    return this.edges(from, to)
      .map(requestsOf)
      .reduce((all, each) => all.union(each), RequestSet.empty);
  }

  /** What is declared for addresses outside, all of which have to be granted it. */
  requestsFromOutside(to: string, cidrs: readonly string[]): RequestSet {
    return this.#withAddresses
      .filter(
        ({ from, to: provider }) =>
          provider.id === to &&
          from.kind === 'addresses' &&
          isWithin(cidrs, from.cidrs),
      )
      .map(requestsOf)
      .reduce((all, each) => all.union(each), RequestSet.empty);
  }

  /** What a workload is declared to call at addresses outside, all of which the grant has to name. */
  requestsToOutside(caller: string, cidrs: readonly string[]): RequestSet {
    return this.#withAddresses
      .filter(
        ({ from, to }) =>
          from.id === caller &&
          to.kind === 'addresses' &&
          isWithin(cidrs, to.cidrs),
      )
      .map(requestsOf)
      .reduce((all, each) => all.union(each), RequestSet.empty);
  }

  /** Workloads that are granted access to addresses. */
  callersOfAddresses(): string[] {
    const found = this.#withAddresses
      .filter(({ to }) => to.kind === 'addresses')
      .map(({ from }) => from.id);
    return [...new Set(found)];
  }

  /** Workloads that addresses are granted access to. */
  providersForAddresses(): string[] {
    const found = this.#withAddresses
      .filter(({ from }) => from.kind === 'addresses')
      .map(({ to }) => to.id);
    return [...new Set(found)];
  }

  /**
   * What the way of granted calls opens between a pair that is not the one that
   * calls: to a waypoint and from it, and the port that HBONE takes.
   */
  transport(from: string, to: string): RequestSet {
    let opened = RequestSet.empty;
    for (const edge of this.#byHop.get(keyOf(from, to)) ?? []) {
      const ports = edge.hops
        .filter(hop => hop.from.id === from && hop.to.id === to)
        .map(({ port }) => port);
      opened = opened.union(
        RequestSet.of({
          protocol: edge.protocol,
          // The last stretch carries the port of the provider as the waypoint's own call. On the way to a waypoint HBONE may
          // name any port: what becomes of it is up to the policies of what it leads to, which are judged for themselves.
          ...(to === edge.to.id && { ports: [...ports, edge.port] }),
        }),
      );
    }
    return opened;
  }

  /**
   * What plumbing opens for a pair. One end is the isolated workload, the other
   * a workload that the profile's selector fits. Addresses that the profile
   * names may be those of a node, and so of all that use its network: the API
   * server often has one. Others are matched by {@link plumbingFromOutside}.
   */
  plumbing(from: string, to: string): RequestSet {
    const opens = (direction: Isolation['direction'], own: string) => {
      const other = workloadOf(this.#cluster, own === to ? from : to);
      if (!other) return [];
      const labels = this.#cluster.namespaces.get(other.namespace)?.labels;
      return plumbingAbout(this.#plumbing, own).filter(
        ({ direction: way, peer }) =>
          way === direction &&
          (peer.kind === 'pods'
            ? fits(peer.podLabels, other.podLabels) &&
              fits(peer.namespaceLabels, labels ?? {})
            : other.hostNetwork && this.#mayHave(peer.cidrs)),
      );
    };
    return union([...opens('ingress', to), ...opens('egress', from)]);
  }

  /** May a node, and whatever uses its network, have one of these addresses? */
  #mayHave(cidrs: readonly string[]): boolean {
    return AddressSet.ofCidrs(cidrs).overlaps(addressesOf(this.#cluster, true));
  }

  /** What plumbing opens for a workload and addresses outside. */
  plumbingFromOutside(
    workload: string,
    direction: Isolation['direction'],
    cidrs: readonly string[],
  ): RequestSet {
    return union(
      plumbingAbout(this.#plumbing, workload).filter(
        plumbing =>
          plumbing.direction === direction &&
          plumbing.peer.kind === 'cidrs' &&
          isWithin(cidrs, plumbing.peer.cidrs),
      ),
    );
  }
}

function keyOf(from: string, to: string): string {
  return `${from} ${to}`;
}

function union(plumbing: readonly PlumbingEdge[]): RequestSet {
  return plumbing
    .flatMap(({ ports }) => ports)
    .map(({ protocol, port, endPort }) =>
      RequestSet.of({
        protocol,
        ports: [{ from: port, to: endPort ?? port }],
      }),
    )
    .reduce((all, each) => all.union(each), RequestSet.empty);
}

function fits(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(
    ([key, value]) => labels[key] === value,
  );
}

function isWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return AddressSet.ofCidrs(outer).covers(AddressSet.ofCidrs(inner));
}
