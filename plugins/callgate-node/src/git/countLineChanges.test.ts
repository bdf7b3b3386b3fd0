import { countLineChanges } from './countLineChanges';

describe('countLineChanges', () => {
  it('counts every line of a new and of a removed file', () => {
    expect(countLineChanges('', 'a\nb\n')).toEqual({
      additions: 2,
      deletions: 0,
    });
    expect(countLineChanges('a\nb\n', '')).toEqual({
      additions: 0,
      deletions: 2,
    });
  });

  it('counts a changed line as one removed and one added', () => {
    expect(countLineChanges('a\nb\nc\n', 'a\nB\nc\n')).toEqual({
      additions: 1,
      deletions: 1,
    });
  });

  it('counts nothing where nothing changed', () => {
    expect(countLineChanges('a\n', 'a\n')).toEqual({
      additions: 0,
      deletions: 0,
    });
  });
});
