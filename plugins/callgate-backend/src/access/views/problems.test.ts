import type { Finding } from '@callgate/policy';
import type { StoredRequest } from '../../database/AccessStore';
import type { ProposalProblem } from '../../proposals/problems';
import type { Discretion } from './Discretion';
import { problemOfRequest } from './problems';

const REQUEST = { id: 'r1' } as StoredRequest;
const SECRET = 'component:default/secret';
const finding = (name: string) =>
  ({ message: `${name} cannot be enforced.`, objects: [name] } as Finding);
const REFUSED: ProposalProblem = {
  code: 'not-proposable',
  findings: [finding('component:default/cart'), finding(SECRET)],
};
const FULL: ProposalProblem = {
  code: 'storage-failed',
  text: 'Nothing can be written.',
  tellable: true,
};
const ALL = {
  everythingSeen: true,
  tells: () => true,
} as unknown as Discretion;
const LESS = {
  everythingSeen: false,
  tells: ({ objects }: Finding) => !objects.includes(SECRET),
} as unknown as Discretion;

describe('problemOfRequest', () => {
  it('says what stops its pull request, and who mends that', () => {
    expect(problemOfRequest(REQUEST, REFUSED, ALL)).toEqual({
      code: 'not-proposable',
      text: `component:default/cart cannot be enforced. ${SECRET} cannot be enforced.`,
      mender: 'api-owner',
    });
  });

  it('names no caller to whoever may not see it', () => {
    expect(problemOfRequest(REQUEST, REFUSED, LESS)).toEqual({
      code: 'not-proposable',
      text: 'component:default/cart cannot be enforced. More of it concerns something that you may not see.',
      mender: 'api-owner',
    });
  });

  it('says to nobody but those who see everything what may name anybody', () => {
    const rejected = { code: 'forge-refused', text: `No ${SECRET}` } as const;
    const problem = problemOfRequest(REQUEST, rejected, LESS);
    expect(JSON.stringify(problem)).not.toContain(SECRET);
    expect(problem).toMatchObject({ mender: 'platform-team' });
    expect(problemOfRequest(REQUEST, rejected, ALL)).toMatchObject({
      text: rejected.text,
    });
  });

  it('says to everybody what is about the platform', () => {
    expect(problemOfRequest(REQUEST, FULL, LESS)).toEqual({
      code: 'storage-failed',
      text: 'Nothing can be written.',
      mender: 'platform-team',
    });
  });

  it('says that a record is damaged, whatever else there is', () => {
    const damaged = { ...REQUEST, damaged: true as const };
    expect(problemOfRequest(damaged, REFUSED, LESS)).toMatchObject({
      code: 'record-damaged',
      text: expect.stringContaining('its row in the database is damaged'),
      mender: 'platform-team',
    });
  });

  it('says nothing where nothing is wrong', () => {
    expect(problemOfRequest(REQUEST, undefined, ALL)).toBeUndefined();
  });
});
