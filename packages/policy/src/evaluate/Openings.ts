import { Cluster } from '../estate/types';
import { AddressSet } from '../net/AddressSet';
import { RequestSet } from '../requestset/RequestSet';
import { Authorization } from './istio/Authorization';
import { KernelIndex } from './networkpolicy/KernelIndex';
import { WorkloadParty } from './party';

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
    for (const policy of policies) {
      for (const rule of policy[direction] ?? []) {
        const everybody =
          !rule.peers ||
          rule.peers.blocks.some(block => block.covers(AddressSet.everything));
        if (everybody)
          open = open.union(
            direction === 'ingress'
              ? this.kernel.portsAt(rule, subject)
              : rule.numbered,
          );
      }
    }
    return open;
  }

  /** Every block of addresses that a policy of this cluster names. */
  blocks(): AddressSet[] {
    const rules = this.kernel.policies.flatMap(policy => [
      ...(policy.ingress ?? []),
      ...(policy.egress ?? []),
    ]);
    const fromRules = rules.flatMap(rule => rule.peers?.blocks ?? []);
    const fromFields = this.authorization.policies.flatMap(({ spec }) =>
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
    const probes = this.cluster.workloads.some(({ mesh }) => mesh === 'ambient')
      ? this.cluster.profile.probes.map(({ cidrs }) =>
          AddressSet.ofCidrs(cidrs ?? []),
        )
      : [];
    return [...fromRules, ...fromFields, ...probes].filter(
      block => !block.isEmpty,
    );
  }
}
