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
  /** Characters in a line of the terminal; absent where nobody reads lines. */
  columns?: number;
  /** True where diagnostics may be coloured. */
  colors?: boolean;
  /** Says what is going on, in place of what it said before; without text it says nothing more. Only where a person waits. */
  progress?(text?: string): void;
  /** Paths that change, until somebody interrupts. */
  changes?(
    paths: readonly string[],
    isIgnored: (path: string) => boolean,
  ): AsyncIterable<readonly string[]>;
  /** Aborted when somebody ends the process, which then ends what it does; asked once, by what runs until then. */
  interrupted?(): AbortSignal;
  /** Variables of the environment. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from an arbitrary start, for `bench`. */
  now(): number;
}
