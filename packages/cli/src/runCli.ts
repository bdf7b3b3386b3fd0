import { CommanderError } from 'commander';
import type { CliContext } from './CliContext';
import { createProgram } from './createProgram';
import { EXIT } from './exitCodes';
import { UsageError } from './UsageError';

/**
 * Runs one command.
 *
 * @param argv - arguments without interpreter and script
 * @returns the exit code; 2 for wrong usage or unreadable input, the others as
 * each command's help says
 * @public
 */
export async function runCli(
  argv: readonly string[],
  context: CliContext,
): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram({
    context,
    finish: code => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed the line already; help and version end with 0.
      return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    }
    if (error instanceof UsageError) {
      context.stderr(`callgate: ${error.message}\n`);
      return EXIT.usage;
    }
    const message = error instanceof Error ? error.message : String(error);
    context.stderr(
      `callgate: this should not happen (${message}); please report it with the command and its input\n`,
    );
    return EXIT.usage;
  }
}
