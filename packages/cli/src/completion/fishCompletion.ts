import type { CompletedCommand, CompletedOption } from './describeCommands';

const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;

function optionLine(
  command: string,
  { flags, description, value }: CompletedOption,
): string {
  const names = flags.map(flag =>
    flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  );
  const after = { none: [], file: ['-r', '-F'] };
  const wanted =
    typeof value === 'string'
      ? after[value]
      : ['-x', '-a', quoted(value.join(' '))];
  return [
    'complete -c callgate -n',
    quoted(`__fish_seen_subcommand_from ${command}`),
    ...names,
    ...wanted,
    '-d',
    quoted(description),
  ].join(' ');
}

/** Completion for fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '# Completion of callgate for fish: callgate completion fish | source',
    'complete -c callgate -f',
    ...commands.flatMap(({ name, description, options, words }) => [
      `complete -c callgate -n __fish_use_subcommand -a ${name} -d ${quoted(
        description,
      )}`,
      ...(words.length > 0
        ? [
            `complete -c callgate -n ${quoted(
              `__fish_seen_subcommand_from ${name}`,
            )} -a ${quoted(words.join(' '))}`,
          ]
        : []),
      ...options.map(option => optionLine(name, option)),
    ]),
    '',
  ].join('\n');
}
