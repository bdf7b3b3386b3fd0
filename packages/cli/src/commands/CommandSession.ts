import type { CliContext } from '../CliContext';

/** What a command needs of the run that it is part of. */
export interface CommandSession {
  context: CliContext;
  /** Sets the exit code; without it the run ends with 0. */
  finish(exitCode: number): void;
}
