import { Cluster } from '../../estate/types';
import { TooComplexError } from '../../requestset/budget';
import { RequestSet } from '../../requestset/RequestSet';
import { objectName } from '../objectName';
import { Tri, allOf } from '../tri';
import { Condition, RuleRef } from '../types';
import { CompiledAuthorizationPolicy, FilterKind } from './Authorization';
import { Caller } from './caller';
import { fieldSet, operationSet } from './operationMatch';
import { AuthorizationRule } from './authorizationPolicySpec';
import {
  MatchContext,
  fieldMatches,
  isHttpOnly,
  sourcesMatch,
} from './sourceMatch';

export const PORT_KEY = 'destination.port';

/** Asked about every rule for every caller. */
const transportOnly = new WeakMap<AuthorizationRule, boolean>();

/** True when no part of the rule needs a proxy that reads HTTP. */
export function isTransportOnly(rule: AuthorizationRule): boolean {
  let known = transportOnly.get(rule);
  if (known === undefined) {
    const fields = [
      ...(rule.from ?? []).flat(),
      ...(rule.to ?? []).flat(),
      ...rule.when,
    ];
    known = !fields.some(field => isHttpOnly(field.name));
    transportOnly.set(rule, known);
  }
  return known;
}

/**
 * Is the rule part of the filter? On TCP an ALLOW rule with any HTTP field is
 * dropped whole, while other actions lose those fields only (istio
 * `pilot/pkg/security/authz/model/model.go`, `checkError`; docs/semantics.md, H1).
 */
export function isUsed(
  policy: CompiledAuthorizationPolicy,
  rule: AuthorizationRule,
  kind: FilterKind,
): boolean {
  return (
    kind === 'http' || policy.spec.action !== 'ALLOW' || isTransportOnly(rule)
  );
}

export function contextOf(
  policy: CompiledAuthorizationPolicy,
  cluster: Cluster,
): MatchContext {
  return {
    object: objectName(policy.ref),
    namespace: policy.namespace,
    profile: cluster.profile,
    isVerbatim: policy.isVerbatim ?? false,
    isWithoutTokens: policy.isWithoutTokens ?? false,
  };
}

export function ruleRef(
  policy: CompiledAuthorizationPolicy,
  rule: AuthorizationRule,
): RuleRef {
  return { ...policy.ref, rule: `rules[${rule.index}]` };
}

/** The part of a rule that is about the caller and about what nobody knows. */
export function callerTri(
  policy: CompiledAuthorizationPolicy,
  rule: AuthorizationRule,
  caller: Caller,
  kind: FilterKind,
  cluster: Cluster,
): Tri {
  const context = contextOf(policy, cluster);
  const ignoresHttp = kind === 'tcp';
  return allOf([
    sourcesMatch(rule.from, caller, context, ignoresHttp),
    ...rule.when
      .filter(
        when =>
          when.name !== PORT_KEY && !(ignoresHttp && isHttpOnly(when.name)),
      )
      .map(when => fieldMatches(when, caller, context)),
  ]);
}

export function ruleOperations(
  policy: CompiledAuthorizationPolicy,
  rule: AuthorizationRule,
  kind: FilterKind,
): RequestSet | 'too-complex' {
  const key = `${rule.index} ${kind}`;
  let known = policy.operations.get(key);
  if (known === undefined) {
    try {
      known = rule.when
        .filter(when => when.name === PORT_KEY)
        .map(fieldSet)
        .reduce(
          (a, b) => a.intersect(b),
          operationSet(rule.to, kind === 'tcp'),
        );
    } catch (error) {
      if (!(error instanceof TooComplexError)) throw error;
      known = 'too-complex';
    }
    policy.operations.set(key, known);
  }
  return known;
}

export function tooComplex(object: string): Condition {
  return {
    kind: 'too-complex',
    text: `${object} has more patterns than can be decided exactly.`,
    object,
  };
}

export function invalidCondition(
  policy: CompiledAuthorizationPolicy,
): Condition {
  return {
    kind: 'invalid-object',
    text: `Istio would reject ${objectName(
      policy.ref,
    )}; if an earlier version of it is in the cluster, it may refuse this.`,
    object: objectName(policy.ref),
  };
}

export function customCondition(
  policy: CompiledAuthorizationPolicy,
): Condition {
  return {
    kind: 'custom-authorizer',
    text: `${objectName(
      policy.ref,
    )} asks an external authorizer, whose answer is not known.`,
    object: objectName(policy.ref),
  };
}
