import { forgeError } from '@callgate/plugin-callgate-node';
import {
  isLasting,
  menderOf,
  problemOf,
  ProposalError,
  sayProblem,
} from './problems';

const failing = (code: string) =>
  Object.assign(new Error(`${code}: write /data/objects/aa/token`), { code });

describe('problemOf', () => {
  it.each([
    ['ENOSPC', 'the data directory: no space is left'],
    ['EDQUOT', 'the data directory: no space is left'],
    ['EACCES', 'the data directory: access is denied'],
    ['EROFS', 'the data directory: access is denied'],
    ['EIO', 'the data directory: the disk reports errors'],
    ['SQLITE_FULL', 'the database: no space is left'],
    ['SQLITE_READONLY_DBMOVED', 'the database: access is denied'],
    ['SQLITE_IOERR_WRITE', 'the database: the disk reports errors'],
    ['53100', 'the database: no space is left'],
  ])('says of %s what it means, and tries again', (code, words) => {
    const problem = problemOf(failing(code));
    const text = sayProblem(problem);
    expect(problem).toMatchObject({ code: 'storage-failed', tellable: true });
    expect(isLasting(problem.code)).toBe(false);
    expect(text).toContain(`Nothing can be written to ${words}.`);
    expect(text).toContain('Callgate tries again by itself.');
    expect(text).not.toContain('token');
    expect(menderOf(problem.code)).toBe('platform-team');
  });

  it('tells apart what the owner, the platform team and waiting mend', () => {
    const mends = (error: unknown) => menderOf(problemOf(error).code);
    expect(mends(ProposalError.of([]))).toBe('api-owner');
    expect(mends(forgeError('forge-forbidden', 'No.'))).toBe('platform-team');
    expect(mends(forgeError('repository-damaged', 'No.'))).toBe(
      'platform-team',
    );
    expect(mends(forgeError('repository-unreachable', 'No.'))).toBe('nobody');
    expect(mends(forgeError('branch-moved', 'No.'))).toBe('nobody');
    expect(mends(failing('ECONNREFUSED'))).toBe('platform-team');
  });

  it('tells everybody what is about the platform, and nothing that may quote anything', () => {
    const told = (error: unknown) => {
      const problem = problemOf(error);
      return 'text' in problem && problem.tellable;
    };
    expect(told(forgeError('forge-forbidden', 'No.'))).toBe(true);
    expect(told(forgeError('repository-damaged', 'No.'))).toBe(true);
    expect(told(forgeError('repository-unreachable', 'No.'))).toBe(true);
    expect(told(failing('ECONNREFUSED'))).toBe(true);
    expect(told(forgeError('forge-rejected', 'No.'))).toBeUndefined();
    expect(told(forgeError('merge-conflict', 'No.'))).toBeUndefined();
    expect(
      told(new ProposalError({ code: 'estate-not-readable', text: 'No.' })),
    ).toBeUndefined();
  });

  it('quotes nothing that a library said', () => {
    expect(JSON.stringify(problemOf(failing('ECONNREFUSED')))).not.toContain(
      'token',
    );
  });
});
