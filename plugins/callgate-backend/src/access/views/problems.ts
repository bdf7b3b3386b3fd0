import type { BuildProblem } from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../../database/AccessStore';
import { menderOf, type Problem } from '../../proposals/problems';
import type { ProposalRecord } from '../../proposals/types';

/** What stands instead of a problem for whoever may not see all that it may name. */
export const SECRET_PROBLEM =
  'It cannot be built now. Why concerns a caller you may not see.';

/** Why nobody can decide a request whose record cannot be read. */
export const DAMAGED_REQUEST =
  'What was stored of this request cannot be read: its row in the database is damaged. The platform team can restore it; otherwise withdraw it and ask again.';

/**
 * Why a request does not get on, and who mends it.
 *
 * @param here - why the last attempt of this process failed; what cannot be written cannot be noted on the proposal
 */
export function problemOfRequest(
  request: StoredRequest,
  proposal: ProposalRecord | undefined,
  here: Problem | undefined,
  secret: boolean,
): BuildProblem | undefined {
  if (request.damaged) {
    return {
      code: 'record-damaged',
      text: DAMAGED_REQUEST,
      mender: menderOf('record-damaged'),
    };
  }
  const noted = proposal?.problem
    ? { code: proposal.problemCode ?? 'unexpected', text: proposal.problem }
    : here;
  return (
    noted && {
      code: noted.code,
      text: secret ? SECRET_PROBLEM : noted.text,
      mender: menderOf(noted.code),
    }
  );
}
