import { matchLabels } from '../estate/podLabels';
import { Workload } from '../estate/types';
import { Finding } from '../findings';
import { LintContext, LintedAuthorization } from './LintContext';
import { nameOfManifest, notice } from './notice';
import { ruleCovers } from './ruleCoverage';
import { Limit, fixFor } from './shadowing';

interface Candidate {
  policy: LintedAuthorization;
  rule: LintedAuthorization['spec']['rules'][number];
  workloads: ReadonlySet<Workload>;
  place: number;
}

function isInScope(wide: Candidate, narrow: Candidate): boolean {
  const [all, some] = [wide.policy, narrow.policy];
  if (all.targets.length > 0 || some.targets.length > 0)
    return (
      all.namespace === some.namespace &&
      JSON.stringify(all.targets) === JSON.stringify(some.targets)
    );
  const selector = all.spec.selector ?? {};
  return [...some.workloads].every(
    workload =>
      wide.workloads.has(workload) &&
      (all === some || matchLabels(selector, workload) === 'yes'),
  );
}

function candidatesByScope({
  authorizations,
}: LintContext): Map<string, Candidate[]> {
  const found = new Map<string, Candidate[]>();
  let place = 0;
  for (const policy of authorizations) {
    const { spec, targets, namespace } = policy;
    const isUsed = policy.workloads.length > 0 || targets.length > 0;
    if (spec.isDryRun || !isUsed) continue;
    const workloads = new Set(policy.workloads);
    const key = `${spec.action} ${namespace}`;
    const list = found.get(key) ?? [];
    found.set(key, list);
    for (const rule of spec.rules)
      list.push({ policy, rule, workloads, place: place++ });
  }
  return found;
}

/** Rules of AuthorizationPolicies that another one makes meaningless. */
export function authorizationShadows(
  context: LintContext,
  limit: Limit,
): Finding[] {
  const found = candidatesByScope(context);
  const root = context.cluster.profile.mesh.rootNamespace;
  const all = (action: string) =>
    [...found]
      .filter(([key]) => key.startsWith(`${action} `))
      .flatMap(([, list]) => list);
  /** A policy reaches into its own namespace; one of the root namespace into all. */
  const near = (action: string, { policy: { namespace } }: Candidate) => {
    const own = found.get(`${action} ${namespace}`) ?? [];
    return limit.of(
      namespace === root
        ? own
        : [...(found.get(`${action} ${root}`) ?? []), ...own],
    );
  };
  const covers = (wide: Candidate, narrow: Candidate) =>
    wide !== narrow && isInScope(wide, narrow) && ruleCovers(wide, narrow);
  const report = (narrow: Candidate, wide: Candidate, what: string) => {
    const object = nameOfManifest(wide.policy.manifest);
    return notice('shadowed-rule', {
      manifest: narrow.policy.manifest,
      path: ['spec', 'rules', narrow.rule.index],
      text: `${what} ${object}: spec.rules[${wide.rule.index}].`,
      others: [object],
      ...fixFor(narrow.policy.manifest, object),
    });
  };
  const within = (action: string, what: string) =>
    all(action).flatMap(narrow => {
      const wide = near(action, narrow).find(
        other =>
          covers(other, narrow) &&
          (other.place < narrow.place || !covers(narrow, other)),
      );
      return wide ? [report(narrow, wide, what)] : [];
    });
  return [
    ...all('ALLOW').flatMap(narrow => {
      const wide = near('DENY', narrow).find(other => covers(other, narrow));
      return wide
        ? [report(narrow, wide, 'allows only what is refused by')]
        : [];
    }),
    ...within('ALLOW', 'allows only what is allowed as well by'),
    ...within('DENY', 'refuses only what is refused as well by'),
  ];
}
