import type { Finding } from '@callgate/policy';

/**
 * Whether a finding about what was read keeps something from being known. An object that the API server refuses does not: no
 * cluster has it, so it changes nothing, and one team's mistake in it stops nobody.
 */
export function keepsFromKnowing({ severity, code }: Finding): boolean {
  return severity === 'error' && code !== 'invalid-object';
}
