import { NOTHING_NEW } from '../../proposals/ProposalPlanner';
import type { ProposalPreview } from '../../proposals/types';
import type { Discretion } from './Discretion';
import { toFinding } from './findings';

const SEE_FINDINGS = 'This cannot be enforced: see the findings.';

/** Why a draft cannot be proposed now, as a reader may read it; `undefined` when it can. */
export function blockerOf(
  { sendable, findings, problem }: ProposalPreview,
  discretion: Discretion,
): string | undefined {
  if (sendable) {
    return undefined;
  }
  const first = findings.find(({ severity }) => severity === 'error');
  if (first) {
    return discretion.tells(first)
      ? toFinding(first, discretion).message
      : `${
          toFinding(first, discretion).title
        }. It is about something that you may not see.`;
  }
  return discretion.everythingSeen || problem === NOTHING_NEW
    ? problem ?? SEE_FINDINGS
    : SEE_FINDINGS;
}
