import { reviewTermOf } from './reviewTerm';

describe('when a grant is due for a review', () => {
  it.each([
    // 1 January and 30 days is 31 January, which has to be over.
    ['2027-01-01', 30, '2027-01-31', { due: false, until: '2027-01-31' }],
    ['2027-01-01', 30, '2027-02-01', { due: true, until: '2027-01-31' }],
    // The leap day of 2028 is a day like others.
    ['2028-02-28', 1, '2028-02-29', { due: false, until: '2028-02-29' }],
    ['2028-02-28', 1, '2028-03-01', { due: true, until: '2028-02-29' }],
    // A clock that was turned back makes nothing due.
    ['2027-01-01', 30, '2026-12-01', { due: false, until: '2027-01-31' }],
  ])('of %s after %i days, on %s', (last, every, today, expected) => {
    expect(reviewTermOf(last, every, today)).toEqual(expected);
  });

  it('is from the start where nothing is recorded', () => {
    expect(reviewTermOf(undefined, 30, '2027-01-01')).toEqual({ due: true });
  });
});
