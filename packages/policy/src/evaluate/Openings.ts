import { Cluster } from '../estate/types';
import { AddressSet } from '../net/AddressSet';
import { RequestSet } from '../requestset/RequestSet';
import {
  Authorization,
  CompiledAuthorizationPolicy,
} from './istio/Authorization';
import {
  CompiledNetworkPolicy,
  KernelIndex,
} from './networkpolicy/KernelIndex';
import { WorkloadParty } from './party';
import { hasAmbient } from './ways/hbone';

/** What policies of a cluster admit whoever calls, and which addresses they tell apart. */
export class Openings {
  readonly #ingress: (RequestSet | undefined)[] = [];
  readonly #egress: (RequestSet | undefined)[] = [];

  constructor(
    readonly cluster: Cluster,
    readonly kernel: KernelIndex,
    readonly authorization: Authorization,
  ) {}

  /** What the network policies of one end admit from or to everybody. */
  openTo(direction: 'ingress' | 'egress', subject: WorkloadParty): RequestSet {
    const memo = direction === 'ingress' ? this.#ingress : this.#egress;
    let known = memo[subject.index];
    if (!known) {
      known = this.computeOpen(direction, subject);
      memo[subject.index] = known;
    }
    return known;
  }

  private computeOpen(
    direction: 'ingress' | 'egress',
    subject: WorkloadParty,
  ): RequestSet {
    const policies = this.kernel
      .of(direction, subject.index)
      .filter(policy => policy.isValid);
    if (
      policies.length === 0 ||
      !this.cluster.profile.cni.enforcesNetworkPolicy
    )
      return RequestSet.all;
    let open = RequestSet.empty;
    const ofSome: RequestSet[] = [];
    for (const policy of policies) {
      const isPartly = policy.partly.has(subject.index);
      let own = isPartly ? RequestSet.empty : open;
      for (const rule of policy[direction] ?? []) {
        const everybody =
          !rule.peers ||
          rule.peers.blocks.some(block => block.covers(AddressSet.everything));
        if (everybody)
          own = own.union(
            direction === 'ingress'
              ? this.kernel.portsAt(rule, subject)
              : rule.numbered,
          );
      }
      if (isPartly) ofSome.push(own);
      else open = own;
    }
    // Where each policy selects some pods only, what all of them admit is open.
    return ofSome.length === policies.length
      ? ofSome.reduce((a, b) => a.intersect(b))
      : open;
  }

  /**
   * Every block of addresses that a policy of this cluster names.
   *
   * @param subjects - only those that decide about these
   */
  blocks(subjects?: readonly WorkloadParty[]): AddressSet[] {
    const { kernel, authorization } = this.policiesAbout(subjects);
    const rules = kernel.flatMap(policy => [
      ...(policy.ingress ?? []),
      ...(policy.egress ?? []),
    ]);
    const fromRules = rules.flatMap(rule => rule.peers?.blocks ?? []);
    const fromFields = authorization.flatMap(({ spec }) =>
      spec.rules.flatMap(rule =>
        [...(rule.from ?? []).flat(), ...rule.when]
          .filter(
            field => field.name === 'ipBlocks' || field.name === 'source.ip',
          )
          .flatMap(field => [
            ...(field.values ?? []),
            ...(field.notValues ?? []),
          ])
          .map(cidr => AddressSet.ofCidrs([cidr])),
      ),
    );
    // The kubelet's probes are let in beside ztunnel: no policy names them, but they are told apart.
    const probes = hasAmbient(this.cluster)
      ? this.cluster.profile.probes.map(({ cidrs }) =>
          AddressSet.ofCidrs(cidrs ?? []),
        )
      : [];
    return [...fromRules, ...fromFields, ...probes].filter(
      block => !block.isEmpty,
    );
  }

  private policiesAbout(subjects: readonly WorkloadParty[] | undefined): {
    kernel: readonly CompiledNetworkPolicy[];
    authorization: readonly CompiledAuthorizationPolicy[];
  } {
    const { kernel, authorization, cluster } = this;
    if (!subjects)
      return { kernel: kernel.policies, authorization: authorization.policies };
    const directions = ['ingress', 'egress'] as const;
    return {
      kernel: unique(
        subjects.flatMap(({ index }) =>
          directions.flatMap(direction => kernel.of(direction, index)),
        ),
      ),
      // What holds at a waypoint holds for whoever is behind it.
      authorization:
        cluster.waypoints.length > 0
          ? authorization.policies
          : unique(
              subjects.flatMap(({ workload }) =>
                authorization.inScope(workload),
              ),
            ),
    };
  }
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
