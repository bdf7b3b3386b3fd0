import { Cluster } from '../../estate/types';
import { TooComplexError } from '../../requestset/budget';
import { RequestSet } from '../../requestset/RequestSet';
import { Bounds } from '../networkpolicy/kernel';
import { objectName } from '../objectName';
import { Condition } from '../types';
import { CompiledAuthorizationPolicy, FilterKind } from './Authorization';
import {
  callerTri,
  customCondition,
  invalidCondition,
  isUsed,
  ruleOperations,
  tooComplex,
} from './authorizationRules';
import { Caller } from './caller';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });

function matchedBy(
  policies: readonly CompiledAuthorizationPolicy[],
  caller: Caller,
  kind: FilterKind,
  cluster: Cluster,
): Bounds {
  let sure = RequestSet.empty;
  let possible = RequestSet.empty;
  const conditions: Condition[] = [];
  for (const policy of policies) {
    for (const rule of policy.spec.rules) {
      if (!isUsed(policy, rule, kind)) continue;
      const tri = callerTri(policy, rule, caller, kind, cluster);
      if (tri.value === 'no') continue;
      const operations = ruleOperations(policy, rule, kind);
      if (operations === 'too-complex') {
        possible = ALL_TCP;
        conditions.push(tooComplex(objectName(policy.ref)));
        continue;
      }
      possible = possible.union(operations);
      if (tri.value === 'yes') sure = sure.union(operations);
      else conditions.push(...tri.conditions);
    }
  }
  return { sure, possible, conditions };
}

/**
 * TCP requests that a sidecar's policies admit from a caller: CUSTOM, then
 * DENY, then ALLOW; without an ALLOW policy everything that is left, with one
 * only what it matches (docs/semantics.md, S8).
 *
 * A policy that Istio would reject admits nothing; it may have refused things
 * in an earlier version, so nothing is sure while it selects the workload.
 */
export function authorizedBounds(
  policies: readonly CompiledAuthorizationPolicy[],
  caller: Caller,
  kind: FilterKind,
  cluster: Cluster,
): Bounds {
  const valid = policies.filter(policy => policy.isValid);
  const invalid = policies.filter(policy => !policy.isValid);
  const withAction = (action: string) =>
    valid.filter(policy => policy.spec.action === action);
  const allows = withAction('ALLOW');
  try {
    const allowed =
      allows.length === 0
        ? { sure: ALL_TCP, possible: ALL_TCP, conditions: [] }
        : matchedBy(allows, caller, kind, cluster);
    const denied = matchedBy(withAction('DENY'), caller, kind, cluster);
    const customs = withAction('CUSTOM');
    const asked = matchedBy(customs, caller, kind, cluster);
    const conditions = [
      ...allowed.conditions,
      ...denied.conditions,
      ...asked.conditions,
    ];
    if (!asked.possible.isEmpty)
      conditions.push(...customs.map(customCondition));
    conditions.push(...invalid.map(invalidCondition));
    return {
      sure:
        invalid.length > 0
          ? RequestSet.empty
          : allowed.sure.subtract(denied.possible).subtract(asked.possible),
      possible: allowed.possible.subtract(denied.sure),
      conditions,
    };
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
    return {
      sure: RequestSet.empty,
      possible: ALL_TCP,
      conditions: valid.map(policy => tooComplex(objectName(policy.ref))),
    };
  }
}
