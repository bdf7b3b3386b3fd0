import type { CliContext } from './CliContext';
import { watchPaths } from './io/watchPaths';

/** What takes less time than this is not worth telling. */
const QUICK_MS = 1000;

/** Paths that change, until Ctrl+C. */
async function* untilInterrupted(
  paths: readonly string[],
  isIgnored: (path: string) => boolean,
): AsyncGenerator<readonly string[]> {
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    yield* watchPaths(paths, isIgnored, interrupted.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** The first signal asks to end, which the second does. */
function untilStopped(): AbortSignal {
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return stopped.signal;
}

/** Writes over one line of a terminal, once a run takes longer than a moment. */
function progressLine(start: number): NonNullable<CliContext['progress']> {
  let isShown = false;
  return text => {
    if (isShown) process.stderr.write('\r\u001b[2K');
    isShown = text !== undefined && performance.now() - start > QUICK_MS;
    if (isShown) process.stderr.write(`callgate: ${text} …`);
  };
}

/**
 * The running process as a {@link CliContext}.
 *
 * @public
 */
export function processContext(): CliContext {
  const { stdout, stderr } = process;
  const isTold = stderr.isTTY === true;
  const progress = isTold ? progressLine(performance.now()) : undefined;
  return {
    stdout: text => {
      progress?.();
      stdout.write(text);
    },
    stderr: text => {
      progress?.();
      stderr.write(text);
    },
    cwd: process.cwd(),
    isTerminal: stdout.isTTY === true,
    ...(stdout.isTTY === true && { columns: stdout.columns }),
    // https://no-color.org: any value that is not empty.
    colors: isTold && !process.env.NO_COLOR,
    ...(progress && { progress }),
    changes: untilInterrupted,
    interrupted: untilStopped,
    env: process.env,
    now: () => performance.now(),
  };
}
