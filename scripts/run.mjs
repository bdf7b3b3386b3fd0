#!/usr/bin/env node
// Every root script comes through here, on any Node from 18: it finds a Node that fits, installs what is missing, and
// runs the command under that Node. A wrong Node can otherwise end without a word.
import { COMMANDS } from './lib/commands.mjs';
import { continueUnderFittingNode } from './lib/node.mjs';
import { Problem, printProblem } from './lib/problem.mjs';
import { setup } from './lib/setup.mjs';

async function main() {
  const [name, ...args] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command) {
    throw new Problem(
      `There is no command ${name ? `"${name}"` : 'without a name'}.`,
      `Choose one of: ${Object.keys(COMMANDS).join(', ')}.`,
    );
  }
  const options = command.parse ? command.parse(args) : { args };
  // What can be refused without work is refused before any work.
  await command.check?.(options);

  const status = await continueUnderFittingNode();
  if (status !== undefined) {
    return status;
  }
  await setup();
  return command.run(options);
}

main().then(
  status => {
    process.exitCode = status;
  },
  error => {
    printProblem(error);
    process.exitCode = 1;
  },
);
