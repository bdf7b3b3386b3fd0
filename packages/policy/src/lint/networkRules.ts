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

/** Pods that packets of the rule arrive at, as far as labels say it; `undefined` where they may be anybody's. */
export function destinationsOf(
  rule: NetworkRule,
  { cluster }: LintContext,
): readonly Workload[] | undefined {
  if (rule.direction === 'ingress') return rule.policy.workloads;
  const { peers } = rule.compiled;
  if (!peers || peers.blocks.length > 0) return undefined;
  const found = new Set(peers.pods.flatMap(set => [...set]));
  return [...found].map(index => cluster.workloads[index]);
}
