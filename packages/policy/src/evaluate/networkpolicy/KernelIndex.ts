import { Finding, finding } from '../../findings';
import {
  Cluster,
  ManifestObject,
  Protocol,
  Workload,
} from '../../estate/types';
import { namespaceOf } from '../../estate/buildCluster';
import { groupOf } from '../../estate/podTemplates';
import { RequestSet } from '../../requestset/RequestSet';
import { AddressSet } from '../../net/AddressSet';
import { WorkloadIndex } from '../WorkloadIndex';
import { RuleRef } from '../types';
import {
  NetworkPolicySpec,
  PortSpec,
  RuleSpec,
  parseNetworkPolicy,
} from './parseNetworkPolicy';

/** One rule of a NetworkPolicy, resolved to pods, addresses and ports. */
export interface CompiledRule {
  ref: RuleRef;
  /** Absent: everybody. */
  peers?: {
    pods: readonly ReadonlySet<number>[];
    blocks: readonly AddressSet[];
    /** The union of the blocks: an address that is surely in one of two is surely in it. */
    addresses: AddressSet;
  };
  ports?: readonly PortSpec[];
  /** What numbers say; what names say depends on the pod (design 4.9). */
  numbered: RequestSet;
  named: readonly PortSpec[];
  byWorkload: Map<number, RequestSet>;
}

/** A NetworkPolicy with its rules compiled; a direction that it does not restrict is absent. */
export interface CompiledNetworkPolicy {
  ref: RuleRef;
  manifest: ManifestObject;
  /** False: the API server would reject it. */
  isValid: boolean;
  ingress?: CompiledRule[];
  egress?: CompiledRule[];
  selected: readonly number[];
}

export type Direction = 'ingress' | 'egress';

const NOBODY: readonly CompiledNetworkPolicy[] = [];

function portsOf(specs: readonly PortSpec[]): RequestSet {
  let set = RequestSet.empty;
  for (const { protocol, from, to, name } of specs) {
    if (name !== undefined) continue;
    const ports = from === undefined ? undefined : [{ from, to: to ?? from }];
    set = set.union(RequestSet.of({ protocol, ...(ports ? { ports } : {}) }));
  }
  return set;
}

/** NetworkPolicies of a cluster, compiled, by the workloads that they select. */
export class KernelIndex {
  readonly policies: readonly CompiledNetworkPolicy[];
  readonly findings: Finding[] = [];
  readonly #ingress: (CompiledNetworkPolicy[] | undefined)[];
  readonly #egress: (CompiledNetworkPolicy[] | undefined)[];

  constructor(readonly cluster: Cluster, readonly index: WorkloadIndex) {
    this.#ingress = new Array(cluster.workloads.length);
    this.#egress = new Array(cluster.workloads.length);
    const policies: CompiledNetworkPolicy[] = [];
    for (const manifest of cluster.objects) {
      const { object } = manifest;
      if (object.kind !== 'NetworkPolicy') continue;
      if (
        groupOf(object) !== 'networking.k8s.io' &&
        object.apiVersion !== 'extensions/v1beta1'
      )
        continue;
      policies.push(this.compile(manifest));
    }
    this.policies = policies;
  }

  /** Policies that isolate the workload in a direction, also those that the API server would reject. */
  of(direction: Direction, workload: number): readonly CompiledNetworkPolicy[] {
    return (
      (direction === 'ingress' ? this.#ingress : this.#egress)[workload] ??
      NOBODY
    );
  }

  /** What the ports of a rule admit at the pods of a destination. */
  portsAt(
    rule: CompiledRule,
    destination: { index: number; workload: Workload } | undefined,
  ): RequestSet {
    if (rule.ports === undefined) return RequestSet.all;
    if (rule.named.length === 0 || !destination) return rule.numbered;
    let known = rule.byWorkload.get(destination.index);
    if (!known) {
      known = rule.numbered;
      for (const { name, protocol } of rule.named) {
        const ports = namedPorts(destination.workload, name, protocol);
        if (ports.length > 0)
          known = known.union(RequestSet.of({ protocol, ports }));
      }
      rule.byWorkload.set(destination.index, known);
    }
    return known;
  }

  private compile(manifest: ManifestObject): CompiledNetworkPolicy {
    const { object } = manifest;
    const namespace = namespaceOf(object);
    const { spec, problems } = parseNetworkPolicy(object);
    const ref: RuleRef = {
      kind: 'NetworkPolicy',
      namespace,
      name: object.metadata.name,
    };
    for (const { path, message } of problems) {
      const at = manifest.locate?.(path) ?? manifest.at;
      this.findings.push(
        finding(
          'invalid-object',
          `NetworkPolicy ${namespace}/${ref.name}: ${
            at.field ?? path.join('.')
          } ${message}.`,
          {
            at,
            objects: [`NetworkPolicy ${namespace}/${ref.name}`],
          },
        ),
      );
    }
    const isValid = problems.length === 0;
    const rules = (direction: Direction) =>
      spec[direction]?.map((rule, index) =>
        this.compileRule(
          rule,
          { ...ref, rule: `${direction}[${index}]` },
          namespace,
        ),
      );
    const selected = this.index.inNamespace(namespace, spec.podSelector);
    const ingress = rules('ingress');
    const egress = rules('egress');
    const policy: CompiledNetworkPolicy = {
      ref,
      manifest,
      isValid,
      selected,
      ...(ingress ? { ingress } : {}),
      ...(egress ? { egress } : {}),
    };
    this.register(policy, spec);
    return policy;
  }

  private register(
    policy: CompiledNetworkPolicy,
    spec: NetworkPolicySpec,
  ): void {
    const add = (
      lists: (CompiledNetworkPolicy[] | undefined)[],
      index: number,
    ) => {
      const list = lists[index];
      if (list) list.push(policy);
      else lists[index] = [policy];
    };
    for (const index of policy.selected) {
      if (spec.ingress) add(this.#ingress, index);
      if (spec.egress) add(this.#egress, index);
    }
  }

  private compileRule(
    rule: RuleSpec,
    ref: RuleRef,
    namespace: string,
  ): CompiledRule {
    const pods: ReadonlySet<number>[] = [];
    const blocks: AddressSet[] = [];
    for (const peer of rule.peers ?? []) {
      if ('block' in peer) blocks.push(peer.block);
      else
        pods.push(
          this.index.peers(
            peer.namespaces === 'own' ? namespace : peer.namespaces,
            peer.pods,
          ),
        );
    }
    return {
      ref,
      ...(rule.peers
        ? {
            peers: {
              pods,
              blocks,
              addresses: blocks.reduce((a, b) => a.union(b), AddressSet.empty),
            },
          }
        : {}),
      ...(rule.ports ? { ports: rule.ports } : {}),
      numbered: rule.ports ? portsOf(rule.ports) : RequestSet.all,
      named: rule.ports?.filter(port => port.name !== undefined) ?? [],
      byWorkload: new Map(),
    };
  }
}

/** Numbers of the workload's container ports with that name and protocol. */
export function namedPorts(
  workload: Workload,
  name: string | undefined,
  protocol: Protocol,
): number[] {
  return workload.containerPorts
    .filter(port => port.name === name && port.protocol === protocol)
    .map(port => port.port);
}
