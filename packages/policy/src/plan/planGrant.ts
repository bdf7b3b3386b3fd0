import { Cluster, Workload } from '../estate/types';
import { Grant, PolicyMode } from '../model/types';
import { areRead } from './areRead';
import { addressEnd, CallerParty, isAddresses } from './callerParty';
import { hostBlocks } from './hostBlocks';
import { checkAddresses } from './checkAddresses';
import { decideLayers } from './decideLayers';
import { decideRow } from './decideRow';
import { egressOf } from './egressState';
import { noteAccess, noteForeignEgress, noteSharedIdentity } from './notes';
import { Pins, pinsOf } from './Pins';
import { PlanContext } from './PlanContext';
import { accessByPort, PortAccess, Target } from './portAccess';
import { Report } from './Report';
import { refusalOf } from './reportBinding';
import { Caller, resolveCallers } from './resolveCallers';
import { ResolvedOperation } from './resolveOperation';
import { routeOf } from './routeOf';
import { planHostOutside, withoutProxy } from './planHostOutside';
import { clustersInScope } from './scope';
import {
  AddressEnd,
  Edge,
  EdgeEnd,
  UnconfirmedEnd,
  UnsupportedGrant,
  UnsupportedRow,
} from './types';
import { servicesWithWaypoint } from './waypointWays';
import { formatWay } from './workloadPorts';
import { detail, entity, said, workload as workloadName } from '../words';

/** A grant with everything that is the same for all its pairs. */
export interface GrantInput {
  grant: Grant;
  api: string;
  policy: string;
  namespace: string;
  mode: PolicyMode;
  targets: Target[];
  operations: ResolvedOperation[];
  /** Of the definition, where it is clear: what is told of paths is told without it. */
  basePath: string;
}

/** What a grant comes to. */
export interface PlannedGrant {
  edges: Edge[];
  unsupported: UnsupportedGrant[];
  unconfirmed: UnconfirmedEnd[];
}

class GrantPlanner {
  readonly #edges: Edge[] = [];
  readonly #unsupported = new Map<string, UnsupportedGrant>();
  readonly #unconfirmed = new Map<string, UnconfirmedEnd>();
  readonly #acknowledges;
  readonly #pins: Pins | undefined;

  constructor(
    private readonly context: PlanContext,
    private readonly input: GrantInput,
    private readonly report: Report,
  ) {
    this.#acknowledges = new Set(input.grant.acknowledges ?? []);
    this.#pins = Pins.of(input.grant);
  }

  plan(): PlannedGrant {
    const { grant, targets, namespace } = this.input;
    const providers = [...new Set(targets.map(({ provider }) => provider))];
    const resolved = resolveCallers(
      this.context,
      grant,
      namespace,
      providers,
      this.report,
    );
    if ('unsupported' in resolved) {
      this.#refuse(resolved.unsupported, resolved.caller, {});
      return this.#result();
    }
    const { callers } = resolved;
    const pair = this.#pairClusters(callers);
    const present = callers.length > 0 && targets.length > 0;
    if (present && pair.length === 0) {
      this.#refuse('cross-cluster', grant.caller, {});
      return this.#result();
    }
    if (present) {
      for (const cluster of clustersInScope(
        grant.in,
        this.#approvedOf(pair),
        grant.caller,
        this.report,
      ))
        for (const caller of callers) this.#planCaller(caller, cluster);
    }
    return this.#result();
  }

  #result(): PlannedGrant {
    return {
      edges: this.#edges,
      unsupported: [...this.#unsupported.values()],
      unconfirmed: [...this.#unconfirmed.values()],
    };
  }

  /**
   * Where a grant that names no cluster holds: where it was approved, also when the pair runs in others meanwhile. Without
   * an approved end anywhere each end is told apart where it runs.
   */
  #approvedOf(pair: Cluster[]): Cluster[] {
    const { grant } = this.input;
    if (!this.#pins || grant.in !== undefined || pair.length < 2) return pair;
    const approved = pair.filter(cluster => this.#pins?.reaches(cluster));
    return approved.length > 0 ? approved : pair;
  }

  /** Whether an end is one that was approved; one that was not is told, and gets nothing. */
  #isApproved(
    side: 'caller' | 'provider',
    ref: string,
    cluster: Cluster,
    party: CallerParty,
  ): boolean {
    if (!this.#pins || this.#pins.admits(side, cluster, party)) return true;
    const { api, policy, grant } = this.input;
    this.report.add(
      'end-not-approved',
      side === 'caller'
        ? said`${entity(ref)} stands for ${workloadName(party.id)} in ${
            cluster.name
          } now, which this grant was not approved for`
        : said`${entity(ref)} is served by ${workloadName(party.id)} in ${
            cluster.name
          } now, which this grant was not approved for`,
      [party.id],
      { data: { side, entity: ref, cluster: cluster.name } },
    );
    this.#unconfirmed.set(JSON.stringify([side, cluster.name, party.id]), {
      api,
      policy,
      grantId: grant.id,
      caller: grant.caller,
      side,
      entity: ref,
      cluster: cluster.name,
      end: party.id,
    });
    return false;
  }

  /** An end that an approval could not name would be approved as whatever it becomes later. */
  #canBePinned(cluster: Cluster, end: EdgeEnd | AddressEnd): boolean {
    if (this.#pins || pinsOf(cluster, end)) return true;
    this.report.add(
      'end-not-approved',
      said`${workloadName(end.id)} in ${
        cluster.name
      } cannot be named in an approval: its service account or its labels are no names, or too long`,
      [end.id],
      { fix: 'Give the workload a service account of its own.' },
    );
    return false;
  }

  /** Where nothing proves the account of a machine of the mesh, its addresses are what was approved. */
  #areAddressesApproved(
    { ref }: Caller,
    cluster: Cluster,
    from: CallerParty,
  ): boolean {
    return (
      isAddresses(from) ||
      from.runsOn !== 'host' ||
      from.mesh === 'none' ||
      this.#isApproved('caller', ref, cluster, addressEnd(hostBlocks(from)))
    );
  }

  #pairClusters(callers: Caller[]): Cluster[] {
    return this.context.clusters.filter(
      cluster =>
        this.input.targets.some(target => target.cluster === cluster) &&
        callers.some(caller => caller.partiesIn(cluster).length > 0),
    );
  }

  #planCaller(caller: Caller, cluster: Cluster): void {
    const parties = this.#partiesOf(caller, cluster);
    const workloads = parties.filter(
      (party): party is Workload => !isAddresses(party),
    );
    if (workloads.length > 1 && !caller.self)
      this.report.add(
        'several-workloads',
        said`${entity(caller.ref)} stands for ${
          workloads.length
        } workloads in ${cluster.name}${detail(
          `: ${workloads.map(({ id }) => id).join(', ')}`,
          '',
        )}`,
        workloads.map(({ id }) => id),
      );
    for (const target of this.input.targets) {
      if (target.cluster !== cluster) continue;
      if (caller.self && target.provider !== caller.ref) continue;
      const isOurs = (to: CallerParty) =>
        this.#isApproved('provider', target.provider, cluster, to);
      const host = target.host?.end;
      if (host?.kind === 'addresses' && !isOurs(host)) continue;
      for (const from of workloads)
        this.#edges.push(
          ...planHostOutside(this.context, this.input, {
            caller,
            target,
            from,
            acknowledges: this.#acknowledges,
            report: this.report,
          }),
        );
      for (const to of target.workloads) {
        if (this.#isElsewhere(caller, cluster, to) || !isOurs(to)) continue;
        if (to.runsOn === 'host' && to.mesh === 'none') {
          for (const from of workloads)
            this.#edges.push(
              ...planHostOutside(this.context, this.input, {
                caller,
                target: withoutProxy(target, to, this.context, this.report),
                from,
                acknowledges: this.#acknowledges,
                report: this.report,
              }),
            );
          continue;
        }
        const accesses = accessByPort(
          target,
          to,
          this.input.operations,
          this.report,
        );
        for (const from of parties) {
          if (!isAddresses(from) && this.#isElsewhere(caller, cluster, from))
            continue;
          for (const access of accesses)
            this.#planPair(caller, target, from, to, access);
        }
      }
    }
  }

  #planPair(
    caller: Caller,
    target: Target,
    from: CallerParty,
    to: Workload,
    access: PortAccess,
  ): void {
    const { cluster } = target;
    const { report } = this;
    if (!areRead(cluster, isAddresses(from) ? [to] : [from, to], report))
      return;
    if (to.hostNetwork) {
      report.add(
        'host-network-provider',
        said`${workloadName(to.id)} runs on the host network`,
        [to.id],
      );
      return;
    }
    if (!isAddresses(from) && from.hostNetwork) {
      report.add(
        'host-network-caller',
        said`${workloadName(
          from.id,
        )} runs on the host network: policies see the address of its node`,
        [from.id],
      );
      return;
    }
    const acknowledges = this.#acknowledges;
    const question = { cluster, to, acknowledges, report };
    if (
      isAddresses(from) &&
      !checkAddresses({ ...question, from, port: access.port })
    )
      return;
    if (this.#isBehindForeignWaypoint(cluster, from, to, access, report))
      return;
    const row = decideRow(cluster, from, to, access.port);
    if (
      row === 'plain-any' &&
      !this.#areAddressesApproved(caller, cluster, from)
    )
      return;
    if (
      row === 'mesh-address' &&
      !isAddresses(from) &&
      !checkAddresses({
        ...question,
        from: addressEnd(hostBlocks(from)),
        port: access.port,
      })
    )
      return;
    for (const end of isAddresses(from) ? [to] : [from, to])
      if (end.meshIsGuess)
        report.add(
          'mesh-guessed',
          said`Nothing says whether ${workloadName(end.id)} runs in the mesh`,
          [end.id],
        );
    const { mode } = this.input;
    const egress = isAddresses(from)
      ? 'open'
      : egressOf(this.context, cluster, from);
    const decided = { ...question, from, access, row, mode, egress };
    const enforceable = decideLayers(decided);
    const siblings = this.#siblings(caller, cluster);
    if (!this.#isAddressKnown(from, to, egress)) return;
    // An egress policy closes whatever it selects, so there a selector may take nothing else in.
    const sharing = egress === 'open' ? siblings : new Set<string>();
    const fromEnd = isAddresses(from)
      ? from
      : this.context.ends.of(cluster, from, sharing, report);
    const toEnd = this.context.ends.of(cluster, to, new Set(), report);
    if (!enforceable || !fromEnd || !toEnd) return;
    if (![fromEnd, toEnd].every(end => this.#canBePinned(cluster, end))) return;
    const route = routeOf({
      ...decided,
      context: this.context,
      fromEnd,
      toEnd,
      port: access.port,
      self: caller.self,
      enforceable,
    });
    if (!route) return;
    noteAccess(cluster, to, access, enforceable, this.input, report);
    if (!isAddresses(from)) {
      if (enforceable.layers.identity === 'enforced')
        noteSharedIdentity(
          cluster,
          from,
          siblings,
          enforceable.layers.kernel,
          report,
        );
      if (egress === 'isolated-by-others' && mode === 'enforce')
        noteForeignEgress(cluster, from, report);
    }
    this.#edges.push({
      cluster: cluster.name,
      api: this.input.api,
      policy: this.input.policy,
      grantId: this.input.grant.id,
      caller: caller.ref,
      declaredCaller: this.input.grant.caller,
      provider: target.provider,
      from: fromEnd,
      to: toEnd,
      protocol: access.port.protocol,
      port: access.port.port,
      servicePorts: access.port.ways.map(formatWay).sort(),
      ...(enforceable.http && { http: enforceable.http }),
      layers: enforceable.layers,
      operations: [...new Set(access.labels)].sort(),
      granted: access.granted,
      row,
      mode,
      gaps: enforceable.gaps,
      egress,
      ...route,
    });
  }

  /** Ambient callers go through the waypoint of a Service, which can prove itself to ambient pods only. */
  #isBehindForeignWaypoint(
    cluster: Cluster,
    from: CallerParty,
    to: Workload,
    { port: { protocol } }: PortAccess,
    report: Report,
  ): boolean {
    const isAsked =
      protocol === 'TCP' &&
      to.mesh !== 'ambient' &&
      !isAddresses(from) &&
      from.mesh === 'ambient';
    if (!isAsked) return false;
    const [way] = servicesWithWaypoint(cluster, to);
    if (!way) return false;
    const { service, waypoint } = way;
    report.add(
      'waypoint-before-plaintext',
      said`${workloadName(from.id)} reaches ${workloadName(
        to.id,
      )} by the Service${detail(
        ` ${service.namespace}/${service.name}`,
        '',
      )} through the waypoint${detail(
        ` ${waypoint.namespace}/${waypoint.name}`,
        '',
      )}, and ${workloadName(to.id)} is not in ambient mode`,
      [from.id, to.id],
    );
    return true;
  }

  /** Network policies know hosts by their addresses only. */
  #isAddressKnown(
    from: CallerParty,
    to: Workload,
    egress: Edge['egress'],
  ): boolean {
    const needed = [
      ...(isAddresses(from) || to.runsOn === 'host' ? [] : [from]),
      ...(egress === 'open' ? [] : [to]),
    ].filter(({ runsOn }) => runsOn === 'host');
    const unknown = needed.filter(host => hostBlocks(host).length === 0);
    for (const { id } of unknown)
      this.report.add(
        'host-address-unknown',
        said`${workloadName(
          id,
        )} has no address in its entry that network policies could name`,
        [id],
      );
    return unknown.length === 0;
  }

  /** Hosts of other networks are reached through a gateway between them: refused. */
  #isElsewhere(caller: Caller, cluster: Cluster, workload: Workload): boolean {
    const { network } = workload;
    if (network === undefined || network === cluster.profile.mesh.network)
      return false;
    this.#refuse('host-in-mesh', caller.ref, {
      cluster: cluster.name,
      to: workload.id,
    });
    return true;
  }

  #siblings(caller: Caller, cluster: Cluster): Set<string> {
    return new Set(this.#partiesOf(caller, cluster).map(({ id }) => id));
  }

  /** What a caller stands for in a cluster, as far as it was approved. */
  #partiesOf(caller: Caller, cluster: Cluster): CallerParty[] {
    return caller
      .partiesIn(cluster)
      .filter(party => this.#isApproved('caller', caller.ref, cluster, party));
  }

  #refuse(
    row: UnsupportedRow,
    caller: string,
    where: { cluster?: string; from?: string; to?: string },
  ): void {
    const { api, policy, grant } = this.input;
    const { code, reason } = refusalOf(row);
    const pair = [where.from, where.to].filter(part => part !== undefined);
    this.report.add(
      code,
      said`The grant to ${entity(caller)} cannot be enforced: ${reason}${
        pair.length > 0 ? detail(` (${pair.join(' to ')})`, '') : ''
      }`,
      pair.length > 0 ? pair : [caller],
      { data: { row } },
    );
    this.#unsupported.set(JSON.stringify([row, caller, where]), {
      api,
      policy,
      grantId: grant.id,
      caller,
      ...where,
      row,
      reason,
    });
  }
}

/**
 * Turns one grant into edges: one for each calling workload, providing workload and port.
 */
export function planGrant(
  context: PlanContext,
  input: GrantInput,
  report: Report,
): PlannedGrant {
  const planner = new GrantPlanner(context, input, report);
  return planner.plan();
}
