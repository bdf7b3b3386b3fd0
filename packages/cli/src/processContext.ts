import type { CliContext } from './CliContext';

/**
 * The running process as a {@link CliContext}.
 *
 * @public
 */
export function processContext(): CliContext {
  return {
    stdout: text => {
      process.stdout.write(text);
    },
    stderr: text => {
      process.stderr.write(text);
    },
    cwd: process.cwd(),
    isTerminal: process.stdout.isTTY === true,
    now: () => performance.now(),
  };
}
