import { fenced } from '../fence';
import type { Finding } from '../findings';
import { emitPlan } from '../emit';
import { checkPlannedEdges } from '../guardrails';
import { plan } from '../plan';
import { CatalogIndex } from '../plan/CatalogIndex';
import type { Plan } from '../plan/types';
import { render } from '../render';
import { compileApart } from './compileApart';
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
  return fenced(
    () => compileAll(input),
    reason => compileApart(input, compileAll, reason),
  );
}

function compileAll(input: CompileInput): Compilation {
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
      ...unreadEntities(input),
      ...(plans.length === 1
        ? plans[0].findings
        : distinct(plans.flatMap(each => each.findings))),
    ],
    failedApis,
  };
}

/** What could not be read of entities; that of a declared API is in the plan, where it counts against the API. */
function unreadEntities({ catalog, policies }: CompileInput): Finding[] {
  const declared = new Set(policies.map(({ policy }) => policy.spec.api));
  return CatalogIndex.of(catalog)
    .findings()
    .filter(({ api }) => api === undefined || !declared.has(api));
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
    const current = withGuardrails({ ...input, policies });
    plans.push(current);
    const found = findFailedApis(
      failed.size === 0 ? input : { ...input, policies, unreadable: undefined },
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
  const { policies, catalog, clusters, guardrails } = input;
  const planned = plan({ policies, catalog, clusters });
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
