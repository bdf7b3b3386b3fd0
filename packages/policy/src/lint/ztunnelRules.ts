import { isHttpOnly } from '../evaluate/istio/sourceMatch';
import { Workload } from '../estate/types';
import { Finding } from '../findings';
import { Check, LintedAuthorization } from './LintContext';
import { few, notice } from './notice';
import { RuleField } from './valuesOf';

type Rule = LintedAuthorization['spec']['rules'][number];

/** Keys of `when` that ztunnel is told of. */
const TRANSPORT_KEYS = new Set([
  'source.ip',
  'source.namespace',
  'source.principal',
  'destination.ip',
  'destination.port',
]);

function isUnread({ name }: RuleField): boolean {
  return isHttpOnly(name) || name === 'remoteIpBlocks';
}

function unreadOf(rule: Rule): string[] {
  return [
    ...[...(rule.from ?? []), ...(rule.to ?? [])].flat().filter(isUnread),
    ...rule.when.filter(({ name }) => !TRANSPORT_KEYS.has(name)),
  ].map(({ name }) => name);
}

/**
 * Is nothing of a DENY rule left? Each list keeps the entries that still say
 * something, and a list without any takes the rule with it.
 */
function isLost(rule: Rule): boolean {
  const isEmpty = (entries: readonly (readonly RuleField[])[] | undefined) =>
    entries?.every(fields => fields.every(isUnread)) ?? false;
  return (
    isEmpty(rule.from) ||
    isEmpty(rule.to) ||
    rule.when.some(({ name }) => !TRANSPORT_KEYS.has(name))
  );
}

function lookAtRule(
  policy: LintedAuthorization,
  rule: Rule,
  ambient: readonly Workload[],
): Finding[] {
  const { manifest, spec } = policy;
  const path = ['spec', 'rules', rule.index];
  const ids = ambient.map(({ id }) => id);
  const findings: Finding[] = [];
  const unread = unreadOf(rule);
  if (spec.action === 'ALLOW' && unread.length > 0) {
    findings.push(
      notice('rule-omitted', {
        manifest,
        path,
        text: `asks for ${few(unread)}: the ztunnel of ${few(
          ids,
        )} leaves the rule out, so that it allows nothing.`,
        others: ids,
      }),
    );
  }
  if (spec.action === 'DENY' && unread.length > 0 && isLost(rule)) {
    findings.push(
      notice('deny-without-effect', {
        manifest,
        path,
        text: `asks for ${few(unread)}: the ztunnel of ${few(
          ids,
        )} drops the rule, so that it denies nothing.`,
        others: ids,
      }),
    );
  }
  (rule.from ?? []).forEach((fields, index) => {
    if (!fields.some(({ name }) => name === 'trustDomains')) return;
    findings.push(
      notice('trust-domains-ignored', {
        manifest,
        path: [...path, 'from', index, 'source'],
        text: `names trustDomains, which the ztunnel of ${few(
          ids,
        )} does not get: callers of every trust domain are meant.`,
        others: ids,
      }),
    );
  });
  return findings;
}

/** Rules that ztunnel reads otherwise than a sidecar (docs/semantics.md, A4, I6). */
export const ztunnelRules: Check = ({ authorizations }) =>
  authorizations.flatMap(policy => {
    const { manifest, spec, workloads } = policy;
    const ambient = workloads.filter(({ mesh }) => mesh === 'ambient');
    if (ambient.length === 0) return [];
    if (spec.action === 'CUSTOM' || spec.action === 'AUDIT') {
      return [
        notice('no-effect', {
          manifest,
          path: ['spec', 'action'],
          text: `is ${
            spec.action
          }: ztunnel knows ALLOW and DENY only, so that it does nothing for ${few(
            ambient.map(({ id }) => id),
          )}.`,
        }),
      ];
    }
    return spec.rules.flatMap(rule => lookAtRule(policy, rule, ambient));
  });
