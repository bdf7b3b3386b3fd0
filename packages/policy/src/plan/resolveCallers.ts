import { Grant } from '../model/types';
import { parseCallerRef } from '../model/callerRef';
import { PlanContext } from './PlanContext';
import { Report } from './Report';
import { reportBinding } from './reportBinding';
import { UnsupportedRow } from './types';

/** An entity that a grant admits. */
export interface Caller {
  ref: string;
  /** `self`: each provider may call its own replicas, and no other provider */
  self: boolean;
}

/** Callers of a grant, or the row that is not generated yet. */
export type Callers =
  | { callers: Caller[] }
  | { unsupported: UnsupportedRow; caller: string };

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
    if (binding.kind === 'workloads') callers.push({ ref, self: false });
    else reportBinding(ref, binding, report, 'set-member-unbound');
  }
  if (callers.length === 0)
    report.add(
      'caller-set-empty',
      `${set} has no component with a workload: nobody would be admitted`,
      [set, ...members],
    );
  return { callers };
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
    report.add('caller-not-found', `${grant.caller} is not a caller`, [
      grant.caller,
    ]);
    return { callers: [] };
  }
  if (caller.kind === 'self')
    return { callers: providers.map(ref => ({ ref, self: true })) };
  if (caller.kind === 'gateway' || caller.kind === 'cidr')
    return { unsupported: caller.kind, caller: grant.caller };
  if (!context.catalog.get(caller.ref)) {
    report.add('caller-not-found', `${caller.ref} is not in the catalog`, [
      caller.ref,
    ]);
    return { callers: [] };
  }
  if (caller.kind === 'set')
    return membersOf(context, caller.ref, providers, report);
  const binding = context.bindingOf(caller.ref);
  if (binding.kind === 'host')
    return { unsupported: binding.row, caller: caller.ref };
  if (binding.kind !== 'workloads') {
    reportBinding(caller.ref, binding, report);
    return { callers: [] };
  }
  return {
    callers: [{ ref: caller.ref, self: false }],
  };
}
