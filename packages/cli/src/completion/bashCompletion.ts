import type { CompletedCommand } from './describeCommands';

const quoted = (words: readonly string[]) => `'${words.join(' ')}'`;

function optionCases({ name, options }: CompletedCommand): string[] {
  return options
    .filter(({ value }) => value !== 'none')
    .map(({ flags, value }) => {
      const patterns = flags.map(flag => `${name}:${flag}`).join('|');
      return typeof value === 'string'
        ? `    ${patterns}) files=1 ;;`
        : `    ${patterns}) words=${quoted(value)} ;;`;
    });
}

/** Completion for bash, and for zsh by its `bashcompinit`. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = quoted(commands.map(({ name }) => name));
  return [
    '# Completion of callgate for bash: eval "$(callgate completion bash)"',
    '_callgate() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" command="${COMP_WORDS[1]}"',
    '  local at option="" words="" files=""',
    '  COMPREPLY=()',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W ${names} -- "$current"))`,
    '    return',
    '  fi',
    '  # The option whose value it is; several values may stand after one.',
    '  for ((at = COMP_CWORD - 1; at > 1; at--)); do',
    '    case "${COMP_WORDS[at]}" in -*) option="${COMP_WORDS[at]}"; break ;; esac',
    '  done',
    '  case "$command:$option" in',
    ...commands.flatMap(optionCases),
    '  esac',
    '  if [[ "$current" == -* || ( -z "$words" && -z "$files" ) ]]; then',
    '    case "$command" in',
    ...commands.map(
      ({ name, options, words }) =>
        `      ${name}) words=${quoted([
          ...words,
          ...options.flatMap(({ flags }) => flags),
        ])} ;;`,
    ),
    '    esac',
    '    files=""',
    '  fi',
    '  if [ -n "$files" ]; then',
    '    local prefix="" rest="$current"',
    '    # NAME=PATH is one word or three, as COMP_WORDBREAKS says.',
    '    case "$rest" in *=*) prefix="${rest%%=*}="; rest="${rest#*=}" ;; esac',
    '    COMPREPLY=($(compgen -P "$prefix" -f -- "$rest"))',
    '    compopt -o filenames 2>/dev/null',
    '  else',
    '    COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  fi',
    '}',
    'complete -F _callgate callgate',
    '',
  ].join('\n');
}

/** The same for zsh. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '# Completion of callgate for zsh: eval "$(callgate completion zsh)"',
    'autoload -U +X compinit && compinit',
    'autoload -U +X bashcompinit && bashcompinit',
    bashCompletion(commands),
  ].join('\n');
}
