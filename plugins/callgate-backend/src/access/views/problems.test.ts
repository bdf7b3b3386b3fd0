import type { StoredRequest } from '../../database/AccessStore';
import type { ProposalRecord } from '../../proposals/types';
import { problemOfRequest } from './problems';

const REQUEST = { id: 'r1' } as StoredRequest;
const PROPOSAL = {
  problem: 'Grant of component:default/secret cannot be enforced.',
  problemCode: 'not-proposable',
} as ProposalRecord;
const FULL = {
  code: 'storage-failed',
  text: 'Nothing can be written.',
  lasting: false,
} as const;

describe('problemOfRequest', () => {
  it('says what stops its pull request, and who mends that', () => {
    expect(problemOfRequest(REQUEST, PROPOSAL, FULL, false)).toEqual({
      code: 'not-proposable',
      text: PROPOSAL.problem,
      mender: 'api-owner',
    });
  });

  it('names no caller to whoever may not see it', () => {
    const problem = problemOfRequest(REQUEST, PROPOSAL, undefined, true);
    expect(JSON.stringify(problem)).not.toContain('component:default/secret');
    expect(problem).toMatchObject({ mender: 'api-owner' });
  });

  it('says what could not even be noted', () => {
    expect(problemOfRequest(REQUEST, undefined, FULL, false)).toMatchObject({
      text: FULL.text,
      mender: 'platform-team',
    });
  });

  it('says that a record is damaged, whatever else there is', () => {
    const damaged = { ...REQUEST, damaged: true as const };
    expect(problemOfRequest(damaged, PROPOSAL, undefined, false)).toMatchObject(
      { code: 'record-damaged', mender: 'platform-team' },
    );
  });

  it('says nothing where nothing is wrong', () => {
    const sound = { ...PROPOSAL, problem: undefined } as ProposalRecord;
    expect(problemOfRequest(REQUEST, sound, undefined, false)).toBeUndefined();
  });
});
