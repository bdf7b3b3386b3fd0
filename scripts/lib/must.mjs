import { Problem } from './problem.mjs';
import { lastLines, quiet } from './process.mjs';

/**
 * Runs a program and resolves with what it printed.
 *
 * @throws Problem with the end of what it printed when it fails, and with `options.log`, where the whole of it is
 */
export async function must(what, program, args, options = {}) {
  const { status, output } = await quiet(program, args, options);
  if (status !== 0) {
    throw new Problem(
      `${what} failed with status ${status}:\n${lastLines(output, 40)}`,
      options.log && `The whole output: ${options.log}`,
    );
  }
  return output;
}
