import type { Steps } from '@callgate/policy';
import { inTurns } from './inTurns';

/** Keeps the process busy for a moment. */
function work(): void {
  const until = performance.now() + 20;
  while (performance.now() < until);
}

describe('inTurns', () => {
  it('lets others go first between the steps of long work', async () => {
    const order: string[] = [];
    function* steps(): Steps<string> {
      for (const step of ['first', 'second']) {
        work();
        order.push(step);
        yield;
      }
      return 'done';
    }
    setImmediate(() => order.push('somebody else'));
    expect(await inTurns(steps())).toBe('done');
    expect(order).toEqual(['first', 'somebody else', 'second']);
  });

  it('stops at its next turn when nobody waits any more', async () => {
    const gone = new AbortController();
    let steps = 0;
    function* endless(): Steps<void> {
      for (;;) {
        work();
        steps += 1;
        yield;
      }
    }
    setImmediate(() => gone.abort());
    await expect(inTurns(endless(), gone.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(steps).toBe(1);
  });

  it('fails as the work fails', async () => {
    function* steps(): Steps<void> {
      yield;
      throw new Error('no way');
    }
    await expect(inTurns(steps())).rejects.toThrow('no way');
  });
});
