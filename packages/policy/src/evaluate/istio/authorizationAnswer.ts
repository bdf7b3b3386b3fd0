import { Cluster } from '../../estate/types';
import { objectName } from '../objectName';
import { NO, Tri, YES, allOf, anyOf, maybe, not } from '../tri';
import { RuleRef } from '../types';
import { whoDecides } from '../whoDecides';
import { CompiledAuthorizationPolicy, FilterKind } from './Authorization';
import {
  PORT_KEY,
  callerTri,
  customCondition,
  invalidCondition,
  isUsed,
  ruleRef,
} from './authorizationRules';
import { Caller } from './caller';
import { SeenRequest, fieldHolds, operationHolds } from './operationMatch';

const ADMITS = ['admits', 'admit'] as const;

/** The answer for one request, with the rules that decided it. */
export interface AuthorizationAnswer {
  tri: Tri;
  by: RuleRef[];
  text: string;
}

/**
 * The same question as {@link authorizedBounds} for one request, answered rule
 * by rule without sets.
 */
export function authorizationAnswer(
  policies: readonly CompiledAuthorizationPolicy[],
  caller: Caller,
  kind: FilterKind,
  request: SeenRequest,
  cluster: Cluster,
): AuthorizationAnswer {
  const matches = (action: string): { ref: RuleRef; tri: Tri }[] =>
    policies
      .filter(policy => policy.isValid && policy.spec.action === action)
      .flatMap(policy =>
        policy.spec.rules
          .filter(
            rule =>
              isUsed(policy, rule, kind) &&
              operationHolds(rule.to, request, kind === 'tcp'),
          )
          .filter(rule =>
            rule.when.every(
              when => when.name !== PORT_KEY || fieldHolds(when, request),
            ),
          )
          .map(rule => ({
            ref: ruleRef(policy, rule),
            tri: callerTri(policy, rule, caller, kind, cluster),
          }))
          .filter(match => match.tri.value !== 'no'),
      );
  const denies = matches('DENY');
  const denied = anyOf(denies.map(match => match.tri));
  const sureDenies = denies
    .filter(match => match.tri.value === 'yes')
    .map(match => match.ref);
  if (denied.value === 'yes') {
    return {
      tri: NO,
      by: sureDenies,
      text: `${whoDecides(sureDenies, ['denies', 'deny'])} the call.`,
    };
  }
  const customs = matches('CUSTOM').map(match => ({
    ...match,
    tri: maybe(
      customCondition(
        policies.find(
          policy => objectName(policy.ref) === objectName(match.ref),
        ) as CompiledAuthorizationPolicy,
      ),
    ),
  }));
  const invalid = policies.filter(policy => !policy.isValid);
  const hasAllow = policies.some(
    policy => policy.isValid && policy.spec.action === 'ALLOW',
  );
  const allows = matches('ALLOW');
  const allowed = hasAllow ? anyOf(allows.map(match => match.tri)) : YES;
  if (allowed.value === 'no') {
    const by = policies
      .filter(policy => policy.isValid && policy.spec.action === 'ALLOW')
      .map(policy => policy.ref);
    return {
      tri: NO,
      by,
      text: `${whoDecides(by, [
        'admits only what its rules match',
        'admit only what their rules match',
      ])}, and none matches this call.`,
    };
  }
  const tri = allOf([
    ...customs.map(match => match.tri),
    ...invalid.map(policy => maybe(invalidCondition(policy))),
    not(denied),
    allowed,
  ]);
  if (tri.value === 'yes') {
    const by = allows
      .filter(match => match.tri.value === 'yes')
      .map(match => match.ref);
    const text = hasAllow
      ? `${whoDecides(by, ADMITS)} the call.`
      : 'No authorization policy refuses the call.';
    return { tri, by, text };
  }
  const by = [
    ...customs.map(match => match.ref),
    ...invalid.map(policy => policy.ref),
    ...denies.map(match => match.ref),
    ...(allowed.value === 'maybe' ? allows.map(match => match.ref) : []),
  ];
  return {
    tri,
    by,
    text: `Whether ${whoDecides(
      by,
      ADMITS,
    )} the call depends on what is not known.`,
  };
}
