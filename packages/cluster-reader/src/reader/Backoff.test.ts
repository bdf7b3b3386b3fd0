import { Backoff } from './Backoff';
import { Gate } from './Gate';

describe('Backoff', () => {
  const take = (backoff: Backoff, times: number) =>
    Array.from({ length: times }, () => backoff.next());

  it('doubles up to a minute, by chance down to half of it, and begins anew after a success', () => {
    const longest = new Backoff(() => 1);
    expect(take(longest, 8)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ]);
    longest.succeeded();
    expect(longest.next()).toBe(1_000);
    expect(take(new Backoff(() => 0), 2)).toEqual([500, 1_000]);
  });

  it('waits as long as the server asks, but not for ever', () => {
    const backoff = new Backoff(() => 1);
    expect(backoff.next(7_000)).toBe(7_000);
    expect(backoff.next(3_600_000)).toBe(60_000);
  });
});

describe('Gate', () => {
  it('lets so many in at once, the others in their order, and goes on after a failure', async () => {
    const gate = new Gate(2);
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const all = [0, 1, 2, 3].map(number =>
      gate
        .through(async () => {
          begun.push(number);
          await new Promise<void>(resolve => ends.push(resolve));
          if (number === 0) throw new Error('broken');
        })
        .catch(() => undefined),
    );
    expect(begun).toEqual([0, 1]);
    ends[0]();
    await all[0];
    expect(begun).toEqual([0, 1, 2]);
    ends[1]();
    await all[1];
    expect(begun).toEqual([0, 1, 2, 3]);
    ends[2]();
    ends[3]();
    await Promise.all(all);
  });
});
