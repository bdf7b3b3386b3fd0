import { Finding, finding } from '../../findings';
import { namespaceOf } from '../../estate/buildCluster';
import { groupOf } from '../../estate/podTemplates';
import { Cluster, ManifestObject, Workload } from '../../estate/types';
import { TooComplexError } from '../../requestset/dfa';
import { RequestSet } from '../../requestset/RequestSet';
import { Bounds, objectName } from '../networkpolicy/kernel';
import { NO, Tri, YES, allOf, anyOf, maybe, not } from '../tri';
import { Condition, RuleRef } from '../types';
import { Caller } from './caller';
import {
  SeenRequest,
  fieldHolds,
  fieldSet,
  operationHolds,
  operationSet,
} from './operationMatch';
import {
  AuthorizationPolicySpec,
  AuthorizationRule,
  parseAuthorizationPolicy,
} from './parseAuthorizationPolicy';
import {
  MatchContext,
  fieldMatches,
  isHttpOnly,
  sourcesMatch,
} from './sourceMatch';

/** How the sidecar builds its filters for a port: it reads HTTP, or it does not. */
export type FilterKind = 'http' | 'tcp';

/** An AuthorizationPolicy with its rules compiled. */
export interface CompiledAuthorizationPolicy {
  ref: RuleRef;
  manifest: ManifestObject;
  isValid: boolean;
  namespace: string;
  spec: AuthorizationPolicySpec;
  /** Its place among all policies, for memos. */
  id: number;
  operations: Map<string, RequestSet | 'too-complex'>;
}

const PORT_KEY = 'destination.port';

/** True when no part of the rule needs a proxy that reads HTTP. */
function isTransportOnly(rule: AuthorizationRule): boolean {
  const fields = [
    ...(rule.from ?? []).flat(),
    ...(rule.to ?? []).flat(),
    ...rule.when,
  ];
  return !fields.some(field => isHttpOnly(field.name));
}

/**
 * Is the rule part of the filter? On TCP an ALLOW rule with any HTTP field is
 * dropped whole, while other actions lose those fields only (istio
 * `pilot/pkg/security/authz/model/model.go`, `checkError`; design 4, H1).
 */
function isUsed(
  policy: CompiledAuthorizationPolicy,
  rule: AuthorizationRule,
  kind: FilterKind,
): boolean {
  return (
    kind === 'http' || policy.spec.action !== 'ALLOW' || isTransportOnly(rule)
  );
}

/** AuthorizationPolicies of a cluster, by the sidecars that use them. */
export class Authorization {
  readonly findings: Finding[] = [];
  readonly policies: readonly CompiledAuthorizationPolicy[];
  readonly #byNamespace = new Map<string, CompiledAuthorizationPolicy[]>();

  constructor(readonly cluster: Cluster) {
    const policies: CompiledAuthorizationPolicy[] = [];
    for (const manifest of cluster.objects) {
      const { object } = manifest;
      if (
        object.kind !== 'AuthorizationPolicy' ||
        groupOf(object) !== 'security.istio.io'
      )
        continue;
      const namespace = namespaceOf(object);
      const { spec, problems } = parseAuthorizationPolicy(object);
      const ref: RuleRef = {
        kind: 'AuthorizationPolicy',
        namespace,
        name: object.metadata.name,
      };
      for (const { path, message } of problems) {
        const at = manifest.locate?.(path) ?? manifest.at;
        this.findings.push(
          finding(
            'invalid-object',
            `${objectName(ref)}: ${at.field ?? path.join('.')} ${message}.`,
            {
              at,
              objects: [objectName(ref)],
            },
          ),
        );
      }
      const policy: CompiledAuthorizationPolicy = {
        ref,
        manifest,
        namespace,
        spec,
        isValid: problems.length === 0,
        id: policies.length,
        operations: new Map(),
      };
      policies.push(policy);
      const list = this.#byNamespace.get(namespace);
      if (list) list.push(policy);
      else this.#byNamespace.set(namespace, [policy]);
    }
    this.policies = policies;
  }

  /**
   * Policies that the workload's sidecar enforces: those of its namespace and
   * of the root namespace whose selector matches its pods (design 4.9). AUDIT
   * and dry-run decide nothing; `targetRefs` is for waypoints and gateways.
   */
  of(workload: Workload): CompiledAuthorizationPolicy[] {
    return this.inScope(workload).filter(
      ({ spec }) =>
        !spec.hasTargets && !spec.isDryRun && spec.action !== 'AUDIT',
    );
  }

  /** Also those that the sidecar does not enforce. */
  inScope(workload: Workload): CompiledAuthorizationPolicy[] {
    const root = this.cluster.profile.mesh.rootNamespace;
    const lists = [this.#byNamespace.get(root) ?? []];
    if (workload.namespace !== root)
      lists.push(this.#byNamespace.get(workload.namespace) ?? []);
    return lists.flat().filter(({ spec }) => {
      for (const key in spec.selector) {
        if (workload.podLabels[key] !== spec.selector[key]) return false;
      }
      return true;
    });
  }
}

function contextOf(
  policy: CompiledAuthorizationPolicy,
  cluster: Cluster,
): MatchContext {
  return {
    object: objectName(policy.ref),
    namespace: policy.namespace,
    profile: cluster.profile,
  };
}

function ruleRef(
  policy: CompiledAuthorizationPolicy,
  rule: AuthorizationRule,
): RuleRef {
  return { ...policy.ref, rule: `rules[${rule.index}]` };
}

/** The part of a rule that is about the caller and about what nobody knows. */
function callerTri(
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

function ruleOperations(
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

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });

function tooComplex(object: string): Condition {
  return {
    kind: 'too-complex',
    text: `${object} has more patterns than can be decided exactly.`,
    object,
  };
}

function invalidCondition(policy: CompiledAuthorizationPolicy): Condition {
  return {
    kind: 'invalid-object',
    text: `Istio would reject ${objectName(
      policy.ref,
    )}; if an earlier version of it is in the cluster, it may refuse this.`,
    object: objectName(policy.ref),
  };
}

function customCondition(policy: CompiledAuthorizationPolicy): Condition {
  return {
    kind: 'custom-authorizer',
    text: `${objectName(
      policy.ref,
    )} asks an external authorizer, whose answer is not known.`,
    object: objectName(policy.ref),
  };
}

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
 * only what it matches (design 4, S8).
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
      text: `${describe(sureDenies)} denies the call.`,
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
      text: `${describe(
        by,
      )} admits only what its rules match, and none matches this call.`,
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
      ? `${describe(by)} admits the call.`
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
    text: `Whether ${describe(
      by,
    )} admits the call depends on what is not known.`,
  };
}

function describe(refs: readonly RuleRef[]): string {
  return refs
    .map(ref => `${objectName(ref)}${ref.rule ? ` ${ref.rule}` : ''}`)
    .join(', ');
}
