import { asArray, asJson, isJson } from '../estate/json';
import { Path } from '../estate/fieldPath';
import { Selector } from '../evaluate/selector';
import { Finding } from '../findings';
import {
  Check,
  LintContext,
  LintedAuthorization,
  LintedNetworkPolicy,
} from './LintContext';
import { isEverything } from './isEverything';
import { notice } from './notice';

/**
 * Pods by label in one entry, namespaces in the next. It is meant where pods
 * of the policy's own namespace have the labels; where only pods of those
 * namespaces have them, or the namespaces' entry already admits all of these
 * pods, somebody wrote one dash too many.
 */
function peerSlip(
  { namespace, spec }: LintedNetworkPolicy,
  rule: { direction: 'ingress' | 'egress'; index: number },
  raw: readonly unknown[],
  { cluster, world }: LintContext,
): { entry: number; why: string } | undefined {
  const peers = spec[rule.direction]?.[rule.index]?.peers ?? [];
  const has = (index: number, field: string) =>
    isJson(asJson(raw[index])[field]);
  for (const [index, peer] of peers.entries()) {
    if ('block' in peer || peer.namespaces !== 'own') continue;
    if (isEverything(peer.pods)) continue;
    for (const near of [index - 1, index + 1]) {
      const other = peers[near];
      if (!other || 'block' in other || other.namespaces === 'own') continue;
      if (has(near, 'podSelector')) continue;
      const entry = Math.max(index, near);
      const names = world.index.namespaces(other.namespaces as Selector);
      if (names.includes(namespace)) {
        return {
          entry,
          why: `the namespaces of the other entry include ${namespace}, so that its labels of pods narrow nothing`,
        };
      }
      const pods = (where: readonly string[]) =>
        where.flatMap(name => [...world.index.inNamespace(name, peer.pods)]);
      const meant = pods(names);
      if (pods([namespace]).length > 0 || meant.length === 0) continue;
      return {
        entry,
        why: `no pod of ${namespace} has the labels, while ${
          cluster.workloads[meant[0]].id
        } in a namespace of the other entry has them; as it is, every pod of that namespace is admitted`,
      };
    }
  }
  return undefined;
}

function inNetworkPolicy(
  policy: LintedNetworkPolicy,
  context: LintContext,
): Finding[] {
  const { manifest } = policy;
  const spec = asJson(manifest.object.spec);
  return (['ingress', 'egress'] as const).flatMap(direction =>
    asArray(spec[direction]).flatMap((rule, index) => {
      const field = direction === 'ingress' ? 'from' : 'to';
      const raw = asArray(asJson(rule)[field]);
      const slip = peerSlip(policy, { direction, index }, raw, context);
      if (!slip) return [];
      return [
        notice('or-instead-of-and', {
          manifest,
          path: ['spec', direction, index, field, slip.entry],
          text: `is an alternative to the entry before it: ${slip.why}.`,
        }),
      ];
    }),
  );
}

type Rule = LintedAuthorization['spec']['rules'][number];

/** What everybody may usually call, so that a rule for it alone is meant. */
const PUBLIC =
  /^\/(health|ready|live|startup|metrics|ping|status|version|\.well-known)/;

function isPublic({ to }: Rule): boolean {
  return (
    to?.every(fields =>
      fields.some(
        ({ name, values }) =>
          name === 'paths' && values?.every(path => PUBLIC.test(path)),
      ),
    ) ?? false
  );
}

/** `from` in one rule, `to` or `when` alone in the next. */
function ruleSlip(rule: Rule, next: Rule | undefined): boolean {
  if (!next || next.from || isPublic(next)) return false;
  const isFromOnly =
    rule.from !== undefined && !rule.to && rule.when.length === 0;
  const isRestOnly = Boolean(next.to) !== next.when.length > 0;
  return isFromOnly && isRestOnly;
}

/** Methods in one operation, paths (or hosts or ports) in the next. */
function operationSlips(rule: Rule): number[] {
  const entries = rule.to ?? [];
  return entries.flatMap((fields, index) => {
    const before = entries[index - 1];
    if (!before || fields.length !== 1 || before.length !== 1) return [];
    return fields[0].name === before[0].name ? [] : [index];
  });
}

function sourceSlips(rule: Rule): number[] {
  const entries = rule.from ?? [];
  return entries.flatMap((fields, index) => {
    const before = entries[index - 1];
    if (!before || fields.length !== 1 || before.length !== 1) return [];
    const both = [before[0], fields[0]];
    const of = (name: string) => both.find(field => field.name === name);
    const principals = of('principals')?.values;
    const namespaces = of('namespaces')?.values;
    if (!principals || !namespaces) return [];
    // Alternatives where every principal is of a namespace that is admitted as a whole.
    const isIdle = principals.every(principal =>
      namespaces.some(name => principal.includes(`/ns/${name}/`)),
    );
    return isIdle ? [index] : [];
  });
}

/** Exceptions in entries of their own: whoever one leaves out, the other one means. */
function exceptionSlips(rule: Rule, side: 'from' | 'to'): number[] {
  const entries = rule[side] ?? [];
  return entries.flatMap((fields, index) => {
    const before = entries[index - 1];
    if (!before || fields.length !== 1 || before.length !== 1) return [];
    const [[other], [own]] = [before, fields];
    if (other.name !== own.name || /ip/i.test(own.name)) return [];
    if (other.values || own.values || !other.notValues || !own.notValues)
      return [];
    const all = [...other.notValues, ...own.notValues];
    const isApart =
      all.every(value => !/[*{]/.test(value)) &&
      new Set(all).size === all.length;
    return isApart ? [index] : [];
  });
}

function inAuthorization({ manifest, spec }: LintedAuthorization): Finding[] {
  const report = (path: Path, text: string) =>
    notice('or-instead-of-and', { manifest, path, text });
  return spec.rules.flatMap((rule, index) => {
    const path = ['spec', 'rules', rule.index];
    const findings: Finding[] = [];
    const next = spec.rules[index + 1];
    if (next && spec.action === 'ALLOW' && ruleSlip(rule, next)) {
      findings.push(
        report(
          ['spec', 'rules', next.index],
          `has no from: it is an alternative to rules[${rule.index}] and holds for every caller, while that one has no limit on what its callers may do.`,
        ),
      );
    }
    for (const side of ['from', 'to'] as const) {
      for (const entry of exceptionSlips(rule, side)) {
        findings.push(
          report(
            [...path, side, entry],
            `is an alternative to the entry before it, and each of the two means what the other one leaves out: together they ${
              spec.action === 'DENY' ? 'refuse' : 'admit'
            } everything.`,
          ),
        );
      }
    }
    for (const entry of operationSlips(rule)) {
      findings.push(
        report(
          [...path, 'to', entry],
          `is an alternative to the operation before it: either one is enough, they are not combined.`,
        ),
      );
    }
    for (const entry of sourceSlips(rule)) {
      findings.push(
        report(
          [...path, 'from', entry],
          `is an alternative to the source before it, and the namespaces admit every one of the principals already.`,
        ),
      );
    }
    return findings;
  });
}

/** Two conditions on one attribute: both must hold (docs/semantics.md, 4.9), which no single value can. */
function contradictions({ manifest, spec }: LintedAuthorization): Finding[] {
  return spec.rules.flatMap(({ index, when }) =>
    when.flatMap(({ name, values, index: place }, at) => {
      const earlier = when
        .slice(0, at)
        .find(
          other =>
            other.name === name &&
            other.values &&
            values &&
            [...other.values, ...values].every(each => !each.includes('*')) &&
            !other.values.some(each => values.includes(each)),
        );
      // Lists of a token and blocks of addresses can satisfy both.
      if (
        !earlier ||
        !/^(source\.(namespace|principal)|destination\.port|connection\.sni|request\.headers)/.test(
          name,
        )
      )
        return [];
      return [
        notice('never-matches', {
          manifest,
          path: ['spec', 'rules', index, 'when', place],
          text: `and when[${earlier.index}] both ask for ${name} and share no value: no request has both.`,
        }),
      ];
    }),
  );
}

/** One dash too many makes alternatives of what was meant together (docs/semantics.md, S3). */
export const dashSlips: Check = context => [
  ...context.networkPolicies.flatMap(policy =>
    inNetworkPolicy(policy, context),
  ),
  ...context.authorizations.flatMap(policy => [
    ...inAuthorization(policy),
    ...contradictions(policy),
  ]),
];
