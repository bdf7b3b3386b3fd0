import type { ProposalPreview } from '../proposals/types';
import { domainError } from './domainError';
import { blockerOf } from './views/blockers';
import type { Discretion } from './views/Discretion';

/** @throws ConflictError with code `cannot-be-enforced` for a draft that could not be proposed */
export function requireSendable(
  preview: ProposalPreview,
  discretion: Discretion,
): void {
  const blocker = blockerOf(preview, discretion);
  if (blocker !== undefined) {
    throw domainError('cannot-be-enforced', blocker);
  }
}
