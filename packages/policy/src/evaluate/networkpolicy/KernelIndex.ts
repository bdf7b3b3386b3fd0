import { Finding, finding } from '../../findings';
import {
  Cluster,
  ManifestObject,
  Protocol,
  Workload,
} from '../../estate/types';
import { namespaceOf } from '../../estate/buildCluster';
import { groupOf } from '../../estate/podTemplates';
import type { PolicyDelta } from '../../estate/amendCluster';
import { RequestSet } from '../../requestset/RequestSet';
import { AddressSet } from '../../net/AddressSet';
import { withoutItems } from '../../withoutItems';
import { Peers, WorkloadIndex } from '../WorkloadIndex';
import { RuleRef } from '../types';
import { PortSpec, RuleSpec, parseNetworkPolicy } from './parseNetworkPolicy';

/** One rule of a NetworkPolicy, resolved to pods, addresses and ports. */
export interface CompiledRule {
  ref: RuleRef;
  /** Absent: everybody. */
  peers?: {
    /** Workloads of which all pods are meant, or some. */
    pods: readonly ReadonlySet<number>[];
    /** Those of which some pods are, and never all. */
    partly: ReadonlySet<number>;
    /** The selectors of peers, as text. */
    selectors: string;
    blocks: readonly AddressSet[];
    /** The union of the blocks: an address that is surely in one of two is surely in it. */
    addresses: AddressSet;
  };
  ports?: readonly PortSpec[];
  /** What numbers say; what names say depends on the pod (docs/semantics.md, 4.9). */
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
  /** Workloads that it selects with all of their pods, or some. */
  selected: readonly number[];
  /** Those of which it selects some pods only. */
  partly: ReadonlySet<number>;
  /** Its podSelector, as text. */
  selector: string;
  /** What the API server would say to it. */
  findings: readonly Finding[];
}

export type Direction = 'ingress' | 'egress';

const NOBODY: readonly CompiledNetworkPolicy[] = [];
const NO_WORKLOADS: ReadonlySet<number> = new Set();

function portsOf(specs: readonly PortSpec[]): RequestSet {
  let set = RequestSet.empty;
  for (const { protocol, from, to, name } of specs) {
    if (name !== undefined) continue;
    const ports = from === undefined ? undefined : [{ from, to: to ?? from }];
    set = set.union(RequestSet.of({ protocol, ...(ports ? { ports } : {}) }));
  }
  return set;
}

/** What an index takes over from the one that it is amended from. */
interface Kept {
  policies: readonly CompiledNetworkPolicy[];
  /** Those with findings. */
  flawed: readonly CompiledNetworkPolicy[];
  ingress: Lists;
  egress: Lists;
  compiled: WeakMap<ManifestObject, CompiledNetworkPolicy>;
}

type Lists = (readonly CompiledNetworkPolicy[] | undefined)[];

function isNetworkPolicy({ object }: ManifestObject): boolean {
  return (
    object.kind === 'NetworkPolicy' &&
    (groupOf(object) === 'networking.k8s.io' ||
      object.apiVersion === 'extensions/v1beta1')
  );
}

/** NetworkPolicies of a cluster, compiled, by the workloads that they select. */
export class KernelIndex {
  readonly policies: readonly CompiledNetworkPolicy[];
  readonly #ingress: Lists;
  readonly #egress: Lists;
  readonly #flawed: readonly CompiledNetworkPolicy[];
  /** Shared with the indexes that this one was amended from. */
  readonly #compiled: WeakMap<ManifestObject, CompiledNetworkPolicy>;

  private constructor(
    readonly cluster: Cluster,
    readonly index: WorkloadIndex,
    kept: Kept,
    added: readonly ManifestObject[],
  ) {
    this.#ingress = kept.ingress;
    this.#egress = kept.egress;
    this.#compiled = kept.compiled;
    const policies = added
      .filter(isNetworkPolicy)
      .map(manifest => this.compile(manifest));
    for (const policy of policies) this.#compiled.set(policy.manifest, policy);
    this.register('ingress', policies);
    this.register('egress', policies);
    this.policies =
      policies.length === 0 ? kept.policies : kept.policies.concat(policies);
    this.#flawed = kept.flawed.concat(
      policies.filter(({ findings }) => findings.length > 0),
    );
  }

  static of(cluster: Cluster, index: WorkloadIndex): KernelIndex {
    const nobody = () => new Array(cluster.workloads.length);
    return new KernelIndex(
      cluster,
      index,
      {
        policies: [],
        flawed: [],
        ingress: nobody(),
        egress: nobody(),
        compiled: new WeakMap(),
      },
      cluster.objects,
    );
  }

  /** The index of the same workloads with other policies. */
  amended({ removed, added }: PolicyDelta): KernelIndex {
    const gone = removed.flatMap(manifest => this.compiledOf(manifest) ?? []);
    const [ingress, egress] = [this.#ingress.slice(), this.#egress.slice()];
    for (const policy of gone)
      for (const index of policy.selected)
        for (const lists of [ingress, egress])
          lists[index] = lists[index]?.filter(each => each !== policy);
    return new KernelIndex(
      this.cluster,
      this.index,
      {
        policies: withoutItems(this.policies, gone),
        flawed: withoutItems(this.#flawed, gone),
        ingress,
        egress,
        compiled: this.#compiled,
      },
      added,
    );
  }

  /** What a manifest was compiled to; nothing where it is no NetworkPolicy. */
  compiledOf(manifest: ManifestObject): CompiledNetworkPolicy | undefined {
    return this.#compiled.get(manifest);
  }

  get findings(): Finding[] {
    return this.#flawed.flatMap(({ findings }) => findings);
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
    const name = `NetworkPolicy ${namespace}/${ref.name}`;
    const findings = problems.map(({ path, message }) => {
      const at = manifest.locate?.(path) ?? manifest.at;
      return finding(
        'invalid-object',
        `${name}: ${at.field ?? path.join('.')} ${message}.`,
        { at, objects: [name] },
      );
    });
    const isValid = problems.length === 0;
    const rules = (direction: Direction) =>
      spec[direction]?.map((rule, index) =>
        this.compileRule(
          rule,
          { ...ref, rule: `${direction}[${index}]` },
          namespace,
        ),
      );
    const { all: selected, partly } = this.index.select(
      namespace,
      spec.podSelector,
    );
    const ingress = rules('ingress');
    const egress = rules('egress');
    return {
      ref,
      manifest,
      isValid,
      selected,
      partly,
      selector: spec.podSelector.key,
      findings,
      ...(ingress ? { ingress } : {}),
      ...(egress ? { egress } : {}),
    };
  }

  /** Policies of a workload are in the order of their names, whatever the order of the objects is. */
  private register(
    direction: Direction,
    policies: readonly CompiledNetworkPolicy[],
  ): void {
    const lists = direction === 'ingress' ? this.#ingress : this.#egress;
    const added = new Map<number, CompiledNetworkPolicy[]>();
    for (const policy of policies) {
      if (!policy[direction]) continue;
      for (const index of policy.selected) {
        const list = added.get(index);
        if (list) list.push(policy);
        else added.set(index, [policy]);
      }
    }
    for (const [index, list] of added)
      lists[index] = [...(lists[index] ?? NOBODY), ...list].sort((a, b) =>
        a.ref.name < b.ref.name ? -1 : 1,
      );
  }

  private compileRule(
    rule: RuleSpec,
    ref: RuleRef,
    namespace: string,
  ): CompiledRule {
    const found: Peers[] = [];
    const selectors: string[] = [];
    const blocks: AddressSet[] = [];
    for (const peer of rule.peers ?? []) {
      if ('block' in peer) blocks.push(peer.block);
      else {
        selectors.push(peer.pods.key);
        found.push(
          this.index.peers(
            peer.namespaces === 'own' ? namespace : peer.namespaces,
            peer.pods,
          ),
        );
      }
    }
    return {
      ref,
      ...(rule.peers
        ? {
            peers: {
              pods: found.map(({ all }) => all),
              partly: partlyIn(found),
              selectors: selectors.join(' '),
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

/** Of several peers: workloads that no one of them means whole. */
function partlyIn(peers: readonly Peers[]): ReadonlySet<number> {
  if (peers.every(each => each.partly.size === 0)) return NO_WORKLOADS;
  const partly = new Set(peers.flatMap(each => [...each.partly]));
  for (const index of partly) {
    if (
      peers.some(({ all, partly: some }) => all.has(index) && !some.has(index))
    )
      partly.delete(index);
  }
  return partly;
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
