import { basename, relative, resolve, sep } from 'node:path';
import { Option } from 'commander';
import { EXIT } from '../exitCodes';
import { UsageError } from '../UsageError';
import type { CommandSession } from './CommandSession';

/** Names that only generated files have, also while they are written. */
const GENERATED = /^(callgate(-.+)?\.yaml|\..+\.callgate-tmp)$/;

/** `--watch`, the same for every command that has it. */
export function watchOption(): Option {
  return new Option(
    '--watch',
    'run again whenever an input file changes, until Ctrl+C',
  );
}

/** What a command that watches looks at. */
export interface Watched {
  /** Files and folders, relative to the working folder. */
  paths: readonly string[];
  /** The folder below which the command writes generated files. */
  except?: string;
}

/**
 * Runs a command, and again with every change of its input until somebody
 * interrupts it; then it ends with 0. Input that cannot be used is reported and
 * waited for: it is often only half written.
 */
export async function whileWatching(
  session: CommandSession,
  { paths, except }: Watched,
  run: () => void,
): Promise<void> {
  const { context } = session;
  const attempt = () => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      context.stderr(`callgate: ${error.message}\n`);
    }
  };
  if (!context.changes)
    throw new UsageError('--watch is not possible here: run it in a terminal');
  const absolute = paths.map(value => resolve(context.cwd, value));
  const isIgnored = (path: string) =>
    except !== undefined &&
    path.startsWith(`${except}${sep}`) &&
    GENERATED.test(basename(path));
  attempt();
  context.stderr('callgate: waiting for changes; Ctrl+C ends\n');
  for await (const changed of context.changes(absolute, isIgnored)) {
    const names = changed.map(path => relative(context.cwd, path) || path);
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    context.stderr(
      `callgate: ${names.slice(0, 3).join(', ')}${more} changed\n`,
    );
    attempt();
  }
  session.finish(EXIT.ok);
}
