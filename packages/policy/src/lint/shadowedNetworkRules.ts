import { formatField } from '../estate/fieldPath';
import { Finding } from '../findings';
import { LintContext } from './LintContext';
import { NetworkRule, networkRules } from './networkRules';
import { nameOfManifest, notice } from './notice';
import { isGenerated } from '../plan/foreignPolicies';
import { Limit, fixFor, includesAll } from './shadowing';

/** Is each element in one of the sets? */
function isWithin(
  narrow: ReadonlySet<number>,
  sets: readonly ReadonlySet<number>[],
): boolean {
  for (const each of narrow) {
    if (!sets.some(set => set.has(each))) return false;
  }
  return true;
}

function peersCovered(wide: NetworkRule, narrow: NetworkRule): boolean {
  const [all, some] = [wide.compiled.peers, narrow.compiled.peers];
  if (!all) return true;
  if (!some) return false;
  if (!all.addresses.covers(some.addresses)) return false;
  return some.pods.every(
    set =>
      all.pods.includes(set) ||
      // Labels of pods that are not there yet say nothing about which of them a wider rule has.
      (set.size > 0 && isWithin(set, all.pods)),
  );
}

function portsCovered(wide: NetworkRule, narrow: NetworkRule): boolean {
  const [all, some] = [wide.compiled, narrow.compiled];
  if (!all.ports) return true;
  if (!some.ports) return false;
  const isNear = some.ports.every(({ protocol, name, from }) =>
    all.ports?.some(
      other =>
        other.protocol === protocol &&
        other.name === name &&
        (other.from === undefined ||
          (from !== undefined &&
            other.from <= from &&
            from <= (other.to ?? other.from))),
    ),
  );
  return isNear && some.numbered.subtract(all.numbered).isEmpty;
}

function networkRuleCovers(wide: NetworkRule, narrow: NetworkRule): boolean {
  // What is meant for some pods takes nothing from what others have.
  const isPartly =
    wide.policy.policy.partly.size > 0 ||
    (wide.compiled.peers?.partly.size ?? 0) > 0;
  return (
    (!isPartly || wide.policy.policy === narrow.policy.policy) &&
    peersCovered(wide, narrow) &&
    portsCovered(wide, narrow) &&
    includesAll(wide.policy.selected, narrow.policy.selected)
  );
}

/**
 * Rules that we write and somebody else wrote just so (for the scraper, say)
 * take nothing from each other; a wider one takes the meaning of a grant.
 */
function isRepetition(wide: NetworkRule, narrow: NetworkRule): boolean {
  return (
    isGenerated(narrow.policy.manifest.object) &&
    portsCovered(narrow, wide) &&
    peersCovered(narrow, wide)
  );
}

/** Rules by the policies that some workload of a policy shares with it. */
function candidatesOf(
  rule: NetworkRule,
  byPolicy: ReadonlyMap<unknown, readonly NetworkRule[]>,
  { world }: LintContext,
): NetworkRule[] {
  const { policy } = rule.policy;
  return world.kernel
    .of(rule.direction, policy.selected[0])
    .flatMap(each => byPolicy.get(each) ?? [])
    .filter(each => each !== rule && each.direction === rule.direction);
}

/** Rules of network policies that another one makes meaningless. */
export function networkShadows(context: LintContext, limit: Limit): Finding[] {
  const rules = [...networkRules(context)].filter(
    ({ policy }) => policy.policy.selected.length > 0,
  );
  const place = new Map(rules.map((rule, index) => [rule, index]));
  const byPolicy = new Map<unknown, NetworkRule[]>();
  for (const rule of rules) {
    const list = byPolicy.get(rule.policy.policy);
    if (list) list.push(rule);
    else byPolicy.set(rule.policy.policy, [rule]);
  }
  return rules.flatMap(rule => {
    const wider = limit.of(candidatesOf(rule, byPolicy, context)).find(
      other =>
        networkRuleCovers(other, rule) &&
        !isRepetition(other, rule) &&
        // Of two that say the same, the later one is idle.
        (place.get(other)! < place.get(rule)! ||
          !networkRuleCovers(rule, other)),
    );
    if (!wider) return [];
    const object = nameOfManifest(wider.policy.manifest);
    return [
      notice('shadowed-rule', {
        manifest: rule.policy.manifest,
        path: rule.path,
        text: `admits nothing that ${object}: ${formatField(
          wider.path,
        )} does not admit.`,
        others: [object],
        ...fixFor(rule.policy.manifest, object),
      }),
    ];
  });
}
