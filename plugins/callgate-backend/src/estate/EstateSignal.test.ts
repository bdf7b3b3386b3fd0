import { EstateSignal } from './EstateSignal';

describe('EstateSignal', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('tells of the first change at once, and of the last of those that follow when it has been quiet', () => {
    const told: string[] = [];
    const signal = new EstateSignal(digest => told.push(digest), 1000);
    signal.changed('a');
    expect(told).toEqual(['a']);
    signal.changed('b');
    signal.changed('c');
    jest.advanceTimersByTime(999);
    expect(told).toEqual(['a']);
    jest.advanceTimersByTime(1);
    expect(told).toEqual(['a', 'c']);
    // That counts as one of its own.
    signal.changed('d');
    expect(told).toEqual(['a', 'c']);
    jest.advanceTimersByTime(1000);
    expect(told).toEqual(['a', 'c', 'd']);
    jest.advanceTimersByTime(5000);
    expect(told).toEqual(['a', 'c', 'd']);
    signal.changed('e');
    expect(told).toEqual(['a', 'c', 'd', 'e']);
  });
});
