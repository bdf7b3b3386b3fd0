import { UsageError } from '../UsageError';

/** Every output format that some command knows. */
export const FORMATS = [
  'json',
  'yaml',
  'table',
  'markdown',
  'csv',
  'dot',
] as const;

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

/**
 * Decides the format of a command: what was asked for, else a table for people
 * and JSON for programs.
 *
 * @param asked - value of `-o`
 * @param known - formats that make sense for the command
 */
export function chooseFormat(
  asked: string | undefined,
  known: readonly Format[],
  isTerminal: boolean,
): Format {
  if (asked === undefined) {
    return isTerminal && known.includes('table') ? 'table' : 'json';
  }
  const format = known.find(candidate => candidate === asked);
  if (!format) {
    throw new UsageError(
      `-o ${asked} is not a format of this command; use one of ${known.join(
        ', ',
      )}`,
    );
  }
  return format;
}
