import { Cluster } from '../estate/types';
import { Grant } from '../model/types';
import { parseCallerRef } from '../model/callerRef';
import { addressEnd, CallerParty } from './callerParty';
import { gatewayWorkloads } from './gatewayCallers';
import { Binding } from './bindEntity';
import { PlanContext } from './PlanContext';
import { Report } from './Report';
import { reportBinding } from './reportBinding';
import { UnsupportedRow } from './types';
import { entity, said } from '../words';

/** Who a grant admits: an entity, a gateway, or addresses. */
export interface Caller {
  /** of the entity, or `gateway:<namespace>/<name>`, or `cidr:<block>` */
  ref: string;
  /** `self`: each provider may call its own replicas, and no other provider */
  self: boolean;
  /** what it is in one cluster; nothing where it is not there */
  partiesIn: (cluster: Cluster) => CallerParty[];
}

/** Callers of a grant, or the row that is not generated yet. */
export type Callers =
  | { callers: Caller[] }
  | { unsupported: UnsupportedRow; caller: string };

function entityCaller(
  context: PlanContext,
  ref: string,
  self: boolean,
): Caller {
  return {
    ref,
    self,
    partiesIn: cluster => context.workloadsOf(ref, cluster),
  };
}

/** A host outside the cluster that calls: known by its addresses, wherever the provider runs. */
function hostCaller(
  ref: string,
  { row, addresses }: Extract<Binding, { kind: 'host' }>,
): Caller | undefined {
  if (row !== 'host-outside' || !addresses) return undefined;
  const end = addressEnd(addresses);
  return { ref, self: false, partiesIn: () => [end] };
}

function membersOf(
  context: PlanContext,
  set: string,
  providers: string[],
  report: Report,
): Callers {
  const members = context.catalog.membersOf(set);
  const callers: Caller[] = [];
  for (const ref of members) {
    // Replicas of a provider calling each other are never meant by a set: that takes `self`.
    if (providers.includes(ref)) continue;
    const binding = context.bindingOf(ref);
    if (binding.kind === 'host')
      return { unsupported: binding.row, caller: ref };
    reportBinding(ref, binding, report, 'set-member-unbound');
    if (binding.kind === 'workloads')
      callers.push(entityCaller(context, ref, false));
  }
  if (callers.length === 0)
    report.add(
      'caller-set-empty',
      said`${entity(
        set,
      )} has no component with a workload: nobody would be admitted`,
      [set, ...members],
    );
  return { callers };
}

function gatewayCaller(
  context: PlanContext,
  caller: { namespace: string; name: string },
  report: Report,
): Callers {
  const id = `${caller.namespace}/${caller.name}`;
  const known = context.clusters.flatMap(({ gateways }) => gateways);
  if (!known.some(gateway => gateway.id === id)) {
    const names = [...new Set(known.map(gateway => gateway.id))].sort();
    report.add(
      'caller-not-found',
      `No gateway ${id} is in the estate; known gateways: ${
        names.join(', ') || 'none'
      }`,
      [`gateway:${id}`],
      {
        fix: 'Correct the name, or state namespace, name and pod labels of the gateway in the platform profile.',
      },
    );
    return { callers: [] };
  }
  report.add(
    'gateway-caller',
    said`The grant to ${entity(
      `gateway:${id}`,
    )} admits everyone behind this gateway`,
    [`gateway:${id}`],
  );
  return {
    callers: [
      {
        ref: `gateway:${id}`,
        self: false,
        partiesIn: cluster => gatewayWorkloads(cluster, id),
      },
    ],
  };
}

/**
 * The entities that a grant admits. An entity that cannot be resolved is an error, and so is a set without anybody in it.
 */
export function resolveCallers(
  context: PlanContext,
  grant: Grant,
  namespace: string,
  providers: string[],
  report: Report,
): Callers {
  const caller = parseCallerRef(grant.caller, namespace);
  if (!caller) {
    report.add(
      'caller-not-found',
      said`${entity(grant.caller)} is not a caller`,
      [grant.caller],
    );
    return { callers: [] };
  }
  if (caller.kind === 'self')
    return {
      callers: providers.map(ref => entityCaller(context, ref, true)),
    };
  if (caller.kind === 'cidr') {
    const end = addressEnd([caller.cidr]);
    return {
      callers: [{ ref: grant.caller, self: false, partiesIn: () => [end] }],
    };
  }
  if (caller.kind === 'gateway') return gatewayCaller(context, caller, report);
  if (!context.catalog.get(caller.ref)) {
    report.add(
      'caller-not-found',
      said`${entity(caller.ref)} is not in the catalog`,
      [caller.ref],
    );
    return { callers: [] };
  }
  if (caller.kind === 'set')
    return membersOf(context, caller.ref, providers, report);
  const binding = context.bindingOf(caller.ref);
  if (binding.kind === 'host') {
    const host = hostCaller(caller.ref, binding);
    return host
      ? { callers: [host] }
      : { unsupported: binding.row, caller: caller.ref };
  }
  reportBinding(caller.ref, binding, report);
  if (binding.kind !== 'workloads') return { callers: [] };
  return {
    callers: [entityCaller(context, caller.ref, false)],
  };
}
