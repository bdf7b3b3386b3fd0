import { fenced } from '../fence';
import { Finding, finding } from '../findings';
import type { Compilation, CompileInput, FailedApi } from './types';
import { entity, said } from '../words';

type Policy = CompileInput['policies'][number];

function findingOf({ policy, file }: Policy, reason: string): Finding {
  const { api } = policy.spec;
  return finding(
    'input-unreadable',
    said`The access of ${entity(
      api,
    )} cannot be compiled: the declaration, the definition or an entity that it names has a form that is not known`,
    { objects: [api], api, at: { file }, data: { reason } },
  );
}

/** Nothing of anybody: every file stays as it is. */
function nothing(input: CompileInput, reason: string): Compilation {
  const { policies, unreadable = [] } = input;
  const failed = new Map<string, FailedApi>();
  const fail = (api: string, findings: readonly Finding[]) =>
    failed.set(api, {
      api,
      reason: 'errors',
      findings: [...(failed.get(api)?.findings ?? []), ...findings],
    });
  for (const { api, findings } of unreadable)
    if (api !== undefined) fail(api, findings);
  const found = policies.map(policy => findingOf(policy, reason));
  policies.forEach(({ policy }, index) =>
    fail(policy.spec.api, [found[index]]),
  );
  return {
    plan: {
      edges: [],
      isolations: [],
      plumbing: [],
      unsupported: [],
      unconfirmed: [],
      findings: found,
    },
    objects: [],
    files: [],
    findings: [...unreadable.flatMap(({ findings }) => findings), ...found],
    failedApis: [...failed.values()].sort((a, b) => (a.api < b.api ? -1 : 1)),
    held: [],
    kept: [],
  };
}

/**
 * Compiles what can be compiled where all of it together made a reader throw: a declaration that throws by itself counts
 * as one that cannot be read, and fails its API alone. Where none does, all of them fail.
 */
export function compileApart(
  input: CompileInput,
  compileAll: (input: CompileInput) => Compilation,
  reason: string,
): Compilation {
  const throwsAlone = (policy: Policy) =>
    fenced(
      () => {
        compileAll({ ...input, policies: [policy], unreadable: undefined });
        return false;
      },
      () => true,
    );
  const odd = new Set(input.policies.filter(throwsAlone));
  if (odd.size === 0) return nothing(input, reason);
  const apart: CompileInput = {
    ...input,
    policies: input.policies.filter(policy => !odd.has(policy)),
    unreadable: [
      ...(input.unreadable ?? []),
      ...[...odd].map(policy => ({
        file: policy.file,
        api: policy.policy.spec.api,
        findings: [findingOf(policy, reason)],
      })),
    ],
  };
  return fenced(
    () => compileAll(apart),
    () => nothing(input, reason),
  );
}
