import { Argument, type Command } from 'commander';
import { bashCompletion, zshCompletion } from '../completion/bashCompletion';
import { describeCommands } from '../completion/describeCommands';
import { fishCompletion } from '../completion/fishCompletion';
import type { CommandSession } from './CommandSession';

const SHELLS = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `callgate completion` */
export function addCompletion(program: Command, session: CommandSession): void {
  program
    .command('completion')
    .description('Completion for a shell, to be read by it. Ends with 0.')
    .addArgument(
      new Argument('<shell>', 'whose completion').choices(Object.keys(SHELLS)),
    )
    .addHelpText(
      'after',
      `
Examples
  eval "$(callgate completion bash)"      in ~/.bashrc
  eval "$(callgate completion zsh)"       in ~/.zshrc
  callgate completion fish | source       in ~/.config/fish/config.fish`,
    )
    .action((shell: keyof typeof SHELLS) => {
      session.context.stdout(SHELLS[shell](describeCommands(program)));
    });
}
