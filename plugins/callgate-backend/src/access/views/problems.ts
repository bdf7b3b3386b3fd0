import type { BuildProblem } from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../../database/AccessStore';
import {
  menderOf,
  type ProposalProblem,
  sayFindings,
  sayProblem,
} from '../../proposals/problems';
import type { Discretion } from './Discretion';
import { withFullStop } from './withFullStop';

const UNTOLD =
  'It cannot be built now. Why concerns something that you may not see.';
const MORE = 'More of it concerns something that you may not see.';

/** Why nobody can decide a request whose record cannot be read. */
export const DAMAGED_REQUEST =
  'What was stored of this request cannot be read: its row in the database is damaged. The platform team can restore it; otherwise withdraw it and ask again.';

/** Why a proposal does not go on, as a reader may read it. */
export function problemText(
  problem: ProposalProblem,
  discretion: Discretion,
): string {
  if (problem.code !== 'not-proposable') {
    return problem.tellable || discretion.everythingSeen
      ? sayProblem(problem)
      : UNTOLD;
  }
  const told = problem.findings.filter(found => discretion.tells(found));
  if (told.length === problem.findings.length) {
    return sayFindings(told, discretion.names);
  }
  return told.length > 0
    ? `${withFullStop(sayFindings(told, discretion.names))} ${MORE}`
    : UNTOLD;
}

/**
 * Why a request does not get on, as a reader may read it, and who mends it.
 *
 * @param stuck - why its proposal does not go on
 */
export function problemOfRequest(
  request: StoredRequest,
  stuck: ProposalProblem | undefined,
  discretion: Discretion,
): BuildProblem | undefined {
  const problem: ProposalProblem | undefined = request.damaged
    ? { code: 'record-damaged', text: DAMAGED_REQUEST, tellable: true }
    : stuck;
  return (
    problem && {
      code: problem.code,
      text: problemText(problem, discretion),
      mender: menderOf(problem.code),
    }
  );
}
