/**
 * The process as the commands see it; tests pass their own.
 *
 * @public
 */
export interface CliContext {
  /** Data. Called with whole lines, each ending in a newline. */
  stdout(text: string): void;
  /** Diagnostics. Called with whole lines, each ending in a newline. */
  stderr(text: string): void;
  /** Paths on the command line are relative to this folder. */
  cwd: string;
  /** True when a person reads stdout: tables are the default then. */
  isTerminal: boolean;
  /** Milliseconds from an arbitrary start, for `bench`. */
  now(): number;
}
