import type { Cluster, Workload } from '../estate/types';
import { AddressSet } from '../net/AddressSet';
import type { Edge, Isolation, Plan, PlumbingEdge } from '../plan/types';
import { RequestSet } from '../requestset/RequestSet';
import { requestsOf } from './requestsOf';

/** What the plan says about one cluster, by pair of workloads. */
export class DeclaredAccess {
  readonly #edges = new Map<string, Edge[]>();
  readonly #plumbing: readonly PlumbingEdge[];
  readonly #cluster: Cluster;
  /** Workloads that we close to their callers. */
  readonly closedIngress: ReadonlySet<string>;
  /** Workloads whose own calls we limit. */
  readonly closedEgress: ReadonlySet<string>;

  constructor(plan: Plan, cluster: Cluster) {
    this.#cluster = cluster;
    const enforced = <T extends { cluster: string; mode: string }>(
      items: readonly T[],
    ): T[] =>
      items.filter(
        item => item.cluster === cluster.name && item.mode === 'enforce',
      );
    for (const edge of enforced(plan.edges)) {
      const key = keyOf(edge.from.id, edge.to.id);
      this.#edges.set(key, [...(this.#edges.get(key) ?? []), edge]);
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

  /** All pairs with an edge. */
  pairs(): { from: string; to: string }[] {
    return [...this.#edges.values()].map(([edge]) => ({
      from: edge.from.id,
      to: edge.to.id,
    }));
  }

  /** What is declared for a pair. */
  requests(from: string, to: string): RequestSet {
    return this.edges(from, to)
      .map(requestsOf)
      .reduce((all, each) => all.union(each), RequestSet.empty);
  }

  /**
   * What plumbing opens for a pair. One end is the isolated workload, the other
   * a workload that the profile's selector fits; peers by address are matched
   * by {@link plumbingFromOutside}.
   */
  plumbing(from: string, to: string): RequestSet {
    return union(
      this.#plumbing.filter(({ direction, workload, peer }) => {
        const [own, other] = direction === 'ingress' ? [to, from] : [from, to];
        return (
          workload.id === own &&
          peer.kind === 'pods' &&
          this.#workloads().some(
            candidate =>
              candidate.id === other &&
              fits(peer.podLabels, candidate.podLabels) &&
              fits(
                peer.namespaceLabels,
                this.#cluster.namespaces.get(candidate.namespace)?.labels ?? {},
              ),
          )
        );
      }),
    );
  }

  /** What plumbing opens for a workload and addresses outside. */
  plumbingFromOutside(
    workload: string,
    direction: Isolation['direction'],
    cidrs: readonly string[],
  ): RequestSet {
    return union(
      this.#plumbing.filter(
        plumbing =>
          plumbing.direction === direction &&
          plumbing.workload.id === workload &&
          plumbing.peer.kind === 'cidrs' &&
          isWithin(cidrs, plumbing.peer.cidrs),
      ),
    );
  }

  #workloads(): readonly Workload[] {
    return this.#cluster.workloads;
  }
}

function keyOf(from: string, to: string): string {
  return `${from} ${to}`;
}

function union(plumbing: readonly PlumbingEdge[]): RequestSet {
  return plumbing
    .flatMap(({ ports }) => ports)
    .map(({ protocol, port }) => RequestSet.of({ protocol, ports: [port] }))
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
