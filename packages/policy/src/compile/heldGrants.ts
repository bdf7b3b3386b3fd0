import type { Finding } from '../findings';
import type { Plan } from '../plan/types';
import { heldKey } from '../plan/types';
import type { CompileInput, HeldGrant } from './types';

/**
 * Grants that an error of their own keeps from being planned. An error that names no grant is about the API, or about a
 * workload, and is for {@link findFailedApis}.
 */
export function findHeldGrants(
  { policies }: Pick<CompileInput, 'policies'>,
  plan: Plan,
): Omit<HeldGrant, 'inForce' | 'callers'>[] {
  const callers = new Map(
    policies.flatMap(({ policy: { spec } }) =>
      spec.grants.map(({ id, caller }) => [heldKey(spec.api, id), caller]),
    ),
  );
  const errors = new Map<string, Finding[]>();
  for (const found of plan.findings) {
    const key = grantOf(found);
    if (key === undefined || !callers.has(key)) continue;
    errors.set(key, [...(errors.get(key) ?? []), found]);
  }
  return [...errors].map(([key, findings]) => ({
    api: findings[0].api ?? '',
    grantId: findings[0].grantId ?? '',
    caller: callers.get(key) ?? '',
    findings,
  }));
}

/** The grant that an error belongs to, as {@link heldKey} writes it; undefined for everything else. */
export function grantOf(found: Finding): string | undefined {
  const { severity, api, grantId } = found;
  return severity === 'error' && api !== undefined && grantId !== undefined
    ? heldKey(api, grantId)
    : undefined;
}
