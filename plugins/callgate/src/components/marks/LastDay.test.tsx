import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import { LastDay } from './LastDay';

describe('LastDay', () => {
  beforeEach(() => {
    // Ten minutes before midnight in UTC: in Berlin it is the next day already, and the day counts in UTC.
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2027, 1, 15, 23, 50));
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    // 2027 is no leap year: 13 days are left of February, and one of March.
    ['2027-03-01', 'until 1 March 2027 (in 14 days)'],
    ['2027-02-16', 'until 16 February 2027 (tomorrow)'],
    ['2027-02-15', 'until 15 February 2027 (today)'],
    ['2028-02-29', 'until 29 February 2028 (in 379 days)'],
    ['2027-02-13', 'was until 13 February 2027 (2 days ago)'],
    ['some day', 'until some day'],
  ])('says %s', async (day, text) => {
    renderInTestApp(<LastDay day={day} />);
    expect(await screen.findByText(text)).toBeInTheDocument();
  });
});
