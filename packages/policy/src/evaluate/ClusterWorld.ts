import { Finding } from '../findings';
import { Cluster, Workload } from '../estate/types';
import type { PolicyDelta } from '../estate/amendCluster';
import { AddressSet } from '../net/AddressSet';
import { RequestSet } from '../requestset/RequestSet';
import { CallOptions } from './CallOptions';
import { Openings } from './Openings';
import { WorkloadIndex } from './WorkloadIndex';
import { meshGuess, probesAmong, unreadMtls, wayIn } from './conditions';
import { Authorization } from './istio/Authorization';
import { Caller, mtlsCaller, plaintextCaller } from './istio/caller';
import { DestinationRules, Transport } from './istio/destinationRules';
import { PeerAuthentications } from './istio/peerAuthentication';
import { ProxyModel, portsSet } from './istio/ProxyModel';
import { combineReadings, proxyBounds } from './istio/proxyBounds';
import { gatewayModels, gatewayTransports, isGateway } from './istio/gateway';
import { sidecarModels } from './istio/sidecar';
import { ProxyReadings } from './istio/replicaReadings';
import { ztunnelModels } from './istio/ztunnel';
import { waypointModel } from './istio/waypoint';
import { KernelIndex } from './networkpolicy/KernelIndex';
import { Bounds, OPEN, kernelBounds } from './networkpolicy/kernel';
import { objectName } from './objectName';
import { Party, WorkloadParty } from './party';
import { bypassesZtunnel } from './probes';
import { Transports, transportsBetween } from './transports';
import { UnmodelledPolicies } from './unmodelled/UnmodelledPolicies';
import { WaypointStop } from './ways/Way';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);

/** What is compiled of a cluster's objects. */
interface Parts {
  index: WorkloadIndex;
  kernel: KernelIndex;
  authorization: Authorization;
  peers: PeerAuthentications;
  destinationRules: DestinationRules;
  unmodelled: UnmodelledPolicies;
  hostNetwork: ReadonlySet<number>;
}

/** One cluster, compiled for judging. Built once; answers are memoised. */
export class ClusterWorld {
  readonly index: WorkloadIndex;
  readonly kernel: KernelIndex;
  readonly authorization: Authorization;
  readonly peers: PeerAuthentications;
  readonly destinationRules: DestinationRules;
  readonly unmodelled: UnmodelledPolicies;
  readonly #openings: Openings;
  readonly #proxies = new Map<number, ProxyReadings>();
  readonly #tunnelled = new Map<number, ProxyReadings>();
  readonly #waypoints = new Map<string, ProxyModel[]>();
  readonly #answers = new Map<string, Bounds & { caller: Party }>();
  readonly #hostNetwork: ReadonlySet<number>;

  private constructor(readonly cluster: Cluster, parts: Parts) {
    this.index = parts.index;
    this.kernel = parts.kernel;
    this.authorization = parts.authorization;
    this.peers = parts.peers;
    this.destinationRules = parts.destinationRules;
    this.unmodelled = parts.unmodelled;
    this.#hostNetwork = parts.hostNetwork;
    this.#openings = new Openings(cluster, this.kernel, this.authorization);
  }

  static of(cluster: Cluster): ClusterWorld {
    const index = new WorkloadIndex(cluster);
    return new ClusterWorld(cluster, {
      index,
      kernel: KernelIndex.of(cluster, index),
      authorization: Authorization.of(cluster),
      peers: PeerAuthentications.of(cluster),
      destinationRules: new DestinationRules(cluster),
      unmodelled: new UnmodelledPolicies(cluster),
      hostNetwork: new Set(
        cluster.workloads.flatMap((workload, at) =>
          workload.hostNetwork ? [at] : [],
        ),
      ),
    });
  }

  /** The same workloads with other policies; only what changes is compiled. */
  amended(cluster: Cluster, delta: PolicyDelta): ClusterWorld {
    return new ClusterWorld(cluster, {
      index: this.index,
      kernel: this.kernel.amended(delta),
      authorization: this.authorization.amended(delta),
      peers: this.peers.amended(delta),
      destinationRules: this.destinationRules,
      unmodelled: this.unmodelled,
      hostNetwork: this.#hostNetwork,
    });
  }

  get findings(): Finding[] {
    return [
      ...this.kernel.findings,
      ...this.authorization.findings,
      ...this.peers.findings,
      ...this.unmodelled.findings,
    ];
  }

  /** Are there proxies on the way between workloads, whose own policies decide about others? */
  get hasProxies(): boolean {
    return this.cluster.waypoints.length > 0;
  }

  /** What the proxy of a workload enforces: ztunnel in the ambient mesh, otherwise a sidecar, supposing that it has one. */
  proxies(to: WorkloadParty): ProxyReadings {
    let known = this.#proxies.get(to.index);
    if (!known) {
      known = this.readProxies(to.workload);
      this.#proxies.set(to.index, known);
    }
    return known;
  }

  private readProxies(workload: Workload): ProxyReadings {
    const { authorization, peers, cluster } = this;
    if (workload.mesh === 'ambient')
      return ztunnelModels(cluster, workload, authorization, peers);
    return isGateway(cluster, workload)
      ? gatewayModels(cluster, workload, authorization)
      : sidecarModels(cluster, workload, authorization, peers);
  }

  /**
   * What a waypoint enforces for a way through it; all of it must admit. With
   * `ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES` policies that select its
   * pods are enforced before it, as ztunnel would.
   */
  waypointModels({ waypoint, party, address }: WaypointStop): ProxyModel[] {
    const key = `${waypoint.id} ${address?.service.id ?? ''}`;
    let known = this.#waypoints.get(key);
    if (!known) {
      const { authorization, peers, cluster } = this;
      known = [waypointModel(waypoint, address?.service, authorization)];
      if (cluster.profile.mesh.layeredWaypointPolicies) {
        const { models } = ztunnelModels(
          cluster,
          party.workload,
          authorization,
          peers,
        );
        known.push(models[models.length - 1]);
      }
      this.#waypoints.set(key, known);
    }
    return known;
  }

  /** The proxy's model where one reading is as good as the others: for the ports that it sees and how it reads them. */
  model(to: WorkloadParty): ProxyModel {
    return this.proxies(to).models[0];
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
    const bounds = kernelBounds(this.kernel, direction, subject, other);
    const foreign = this.unmodelled.kernel(subject.workload, direction);
    if (foreign.length === 0) return bounds;
    return {
      sure: RequestSet.empty,
      possible: RequestSet.all,
      conditions: [...bounds.conditions, ...foreign],
    };
  }

  /**
   * Workloads that the rules of one end name, and those that no rule can keep
   * out; `undefined` when it may be any.
   */
  kernelPeers(
    direction: 'ingress' | 'egress',
    subject: WorkloadParty,
  ): ReadonlySet<number> | undefined {
    const policies = this.kernel.of(direction, subject.index);
    if (
      !this.cluster.profile.cni.enforcesNetworkPolicy ||
      subject.workload.hostNetwork
    )
      return undefined;
    if (
      !policies.some(
        policy => policy.isValid && !policy.partly.has(subject.index),
      ) ||
      this.unmodelled.kernel(subject.workload, direction).length > 0
    )
      return undefined;
    // What comes through a waypoint has the waypoint as its peer.
    if (this.cluster.waypoints.length > 0) return undefined;
    const found = new Set(this.#hostNetwork);
    for (const policy of policies) {
      for (const rule of policy.isValid ? policy[direction] ?? [] : []) {
        if (!rule.peers || rule.peers.blocks.length > 0) return undefined;
        for (const set of rule.peers.pods)
          for (const index of set) found.add(index);
      }
    }
    return found;
  }

  /** What the network policies of one end admit from or to everybody. */
  openTo(direction: 'ingress' | 'egress', subject: WorkloadParty): RequestSet {
    return this.#openings.openTo(direction, subject);
  }

  /** Every block of addresses that a policy of this cluster names, or one that decides about `subjects`. */
  blocks(subjects?: readonly WorkloadParty[]): AddressSet[] {
    return this.#openings.blocks(subjects);
  }

  /** May a proxy stand before the workload: beside its pods, or because they are one? */
  hasProxy(workload: Workload): boolean {
    return (
      workload.mesh !== 'none' ||
      workload.meshIsGuess ||
      isGateway(this.cluster, workload)
    );
  }

  /** What the mesh admits at a provider of this cluster whose own port is called. */
  meshBounds(from: Party, to: Party, options: CallOptions = {}): Bounds {
    if (to.kind === 'address') return OPEN;
    const { workload } = to;
    if (!this.hasProxy(workload)) {
      if (this.destinationRules.isEmpty) return OPEN;
      const unread = [...this.unreadBy(from, to, options)];
      if (unread.length === 0) return OPEN;
      return {
        sure: RequestSet.all.subtract(portsSet(unread.map(([port]) => port))),
        possible: RequestSet.all,
        conditions: unread.map(([, rule]) =>
          unreadMtls(from, workload.id, rule),
        ),
      };
    }
    if (workload.mesh === 'ambient') {
      const bypasses = bypassesZtunnel(from, to);
      if (bypasses === 'yes') return OPEN;
      const bounds = this.proxyBounds(from, to, 'plaintext');
      return bypasses === 'no'
        ? bounds
        : combineReadings([bounds, OPEN], [probesAmong(from, to)]);
    }
    const bounds = this.sidecarBoundsFrom(from, to, options);
    const extra = this.unmodelled.mesh(workload);
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

  /**
   * The proxy of a workload, for what comes to it by HBONE: a sidecar ends the
   * tunnel itself, so that no port of the tunnel goes past its policies.
   */
  tunnelProxies(to: WorkloadParty): ProxyReadings {
    const { authorization, peers, cluster } = this;
    if (to.workload.mesh === 'ambient') return this.proxies(to);
    let known = this.#tunnelled.get(to.index);
    if (!known) {
      const { inboundIncludedPorts: _, ...workload } = to.workload;
      const captured = { ...workload, inboundExcludedPorts: [] };
      known = sidecarModels(cluster, captured, authorization, peers);
      this.#tunnelled.set(to.index, known);
    }
    return known;
  }

  /** What the provider's proxy admits of what comes to it by HBONE. */
  tunnelBounds(from: Party, to: WorkloadParty): Bounds {
    const bounds = this.proxyBounds(from, to, 'tunnel');
    const extra =
      to.workload.mesh === 'ambient' ? [] : this.unmodelled.mesh(to.workload);
    if (extra.length === 0) return bounds;
    return {
      sure: NOT_TCP,
      possible: RequestSet.all,
      conditions: [...bounds.conditions, ...extra],
    };
  }

  /**
   * Ports of a provider without a proxy to which a DestinationRule makes the
   * caller's proxy send mutual TLS all the same, with the rule.
   */
  unreadBy(
    from: Party,
    to: WorkloadParty,
    { via, tls }: CallOptions,
  ): ReadonlyMap<number, string> {
    const found = new Map<number, string>();
    if (tls !== undefined || from.kind === 'address') return found;
    if (this.destinationRules.isEmpty) return found;
    const { mesh, meshIsGuess, gateway, namespace } = from.workload;
    if (mesh !== 'sidecar' && gateway === undefined && !meshIsGuess)
      return found;
    const service = typeof via === 'object' ? via.service : undefined;
    for (const [port, entries] of this.destinationRules.toPorts(
      namespace,
      to.workload,
      service,
    )) {
      const rule = entries.find(({ transport }) => transport === 'mtls')?.by;
      if (rule) found.set(port, objectName(rule));
    }
    return found;
  }

  /** Transports that the pair would use on each port: the usual ones, and those of ports that differ. */
  transports(from: Party, to: WorkloadParty, options: CallOptions): Transports {
    const { via } = options;
    if (isGateway(this.cluster, to.workload))
      return options.tls
        ? { usual: [options.tls], ports: new Map() }
        : gatewayTransports(this.cluster, to.workload);
    return transportsBetween(
      from,
      to,
      {
        ...(options.tls ? { tls: options.tls } : {}),
        ...(typeof via === 'object' ? { via: via.service } : {}),
      },
      this.model(to).mtls,
      this.destinationRules,
    );
  }

  caller(from: Party, transport: Transport | 'tunnel'): Caller {
    if (transport === 'plaintext') return plaintextCaller(from);
    if (from.kind === 'address')
      return mtlsCaller(from, this.cluster.profile.mesh.trustDomain, false);
    const { mesh, meshIsGuess, gateway } = from.workload;
    return mtlsCaller(
      from,
      from.cluster.profile.mesh.trustDomain,
      mesh !== 'none' || meshIsGuess || gateway !== undefined,
    );
  }

  /** What a model admits from a caller: computed once for all that neither can tell apart. */
  boundsAt(
    model: ProxyModel,
    caller: Caller,
    transport: Transport | 'tunnel',
  ): Bounds {
    const key = `${model.key}|${transport}|${caller.key}`;
    const known = this.#answers.get(key);
    // Texts of conditions name the caller, so that only answers without any are everybody's.
    if (
      known &&
      (known.conditions.length === 0 || known.caller === caller.party)
    )
      return known;
    const bounds = {
      ...proxyBounds(model, caller, transport, this.cluster),
      caller: caller.party,
    };
    this.#answers.set(key, bounds);
    return bounds;
  }

  private proxyBounds(
    from: Party,
    to: WorkloadParty,
    transport: Transport | 'tunnel',
  ): Bounds {
    const { models, conditions } =
      transport === 'tunnel' ? this.tunnelProxies(to) : this.proxies(to);
    const caller = this.caller(from, transport);
    const readings = models.map(model =>
      this.boundsAt(model, caller, transport),
    );
    return readings.length === 1
      ? readings[0]
      : combineReadings(readings, conditions);
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
      this.proxyBounds(from, to, transport),
    );
    return readings.length === 1
      ? readings[0]
      : combineReadings(readings, [wayIn(from, to)]);
  }
}
