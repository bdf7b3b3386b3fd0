import { hasHiddenCharacters } from '@callgate/policy';
import { CALLGATE_LIMITS } from '@callgate/plugin-callgate-common';
import { domainError } from './domainError';

/**
 * Checks a text that a person wrote and others will read.
 *
 * @returns the text without white space around it
 * @throws InputError that names the field
 */
export function checkText(text: string | undefined, field: string): string {
  const trimmed = (text ?? '').trim();
  if (trimmed.length > CALLGATE_LIMITS.reason) {
    throw domainError(
      'text-too-long',
      `${field} has ${trimmed.length} characters; write at most ${CALLGATE_LIMITS.reason} and link to the rest.`,
    );
  }
  if (hasHiddenCharacters(trimmed)) {
    throw domainError(
      'text-not-printable',
      `${field} contains control characters or characters that change the direction of text. Remove them.`,
    );
  }
  return trimmed;
}
