import type { Finding } from '../findings';
import { emitPlan } from '../emit';
import { checkPlannedEdges } from '../guardrails';
import { plan } from '../plan';
import type { Plan } from '../plan/types';
import { render } from '../render';
import { findFailedApis } from './failedApis';
import { withoutGenerated } from './generatedObjects';
import type { Compilation, CompileInput, FailedApi } from './types';

/**
 * Compiles declarations to the files of the policy repository.
 *
 * Failure is isolated: an API with an error finding, and every API that shares
 * a workload with it, contributes nothing and is listed in `failedApis`. The
 * files that these have already must be kept as they are. Never throws for bad
 * input, and never emits less restriction than was declared.
 *
 * Objects that Callgate generated before are ignored if `clusters` have them.
 *
 * @public
 */
export function compile(input: CompileInput): Compilation {
  const clusters = input.clusters.map(withoutGenerated);
  const { plans, sound, failedApis } = planSound({ ...input, clusters });
  const objects = emitPlan(sound, clusters);
  return {
    // Unsupported grants fail their API, but what they mean stays worth telling.
    plan: { ...sound, unsupported: plans[0].unsupported },
    objects,
    files: render(objects, input.manifestsFolder),
    findings: [
      ...(input.unreadable ?? []).flatMap(({ findings }) => findings),
      ...(plans.length === 1
        ? plans[0].findings
        : distinct(plans.flatMap(each => each.findings))),
    ],
    failedApis,
  };
}

/** Plans again without what failed, until nothing more does. */
function planSound(input: CompileInput): {
  /** In the order in which they were made; the first has all declarations. */
  plans: Plan[];
  sound: Plan;
  failedApis: FailedApi[];
} {
  const failed = new Map<string, FailedApi>();
  const plans: Plan[] = [];
  for (;;) {
    const policies = input.policies.filter(
      ({ policy }) => !failed.has(policy.spec.api),
    );
    const current = withGuardrails({
      ...input,
      policies,
      declared: input.policies,
    });
    plans.push(current);
    const found = findFailedApis(
      failed.size === 0
        ? input
        : {
            ...input,
            policies,
            declared: input.policies,
            unreadable: undefined,
          },
      current,
    );
    if (found.length === 0) {
      return {
        plans,
        sound: current,
        failedApis: [...failed.values()].sort((a, b) =>
          a.api < b.api ? -1 : 1,
        ),
      };
    }
    for (const each of found) {
      failed.set(each.api, each);
    }
  }
}

/** The plan, with what the platform team's rules say to it. */
function withGuardrails(input: CompileInput): Plan {
  const { policies, declared, catalog, clusters, guardrails } = input;
  const planned = plan({ policies, declared, catalog, clusters });
  if (!guardrails) return planned;
  const refused = checkPlannedEdges(guardrails.rules, guardrails.stage, {
    plan: planned,
    policies,
    catalog,
    clusters,
  });
  return { ...planned, findings: [...planned.findings, ...refused] };
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(findings.map(found => [JSON.stringify(found), found])).values(),
  ];
}
