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

  it('fails as the work fails', async () => {
    function* steps(): Steps<void> {
      yield;
      throw new Error('no way');
    }
    await expect(inTurns(steps())).rejects.toThrow('no way');
  });
});
