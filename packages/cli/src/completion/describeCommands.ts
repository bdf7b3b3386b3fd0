import type { Command } from 'commander';

/** One option as a shell completes it. */
export interface CompletedOption {
  /** As it is written, `-o` before `--output`. */
  flags: string[];
  description: string;
  /** What may stand after it: some words, a file, or nothing. */
  value: readonly string[] | 'file' | 'none';
}

/** One command as a shell completes it. */
export interface CompletedCommand {
  name: string;
  description: string;
  options: CompletedOption[];
  /** Words that may stand without an option. */
  words: readonly string[];
}

const FORMATS = /^([a-z]+(?:, [a-z]+)+) \(/;

function valueOf(option: Command['options'][number]): CompletedOption['value'] {
  if (!option.required && !option.optional) return 'none';
  if (option.argChoices) return option.argChoices;
  const formats = FORMATS.exec(option.description);
  return formats ? formats[1].split(', ') : 'file';
}

/** What there is to complete, as the commands define it: nothing is listed twice. */
export function describeCommands(program: Command): CompletedCommand[] {
  return program.commands.map(command => ({
    name: command.name(),
    description: command.description().split(/\. |\.$/)[0],
    options: [
      ...command.options.map(option => ({
        flags: [option.short, option.long].filter(
          flag => flag !== undefined && flag !== null,
        ),
        description: option.description.split(' (')[0],
        value: valueOf(option),
      })),
      {
        flags: ['-h', '--help'],
        description: 'display help for command',
        value: 'none' as const,
      },
    ],
    words: command.registeredArguments.flatMap(
      argument => argument.argChoices ?? [],
    ),
  }));
}
