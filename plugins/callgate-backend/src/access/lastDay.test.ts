import { lastDayTerms, readLastDay } from './lastDay';

// Ten minutes before the leap day ends in UTC.
const NOW = Date.UTC(2028, 1, 29, 23, 50);
const remindDays: readonly number[] = [];

describe('which last day may be asked for', () => {
  it('is any, and none is usual, where a company says nothing', () => {
    expect(lastDayTerms({ remindDays }, NOW)).toEqual({ today: '2028-02-29' });
  });

  it('is usually the latest where only that is limited', () => {
    expect(lastDayTerms({ maxDays: 366, remindDays }, NOW)).toEqual({
      today: '2028-02-29',
      // March 2028 to February 2029 has no leap day: 365 days lead to 28 February, and one more to 1 March.
      usual: '2029-03-01',
      latest: '2029-03-01',
    });
  });

  it('says what a request is held to', () => {
    const config = { maxDays: 90, defaultDays: 30, remindDays };
    const { today, usual, latest } = lastDayTerms(config, NOW);
    // 31 days of March, 30 of April and 29 of May are 90.
    expect([today, usual, latest]).toEqual([
      '2028-02-29',
      '2028-03-30',
      '2028-05-29',
    ]);
    expect(readLastDay(undefined, config, NOW)).toBe(usual);
    expect(readLastDay(latest, config, NOW)).toBe(latest);
    expect(() => readLastDay('2028-05-30', config, NOW)).toThrow(
      'until must be 2028-05-29 or earlier',
    );
  });
});
