import { consideredObjects } from './considered';
import { changesFor } from './changes';
import { evaluate } from './evaluate';
import { nearestRules } from './nearest/nearestRules';
import { Call, Explanation } from './types';
import { World } from './World';

/**
 * Explains one call: the verdict hop by hop, the objects that had a say and
 * those that had none and why, and for a refusal an irreducible set of changes
 * that would allow it, found by trying them.
 *
 * @public
 */
export function explain(world: World, call: Call): Explanation {
  const verdict = evaluate(world, call);
  const from = world.resolve(call.from);
  const to = world.resolve(call.to);
  const named = new Set(
    verdict.hops
      .flatMap(hop => hop.by)
      .map(ref => `${ref.kind} ${ref.namespace ?? ''}/${ref.name}`),
  );
  return {
    ...verdict,
    call,
    objects: from && to ? consideredObjects(world, from, to, call) : [],
    nearest:
      from && to ? nearestRules(world, from, to, call, verdict.hops) : [],
    changes: from && to ? changesFor(world, from, to, call) : [],
    findings: world.findings.filter(finding =>
      finding.objects.some(object => named.has(object)),
    ),
  };
}
