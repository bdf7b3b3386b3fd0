import { Finding, finding } from '../findings';
import { Cluster, Service, Workload } from '../estate/types';
import { AddressSet } from '../net/AddressSet';
import { RequestSet } from '../requestset/RequestSet';
import { WorkloadIndex } from './WorkloadIndex';
import { Authorization } from './istio/Authorization';
import { Caller, mtlsCaller, plaintextCaller } from './istio/caller';
import { DestinationRules, Transport } from './istio/destinationRules';
import { PeerAuthentications } from './istio/peerAuthentication';
import {
  SidecarModel,
  combineReadings,
  sidecarBounds,
  sidecarModel,
} from './istio/sidecar';
import { KernelIndex } from './networkpolicy/KernelIndex';
import { Bounds, OPEN, kernelBounds } from './networkpolicy/kernel';
import { Party, WorkloadParty, nameOf } from './party';
import { UnmodelledPolicies } from './unmodelled';
import { Condition } from './types';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);

function without(bounds: Bounds, conditions: readonly Condition[]): Bounds {
  return conditions.length === 0
    ? bounds
    : {
        sure: RequestSet.empty,
        possible: RequestSet.all,
        conditions: [...bounds.conditions, ...conditions],
      };
}

/** Is anything about a call stated that is otherwise negotiated or open? */
export interface CallOptions {
  tls?: Transport;
  /** The Service that the call goes through. */
  via?: Service;
}

/** One cluster, compiled for judging. Built once; answers are memoised. */
export class ClusterWorld {
  readonly index: WorkloadIndex;
  readonly kernel: KernelIndex;
  readonly authorization: Authorization;
  readonly peers: PeerAuthentications;
  readonly destinationRules: DestinationRules;
  readonly unmodelled: UnmodelledPolicies;
  readonly findings: Finding[];
  readonly #models: (SidecarModel | undefined)[];
  readonly #sidecar = new Map<string, Bounds & { caller: Party }>();
  readonly #hostNetwork: ReadonlySet<number>;
  readonly #openIngress: (RequestSet | undefined)[] = [];
  readonly #openEgress: (RequestSet | undefined)[] = [];
  readonly #kernelUnmodelled: (readonly Condition[] | undefined)[];

  constructor(readonly cluster: Cluster) {
    this.index = new WorkloadIndex(cluster);
    this.kernel = new KernelIndex(cluster, this.index);
    this.authorization = new Authorization(cluster);
    this.peers = new PeerAuthentications(cluster);
    this.destinationRules = new DestinationRules(cluster);
    this.unmodelled = new UnmodelledPolicies(cluster);
    this.#models = new Array(cluster.workloads.length);
    this.#kernelUnmodelled = new Array(cluster.workloads.length);
    this.#hostNetwork = new Set(
      cluster.workloads.flatMap((workload, index) =>
        workload.hostNetwork ? [index] : [],
      ),
    );
    this.findings = [
      ...this.kernel.findings,
      ...this.authorization.findings,
      ...this.peers.findings,
      ...this.unmodelled.findings,
      ...this.notJudged(),
    ];
  }

  /** Are there proxies on the way between workloads, whose own policies decide about others? */
  get hasProxies(): boolean {
    return this.cluster.waypoints.length > 0;
  }

  /** What the sidecar of a workload enforces, supposing that it has one. */
  model(to: WorkloadParty): SidecarModel {
    let model = this.#models[to.index];
    if (!model) {
      model = sidecarModel(
        this.cluster,
        to.workload,
        this.authorization,
        this.peers,
      );
      this.#models[to.index] = model;
    }
    return model;
  }

  /** What network policies of one end admit; `other` may be in another cluster. */
  kernelBounds(
    direction: 'ingress' | 'egress',
    subject: Party,
    other: Party,
  ): Bounds {
    if (
      subject.kind === 'address' ||
      !this.cluster.profile.cni.enforcesNetworkPolicy
    )
      return OPEN;
    return without(
      kernelBounds(this.kernel, direction, subject, other),
      this.kernelUnmodelled(subject),
    );
  }

  kernelUnmodelled(subject: WorkloadParty): readonly Condition[] {
    let known = this.#kernelUnmodelled[subject.index];
    if (!known) {
      known = this.unmodelled.of(subject.workload, 'kernel');
      this.#kernelUnmodelled[subject.index] = known;
    }
    return known;
  }

  /**
   * Workloads that the ingress rules of one name, and those that no rule can
   * keep out; `undefined` when it may be any.
   */
  ingressPeers(to: WorkloadParty): ReadonlySet<number> | undefined {
    const policies = this.kernel.of('ingress', to.index);
    if (
      !this.cluster.profile.cni.enforcesNetworkPolicy ||
      to.workload.hostNetwork
    )
      return undefined;
    if (
      !policies.some(policy => policy.isValid) ||
      this.kernelUnmodelled(to).length > 0
    )
      return undefined;
    if (this.cluster.workloads.some(workload => workload.mesh === 'ambient'))
      return undefined;
    const found = new Set(this.#hostNetwork);
    for (const policy of policies) {
      for (const rule of policy.isValid ? policy.ingress ?? [] : []) {
        if (!rule.peers || rule.peers.blocks.length > 0) return undefined;
        for (const set of rule.peers.pods)
          for (const index of set) found.add(index);
      }
    }
    return found;
  }

  /** What the network policies of one end admit from or to everybody. */
  openTo(direction: 'ingress' | 'egress', subject: WorkloadParty): RequestSet {
    const memo = direction === 'ingress' ? this.#openIngress : this.#openEgress;
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
    return [...fromRules, ...fromFields].filter(block => !block.isEmpty);
  }

  /** What the mesh admits at a provider of this cluster. */
  meshBounds(from: Party, to: Party, options: CallOptions = {}): Bounds {
    if (to.kind === 'address') return OPEN;
    const { workload } = to;
    if (workload.mesh === 'none' && !workload.meshIsGuess) return OPEN;
    const ambient = this.ambientConditions(from, to);
    if (ambient.length > 0)
      return { sure: NOT_TCP, possible: RequestSet.all, conditions: ambient };
    const bounds = this.sidecarBoundsFrom(from, to, options);
    const extra = this.unmodelled.of(workload, 'mesh');
    const withFilters: Bounds =
      extra.length === 0
        ? bounds
        : {
            sure: NOT_TCP,
            possible: RequestSet.all,
            conditions: [...bounds.conditions, ...extra],
          };
    if (!workload.meshIsGuess) return withFilters;
    return combineReadings([withFilters, OPEN], [meshGuess(workload)]);
  }

  /** Conditions of what this version does not judge: ambient, and calls between clusters. */
  ambientConditions(from: Party, to: WorkloadParty): Condition[] {
    const who = [to, from].find(
      party => party.kind === 'workload' && party.workload.mesh === 'ambient',
    );
    if (!who || to.workload.mesh === 'none') return [];
    return [
      {
        kind: 'not-supported-yet',
        text: `${nameOf(
          who,
        )} is in the ambient mesh, which this version does not judge.`,
      },
    ];
  }

  /** Transports that the pair would use on each port: the usual ones, and those of ports that differ. */
  transports(
    from: Party,
    to: WorkloadParty,
    options: CallOptions,
  ): { usual: Transport[]; ports: ReadonlyMap<number, Transport[]> } {
    const ports = new Map<number, Transport[]>();
    if (options.tls) return { usual: [options.tls], ports };
    const own = ownTransports(from);
    if (from.kind === 'address' || !own.includes('mtls'))
      return { usual: own, ports };
    const { readings } = this.model(to).mtls;
    // Where the provider takes plaintext only, a sidecar that negotiates sends plaintext.
    const negotiated = (port?: number): Transport[] => {
      const modes = readings.map(({ mode, ports: special }) =>
        port === undefined ? mode : special.get(port) ?? mode,
      );
      if (modes.every(mode => mode === 'DISABLE')) return ['plaintext'];
      return modes.includes('DISABLE')
        ? [...new Set<Transport>([...own, 'plaintext'])]
        : own;
    };
    for (const { ports: special } of readings) {
      for (const port of special.keys()) ports.set(port, negotiated(port));
    }
    for (const [port, entries] of this.destinationRules.toPorts(
      from.workload.namespace,
      to.workload,
      options.via,
    )) {
      const used = entries.flatMap(({ transport }): Transport[] =>
        transport === 'auto' ? negotiated(port) : [transport],
      );
      ports.set(port, [
        ...new Set<Transport>([
          ...used,
          ...(from.workload.meshIsGuess ? own : []),
        ]),
      ]);
    }
    return { usual: negotiated(), ports };
  }

  caller(from: Party, transport: Transport): Caller {
    const hasProxy =
      from.kind === 'workload' &&
      (from.workload.mesh === 'sidecar' || from.workload.meshIsGuess);
    const { trustDomain } =
      from.kind === 'workload'
        ? from.cluster.profile.mesh
        : this.cluster.profile.mesh;
    return transport === 'mtls'
      ? mtlsCaller(from, trustDomain, hasProxy)
      : plaintextCaller(from);
  }

  private sidecarBoundsFrom(
    from: Party,
    to: WorkloadParty,
    options: CallOptions,
  ): Bounds {
    const { usual, ports } = this.transports(from, to, options);
    const base = this.boundsOver(from, to, usual);
    if (ports.size === 0) return base;
    let { sure, possible } = base;
    const conditions = [...base.conditions];
    for (const [port, transports] of ports) {
      if (transports.join() === usual.join()) continue;
      const on = RequestSet.of({ protocol: 'TCP', ports: [port] });
      const own = this.boundsOver(from, to, transports);
      sure = sure.subtract(on).union(own.sure.intersect(on));
      possible = possible.subtract(on).union(own.possible.intersect(on));
      if (!own.sure.intersect(on).equals(own.possible.intersect(on)))
        conditions.push(...own.conditions);
    }
    return { sure, possible, conditions };
  }

  private boundsOver(
    from: Party,
    to: WorkloadParty,
    transports: readonly Transport[],
  ): Bounds {
    const readings = transports.map(transport =>
      this.sidecarBounds(from, to, transport),
    );
    return readings.length === 1
      ? readings[0]
      : combineReadings(readings, [wayIn(from, to)]);
  }

  private sidecarBounds(
    from: Party,
    to: WorkloadParty,
    transport: Transport,
  ): Bounds {
    const model = this.model(to);
    const caller = this.caller(from, transport);
    const key = `${model.key}|${transport}|${caller.key}`;
    const known = this.#sidecar.get(key);
    // Texts of conditions name the caller, so that only answers without any are everybody's.
    if (known && (known.conditions.length === 0 || known.caller === from))
      return known;
    const bounds = {
      ...sidecarBounds(model, caller, transport, this.cluster),
      caller: from,
    };
    this.#sidecar.set(key, bounds);
    return bounds;
  }

  private notJudged(): Finding[] {
    const findings: Finding[] = [];
    const ambient = this.cluster.workloads
      .filter(workload => workload.mesh === 'ambient')
      .map(workload => workload.id);
    if (ambient.length > 0) {
      findings.push(
        finding(
          'not-judged-yet',
          `${ambient.length} workloads are in the ambient mesh: their access over TCP is unknown.`,
          {
            objects: ambient,
          },
        ),
      );
    }
    for (const host of this.cluster.hosts) {
      if (host.kind !== 'WorkloadEntry') continue;
      findings.push(
        finding(
          'not-judged-yet',
          `${host.id} is a host in the mesh: its access is unknown.`,
          { at: host.at, objects: [host.id] },
        ),
      );
    }
    return findings;
  }
}

/** What a caller's own side sends where nothing else is said. */
function ownTransports(from: Party): Transport[] {
  if (from.kind === 'address') return ['plaintext'];
  if (from.workload.meshIsGuess) return ['mtls', 'plaintext'];
  return from.workload.mesh === 'sidecar' ? ['mtls'] : ['plaintext'];
}

export function meshGuess(workload: Workload): Condition {
  return {
    kind: 'mesh-guess',
    text: `Nothing says whether ${workload.id} has a sidecar. State mesh.mode in the platform profile.`,
  };
}

export function wayIn(from: Party, to: WorkloadParty): Condition {
  if (from.kind === 'workload' && from.workload.meshIsGuess)
    return meshGuess(from.workload);
  return {
    kind: 'way-in',
    text: `${nameOf(from)} reaches ${
      to.workload.id
    } with and without mutual TLS, depending on the way that it takes.`,
  };
}
