import { resolve } from 'node:path';
import type { Command } from 'commander';
import { clusterReader } from '../clusterReader';
import { EXIT } from '../exitCodes';
import { readToken, type TokenSource } from '../io/readToken';
import { UsageError } from '../UsageError';
import type { CommandSession } from './CommandSession';
import {
  contextOption,
  credentialsOf,
  kubeconfigOption,
  type ClusterOptions,
} from './clusterOptions';

/** As in the portal: a name is a folder of the policy repository. */
const CLUSTER = /^[A-Za-z0-9]+(?:[-_.]+[A-Za-z0-9]+)*$/;

/** Policies there hold for the whole mesh. */
const NEVER_EXCLUDED = 'istio-system';

interface AgentOptions extends ClusterOptions {
  cluster: string;
  to: string;
  tokenFile?: string;
  exclude: string[];
  insecureHttp?: boolean;
}

/** `callgate agent` */
export function addAgent(program: Command, session: CommandSession): void {
  program
    .command('agent')
    .description(
      'Reads the cluster that it runs in, and sends what it has to a portal that cannot reach it. Runs until it is stopped, and ends with 0.',
    )
    .requiredOption('--cluster <name>', 'the cluster, as the portal names it')
    .requiredOption(
      '--to <url>',
      "where the portal's backend answers: https://portal.example.com",
    )
    .option(
      '--token-file <file>',
      'a file with the token for the portal, read anew for each message (default: CALLGATE_TOKEN of the environment)',
    )
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .option(
      '--exclude <namespace...>',
      'namespaces of which nothing is read but their labels',
      [],
    )
    .option(
      '--insecure-http',
      'send also to http: addresses of other machines, where everybody can read the token; for tests',
    )
    .addHelpText(
      'after',
      `
Examples
  CALLGATE_TOKEN=… callgate agent --cluster prod-eu --to https://portal.example.com
  callgate agent --cluster prod-eu --to https://portal.example.com --token-file /var/run/callgate/token

It writes nothing to the cluster, reads no Secrets, and sends nowhere else.
deploy/agent.yaml runs it in a cluster.`,
    )
    .action(async (options: AgentOptions) => {
      const { context } = session;
      const { checkPortal, runAgent } = clusterReader();
      const { cluster, to, exclude } = options;
      if (!CLUSTER.test(cluster) || cluster.length > 63)
        throw new UsageError(
          '--cluster is no name of a cluster: use letters, digits and single - _ . between them',
        );
      if (exclude.includes(NEVER_EXCLUDED))
        throw new UsageError(
          `--exclude: ${NEVER_EXCLUDED} cannot be left out, since policies there hold for the whole mesh`,
        );
      const problem = checkPortal(to, {
        allowHttp: options.insecureHttp === true,
      });
      if (problem !== undefined) throw new UsageError(`--to ${problem}`);
      if (!context.interrupted)
        throw new UsageError(
          'agent is not possible here: nothing could end it',
        );
      const source: TokenSource = {
        ...(options.tokenFile !== undefined && {
          file: resolve(context.cwd, options.tokenFile),
        }),
        ...(context.env?.CALLGATE_TOKEN !== undefined && {
          env: context.env.CALLGATE_TOKEN,
        }),
      };
      // What is wrong from the start is said at once, and not every minute.
      readToken(source);
      const signal = context.interrupted();
      context.stderr(`callgate: agent of ${cluster}, sends to ${to}\n`);
      await runAgent(
        {
          ...{ cluster, to, exclude },
          credentials: credentialsOf(options, context.cwd),
          token: () => readToken(source),
          say: text => context.stderr(`callgate: ${text}\n`),
        },
        signal,
      );
      session.finish(EXIT.ok);
    });
}
