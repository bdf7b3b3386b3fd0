import type { ProposalPreview } from '../proposals/types';
import { domainError } from './domainError';

/** @throws ConflictError with code `cannot-be-enforced` for a draft that could not be proposed */
export function requireSendable(preview: ProposalPreview): void {
  if (!preview.sendable) {
    const first = preview.findings.find(({ severity }) => severity === 'error');
    throw domainError(
      'cannot-be-enforced',
      preview.problem ??
        first?.message ??
        'This cannot be enforced as it was asked for.',
    );
  }
}
