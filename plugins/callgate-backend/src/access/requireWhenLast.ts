import type { AccessRequestDraft } from '@callgate/plugin-callgate-common';
import { nothingIsClosed } from '@callgate/policy';
import type { ProposalDraft } from '../proposals/types';
import { domainError } from './domainError';
import type { AccessFacts } from './views/AccessFacts';

/**
 * Who ends the last grant of an API that everyone can call today has to say what becomes of it: closing it would cut callers
 * of whom nobody spoke, and no default does that.
 *
 * @throws InputError with code `when-last-missing`
 */
export function requireWhenLast(
  { whenLast }: AccessRequestDraft,
  { api, change }: ProposalDraft,
  facts: AccessFacts,
): void {
  const grants = facts.policyOf(api)?.spec.grants ?? [];
  if (
    change?.kind === 'end' &&
    whenLast === undefined &&
    grants.length === 1 &&
    nothingIsClosed(facts.accessTo(api))
  ) {
    throw domainError(
      'when-last-missing',
      'This is the last grant of the API, and everyone can call the API today. Say in whenLast what becomes of it: keep-closed closes it to everyone, open leaves it open to everyone.',
    );
  }
}
