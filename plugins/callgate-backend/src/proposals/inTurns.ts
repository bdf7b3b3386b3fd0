import { performance } from 'node:perf_hooks';
import type { Steps } from '@callgate/policy';

/** How long work may hold up everybody else, apart from a step that takes longer by itself. */
const TURN_MS = 15;

/** Lets whoever waits go first. */
export function others(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** Does work in turns with everything else that the process has to do: other people's requests are answered in between. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const until = performance.now() + TURN_MS;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (performance.now() < until);
    await others();
  }
}
