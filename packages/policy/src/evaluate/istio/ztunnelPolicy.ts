import { CompiledAuthorizationPolicy } from './Authorization';
import { AuthorizationRule, Field } from './authorizationPolicySpec';
import { UNCERTAIN_TRUST_DOMAINS, isHttpOnly } from './sourceMatch';

/** Keys of `when` that ztunnel is told of (istio `ambient/authorization.go`, `l4WhenAttributes`). */
const TRANSPORT_KEYS = new Set([
  'source.ip',
  'source.namespace',
  'source.principal',
  'destination.ip',
  'destination.port',
]);

function isUnsupported({ name }: Field): boolean {
  return isHttpOnly(name) || name === 'remoteIpBlocks';
}

function markTrustDomains(fields: readonly Field[]): Field[] {
  return fields.map(field =>
    field.name === 'trustDomains'
      ? { ...field, name: UNCERTAIN_TRUST_DOMAINS }
      : field,
  );
}

/** ALLOW: a rule with anything that ztunnel does not know is left out. */
function convertAllow(rule: AuthorizationRule): AuthorizationRule | undefined {
  const fields = [...(rule.from ?? []), ...(rule.to ?? [])].flat();
  if (fields.some(isUnsupported)) return undefined;
  if (rule.when.some(({ name }) => !TRANSPORT_KEYS.has(name))) return undefined;
  return rule.from ? { ...rule, from: rule.from.map(markTrustDomains) } : rule;
}

function stripped(
  entries: readonly (readonly Field[])[] | undefined,
): Field[][] | undefined {
  return entries
    ?.map(fields =>
      fields.filter(
        field => !isUnsupported(field) && field.name !== 'trustDomains',
      ),
    )
    .filter(fields => fields.length > 0);
}

/**
 * DENY: what ztunnel does not know is taken out of the rule. An entry left
 * empty never matches, and a list of which nothing is left takes the whole
 * rule with it, so that it denies nothing (docs/semantics.md, A4).
 */
function convertDeny(rule: AuthorizationRule): AuthorizationRule | undefined {
  if (rule.when.some(({ name }) => !TRANSPORT_KEYS.has(name))) return undefined;
  const from = stripped(rule.from);
  const to = stripped(rule.to);
  if (from?.length === 0 || to?.length === 0) return undefined;
  return {
    index: rule.index,
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    when: rule.when,
  };
}

/**
 * An AuthorizationPolicy as istiod sends it to ztunnel: the transport's part
 * of ALLOW and DENY, compared verbatim (istio
 * `pilot/pkg/serviceregistry/ambient/authorization.go`; docs/semantics.md, A4, A5, I4,
 * I6). `undefined`: it is not sent.
 */
export function ztunnelPolicy(
  policy: CompiledAuthorizationPolicy,
): CompiledAuthorizationPolicy | undefined {
  const { spec } = policy;
  if (spec.targets.length > 0) return undefined;
  if (spec.action !== 'ALLOW' && spec.action !== 'DENY') return undefined;
  const convert = spec.action === 'ALLOW' ? convertAllow : convertDeny;
  return {
    ...policy,
    spec: {
      ...spec,
      rules: spec.rules.map(convert).filter(rule => rule !== undefined),
    },
    operations: new Map(),
    isVerbatim: true,
  };
}
