import type { ProposalProblem } from '../../proposals/types';
import { sayFindings } from '../../proposals/problems';
import type { Discretion } from './Discretion';

const UNTOLD = 'Why concerns something that you may not see.';
const MORE = 'More of it concerns something that you may not see.';

/** Why a proposal does not go on, as a reader may read it. */
export function problemText(
  problem: ProposalProblem,
  discretion: Discretion,
): string {
  switch (problem.code) {
    case 'findings': {
      const told = problem.findings.filter(found => discretion.tells(found));
      return told.length === problem.findings.length
        ? sayFindings(told)
        : [
            ...(told.length > 0
              ? [sayFindings(told).replace(/\.?$/, '.')]
              : []),
            told.length > 0 ? MORE : `It cannot be built now. ${UNTOLD}`,
          ].join(' ');
    }
    case 'platform':
      return problem.text;
    default:
      return discretion.everythingSeen
        ? problem.text
        : `It cannot be built now. ${UNTOLD}`;
  }
}
