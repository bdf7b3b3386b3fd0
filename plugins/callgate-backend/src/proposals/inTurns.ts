import { performance } from 'node:perf_hooks';
import type { Steps } from '@callgate/policy';
import { TurnError } from '../turns';

/** How long work may hold up everybody else, apart from a step that takes longer by itself. */
const TURN_MS = 15;

/** Lets whoever waits go first. */
export function others(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** Lets whoever waits go first, and goes on only where somebody still waits for the result. */
export async function othersUnless(signal?: AbortSignal): Promise<void> {
  await others();
  if (signal?.aborted) throw TurnError.of('cancelled');
}

/**
 * Does work in turns with everything else that the process has to do: other people's requests are answered in between.
 *
 * @param signal - ends the work at its next turn, with an error of code `cancelled`
 */
export async function inTurns<T>(
  steps: Steps<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (;;) {
    const until = performance.now() + TURN_MS;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (performance.now() < until);
    await othersUnless(signal);
  }
}
