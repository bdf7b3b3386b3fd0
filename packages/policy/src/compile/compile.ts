import { fenced } from '../fence';
import type { Finding } from '../findings';
import { emitPlan } from '../emit';
import { checkPlannedEdges } from '../guardrails';
import { plan } from '../plan';
import { CatalogIndex } from '../plan/CatalogIndex';
import { heldKey, type Plan } from '../plan/types';
import { render } from '../render';
import { compileApart } from './compileApart';
import { findFailedApis } from './failedApis';
import { withoutGenerated } from './generatedObjects';
import { findHeldGrants } from './heldGrants';
import {
  closedByForce,
  closedByHeld,
  grantsInForce,
  type InForce,
} from './inForce';
import { keptObjects } from './keptObjects';
import { besideKept } from './keptPlaintext';
import type { Compilation, CompileInput, FailedApi, HeldGrant } from './types';

/**
 * Compiles declarations to the files of the policy repository.
 *
 * Failure is isolated. A grant with an error finding is held: it is not planned,
 * what objects in force open of what it names stays, and every other grant is as
 * usual. An API with an error that belongs to no grant, and every API that
 * shares a workload with it, contributes nothing and is listed in `failedApis`.
 * The files that these have already must be kept as they are. Never throws for
 * bad input, and never emits less restriction than was declared.
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
  const { inForce = [] } = input;
  const { plans, sound, failedApis, held } = planSound(
    { ...input, clusters },
    inForce,
  );
  const { kept: alone, callers } = keptObjects(
    { ...input, clusters },
    inForce,
    new Set(held.map(({ api, grantId }) => heldKey(api, grantId))),
    sound,
  );
  const { objects, kept } = besideKept(
    emitPlan(sound, clusters),
    inForce,
    alone,
  );
  return {
    // Unsupported grants are held, but what they mean stays worth telling.
    plan: { ...sound, unsupported: plans[0].unsupported },
    objects,
    files: render(objects, input.manifestsFolder, inForce),
    findings: [
      ...(input.unreadable ?? []).flatMap(({ findings }) => findings),
      ...unreadEntities(input),
      ...(plans.length === 1
        ? plans[0].findings
        : distinct(plans.flatMap(each => each.findings))),
    ],
    failedApis,
    held: held.map(each => ({
      ...each,
      callers: callers.get(heldKey(each.api, each.grantId)) ?? [],
    })),
    kept,
  };
}

/** What could not be read of entities; that of a declared API is in the plan, where it counts against the API. */
function unreadEntities({ catalog, policies }: CompileInput): Finding[] {
  const declared = new Set(policies.map(({ policy }) => policy.spec.api));
  return CatalogIndex.of(catalog)
    .findings()
    .filter(({ api }) => api === undefined || !declared.has(api));
}

/** Plans again without what failed or is held, until nothing more does. */
function planSound(
  input: CompileInput,
  inForce: readonly InForce[],
): {
  /** In the order in which they were made; the first has all declarations. */
  plans: Plan[];
  sound: Plan;
  failedApis: FailedApi[];
  held: HeldGrant[];
} {
  const failed = new Map<string, FailedApi>();
  const held = new Map<string, HeldGrant>();
  const named = grantsInForce(inForce);
  const closed = closedByForce(inForce, input.clusters);
  const plans: Plan[] = [];
  for (;;) {
    const policies = input.policies.filter(
      ({ policy }) => !failed.has(policy.spec.api),
    );
    const grants = new Set(held.keys());
    const current = withGuardrails({
      ...input,
      policies,
      declared: input.policies,
      closed,
      ...(grants.size > 0 && {
        held: { grants, closed: closedByHeld(closed, grants) },
      }),
    });
    plans.push(current);
    const stopped = findHeldGrants({ policies }, current).filter(
      each => !held.has(heldKey(each.api, each.grantId)),
    );
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
      grants,
    );
    for (const each of stopped) {
      const key = heldKey(each.api, each.grantId);
      held.set(key, { ...each, inForce: named.has(key), callers: [] });
    }
    for (const each of found) {
      failed.set(each.api, each);
    }
    if (found.length === 0 && stopped.length === 0) {
      return {
        plans,
        sound: current,
        failedApis: sortBy([...failed.values()], ({ api }) => api),
        held: sortBy(
          [...held.values()].filter(({ api }) => !failed.has(api)),
          ({ api, grantId }) => heldKey(api, grantId),
        ),
      };
    }
  }
}

function sortBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The plan, with what the platform team's rules say to it. */
function withGuardrails(input: CompileInput): Plan {
  const { policies, declared, catalog, clusters, guardrails, held } = input;
  const { closed } = input;
  const planned = plan({
    policies,
    catalog,
    clusters,
    ...(declared && { declared }),
    ...(closed && { closed }),
    ...(held && { held }),
  });
  if (!guardrails) return planned;
  const refused = checkPlannedEdges(guardrails.rules, guardrails.stage, {
    plan: planned,
    policies,
    catalog,
    clusters,
    ...(guardrails.pretend && { pretend: guardrails.pretend }),
  });
  return { ...planned, findings: [...planned.findings, ...refused] };
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(findings.map(found => [JSON.stringify(found), found])).values(),
  ];
}
