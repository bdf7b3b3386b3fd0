import { Command } from 'commander';
import type { CommandSession } from './commands/CommandSession';
import { addAccess } from './commands/access';
import { addAgent } from './commands/agent';
import { addBench } from './commands/bench';
import { addCompletion } from './commands/completion';
import { addCompile } from './commands/compile';
import { addDiff } from './commands/diff';
import { addDoctor } from './commands/doctor';
import { addEval } from './commands/eval';
import { addExplain } from './commands/explain';
import { addLint } from './commands/lint';
import { addOnboard } from './commands/onboard';
import { addReach } from './commands/reach';
import { addVerify } from './commands/verify';

/** All commands, wired to a session. */
export function createProgram(session: CommandSession): Command {
  const program = new Command('callgate')
    .description(
      'Who may call which API, and what in the manifests enforces it',
    )
    .exitOverride()
    .configureOutput({
      writeOut: session.context.stdout,
      writeErr: session.context.stderr,
      outputError: (text, write) => {
        const line = text
          .trim()
          .replace(/^error: /, '')
          .replace(/\s*\n\s*/g, ' ');
        write(`callgate: ${line}; see callgate --help\n`);
      },
    })
    .addHelpText(
      'after',
      `
Paths are files or folders (.yaml, .yml, .json; searched recursively).
Several clusters: write NAME=PATH wherever a path of a cluster is asked for.
Workloads are written namespace/Kind/name, with several clusters
cluster:namespace/Kind/name; what is outside as an address or a CIDR.

Exit codes: 0 as asked, 1 found what the command looks for, 2 wrong usage or
unreadable input, 3 (explain) only under a condition.`,
    );
  for (const add of [
    addCompile,
    addVerify,
    addAccess,
    addOnboard,
    addReach,
    addDiff,
    addExplain,
    addEval,
    addLint,
    addDoctor,
    addAgent,
    addBench,
    addCompletion,
  ]) {
    add(program, session);
  }
  for (const command of program.commands) {
    command.copyInheritedSettings(program);
  }
  return program;
}
