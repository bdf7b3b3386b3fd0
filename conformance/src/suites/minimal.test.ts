import { smallerValues } from '../worlds/smaller';
import { minimal } from './minimal';

describe('Making what differs small', () => {
  it('leaves out all that it differs without', async () => {
    const start = {
      rules: [{ a: 1, b: [1, 2] }, { c: { d: 3, e: 4 } }],
      other: true,
    };
    const least = await minimal<unknown>(start, smallerValues, async value =>
      JSON.stringify(value).includes('"d":3'),
    );
    expect(least).toEqual({ rules: [{ c: { d: 3 } }] });
  });

  it('gives what it was given where nothing less differs', async () => {
    const start = [1, 2];
    expect(
      await minimal<unknown>(start, smallerValues, async () => false),
    ).toBe(start);
  });

  it('ends where everything differs', async () => {
    expect(
      await minimal<unknown>([[1, [2]], 3], smallerValues, async () => true),
    ).toEqual([]);
  });
});
