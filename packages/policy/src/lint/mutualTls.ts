import { Workload } from '../estate/types';
import { Finding } from '../findings';
import { Check, LintContext, LintedAuthorization } from './LintContext';
import { few, notice } from './notice';
import { RuleField } from './valuesOf';

type Rule = LintedAuthorization['spec']['rules'][number];

const IDENTITY = new Set([
  'principals',
  'namespaces',
  'serviceAccounts',
  'trustDomains',
  'source.principal',
  'source.namespace',
]);

type Mode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** Modes that may hold at the workload, as its proxy reads them. */
function modesOf(workload: Workload, { world }: LintContext): Mode[] {
  const modes = world.peers.of(workload).readings.map(({ mode }) => mode);
  // Design 4, A11 c: in ambient DISABLE takes HBONE as well.
  return workload.mesh === 'ambient'
    ? modes.map(mode => (mode === 'DISABLE' ? 'PERMISSIVE' : mode))
    : modes;
}

/** Does the rule ask callers for an identity, or only that they have none of some? */
function relianceOf(rule: Rule): 'has' | 'has-not' | undefined {
  const entries: (readonly RuleField[])[] = [...(rule.from ?? []), rule.when];
  const fields = entries.flat().filter(({ name }) => IDENTITY.has(name));
  if (fields.length === 0) return undefined;
  if (fields.some(({ values }) => values !== undefined)) return 'has';
  const isPlain = fields.every(({ notValues }) => notValues?.join() === '*');
  return isPlain ? undefined : 'has-not';
}

/** What goes wrong with a rule where callers may come without identity. */
function trouble(
  action: string,
  reliance: 'has' | 'has-not',
  isNever: boolean,
): string | undefined {
  if (action === 'DENY' && reliance === 'has')
    return 'a caller that sends plaintext has no identity and is not refused';
  if (action === 'ALLOW' && reliance === 'has-not')
    return 'a caller that sends plaintext has no identity and is allowed';
  if (action === 'ALLOW' && isNever)
    return 'no caller has an identity, so that the rule never matches';
  return undefined;
}

/** Does the policy refuse whoever comes without identity? */
function isAgainstPlaintext({ spec }: LintedAuthorization): boolean {
  return (
    spec.action === 'DENY' &&
    !spec.isDryRun &&
    spec.rules.some(
      ({ from, to, when }) =>
        !to &&
        when.length === 0 &&
        from?.some(
          fields =>
            fields.length === 1 &&
            fields[0].name === 'principals' &&
            fields[0].values === undefined &&
            fields[0].notValues?.join() === '*',
        ),
    )
  );
}

function lookAt(
  policy: LintedAuthorization,
  rule: Rule,
  context: LintContext,
  guarded: ReadonlySet<Workload>,
): Finding[] {
  const { manifest, spec } = policy;
  const reliance = relianceOf(rule);
  if (!reliance) return [];
  const open = policy.workloads.filter(
    workload =>
      workload.mesh !== 'none' &&
      !guarded.has(workload) &&
      !modesOf(workload, context).every(mode => mode === 'STRICT'),
  );
  if (open.length === 0) return [];
  const never = open.filter(workload =>
    modesOf(workload, context).every(mode => mode === 'DISABLE'),
  );
  const text = trouble(spec.action, reliance, never.length > 0);
  if (!text) return [];
  const isOpen = spec.action === 'DENY' || reliance === 'has-not';
  const ids = (isOpen ? open : never).map(({ id }) => id);
  return [
    notice('identity-without-mtls', {
      manifest,
      path: ['spec', 'rules', rule.index],
      text: `relies on identities, and ${few(ids)} ${
        isOpen ? 'may be called' : 'is called'
      } without mutual TLS: ${text}.`,
      others: ids,
    }),
  ];
}

/** Rules on identities where mutual TLS is not required (docs/semantics.md, I1). */
export const mutualTls: Check = context => {
  const guarded = new Set(
    context.authorizations
      .filter(isAgainstPlaintext)
      .flatMap(({ workloads }) => workloads),
  );
  return context.authorizations.flatMap(policy =>
    policy.spec.isDryRun
      ? []
      : policy.spec.rules.flatMap(rule =>
          lookAt(policy, rule, context, guarded),
        ),
  );
};
