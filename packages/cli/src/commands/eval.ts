import type { Command } from 'commander';
import {
  createWorld,
  evaluate,
  type Call,
  type MeshMode,
} from '@callgate/policy';
import { readCalls } from '../io/readCalls';
import { readClusters } from '../io/readClusters';
import { printFindings } from '../output/findingLines';
import type { CommandSession } from './CommandSession';
import {
  excludeOption,
  meshOption,
  namespaceOption,
  profileOption,
} from './options';

interface EvalCommandOptions {
  world: string[];
  calls: string;
  profile: string[];
  mesh: 'detect' | MeshMode;
  namespace?: string;
  exclude: string[];
}

/** `callgate eval` */
export function addEval(program: Command, session: CommandSession): void {
  program
    .command('eval')
    .description(
      'Answers many calls: one JSON verdict a line, in their order. Ends with 0.',
    )
    .requiredOption('--world <path...>', 'manifests; NAME=PATH for clusters')
    .requiredOption('--calls <file>', 'one JSON call a line')
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(namespaceOption())
    .addOption(excludeOption())
    .addHelpText(
      'after',
      `
Example
  echo '{"id":"1","from":"shop/Deployment/checkout","to":"shop/Deployment/orders","port":8080}' > calls.jsonl
  callgate eval --world manifests/ --calls calls.jsonl`,
    )
    .action((options: EvalCommandOptions) => {
      const { context } = session;
      const calls: Call[] = readCalls(options.calls, context.cwd);
      context.progress?.('reading manifests');
      const { clusters, findings } = readClusters({
        cwd: context.cwd,
        option: '--world',
        values: options.world,
        profiles: options.profile,
        mesh: options.mesh,
        ...(options.namespace !== undefined && {
          namespace: options.namespace,
        }),
        exclude: options.exclude,
      });
      printFindings(context, findings);
      const world = createWorld(clusters);
      for (const call of calls) {
        context.stdout(`${JSON.stringify(evaluate(world, call))}\n`);
      }
    });
}
