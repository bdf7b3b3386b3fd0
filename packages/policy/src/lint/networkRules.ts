import { byKey } from '../keyed';
import { asArray, asJson } from '../estate/json';
import { Workload } from '../estate/types';
import { CompiledRule, Direction } from '../evaluate/networkpolicy/KernelIndex';
import { RuleSpec } from '../evaluate/networkpolicy/parseNetworkPolicy';
import { LintContext, LintedNetworkPolicy } from './LintContext';

/** One rule of a NetworkPolicy as it is written, read and compiled. */
export interface NetworkRule {
  policy: LintedNetworkPolicy;
  direction: Direction;
  path: readonly (string | number)[];
  /** Field of its peers. */
  field: 'from' | 'to';
  raw: Readonly<Record<string, unknown>>;
  spec: RuleSpec;
  compiled: CompiledRule;
}

/** Rules of all network policies in the order in which they stand. */
export function* networkRules({
  networkPolicies,
}: LintContext): Iterable<NetworkRule> {
  for (const policy of networkPolicies) {
    const raw = asJson(policy.manifest.object.spec);
    for (const direction of ['ingress', 'egress'] as const) {
      const compiled = policy.policy[direction] ?? [];
      for (const [index, spec] of (policy.spec[direction] ?? []).entries()) {
        yield {
          policy,
          direction,
          path: ['spec', direction, index],
          field: direction === 'ingress' ? 'from' : 'to',
          raw: asJson(asArray(raw[direction])[index]),
          spec,
          compiled: compiled[index],
        };
      }
    }
  }
}

/**
 * Rules by the names of their policies: where one finding is enough for a workload, the same policy gets it in whatever order
 * the files are read.
 */
export function byPolicy(rules: readonly NetworkRule[]): NetworkRule[] {
  return byKey(rules, ({ policy }) => {
    const { namespace, name } = policy.manifest.object.metadata;
    return `${namespace ?? ''}/${name}`;
  });
}

const MOST_DESTINATIONS = 1000;

/** Pods that packets of the rule arrive at, as far as labels say it; `undefined` where they may be anybody's. */
export function destinationsOf(
  rule: NetworkRule,
  { cluster }: LintContext,
): readonly Workload[] | undefined {
  if (rule.direction === 'ingress') return rule.policy.workloads;
  const { peers } = rule.compiled;
  if (!peers || peers.blocks.length > 0) return undefined;
  const found = new Set<number>();
  for (const set of peers.pods) {
    // What so many have in common is no mistake about the port of one.
    if (set.size > MOST_DESTINATIONS) return undefined;
    for (const index of set) found.add(index);
  }
  return [...found].map(index => cluster.workloads[index]);
}
