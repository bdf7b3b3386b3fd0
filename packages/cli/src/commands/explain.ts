import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  createWorld,
  explain,
  nearEnds,
  type Call,
  type MeshMode,
  type Protocol,
  type World,
} from '@callgate/policy';
import { EXIT } from '../exitCodes';
import { parsePort } from '../io/parsePort';
import { readClusters } from '../io/readClusters';
import { chooseFormat, type Format } from '../output/formats';
import { printFindings } from '../output/findingLines';
import { explanationTables } from '../output/explanationTables';
import { foundOf } from '../output/foundValues';
import { guessesOf } from '../output/guessesOf';
import { printDocument } from '../output/printDocument';
import { UsageError } from '../UsageError';
import type { CommandSession } from './CommandSession';
import {
  excludeOption,
  meshOption,
  namespaceOption,
  outputOption,
  profileOption,
} from './options';

const EXPLAIN_FORMATS: readonly Format[] = [
  'json',
  'yaml',
  'table',
  'markdown',
];

interface ExplainCommandOptions {
  world: string[];
  from: string;
  to: string;
  port: string;
  protocol: Protocol;
  method?: string;
  path?: string;
  host?: string;
  tls?: 'mtls' | 'plaintext';
  via?: string;
  profile: string[];
  mesh: 'detect' | MeshMode;
  namespace?: string;
  exclude: string[];
  output?: string;
}

/** `callgate explain` */
export function addExplain(program: Command, session: CommandSession): void {
  program
    .command('explain')
    .description(
      'One call, hop by hop and layer by layer. Ends with 0 when it is allowed, 1 when refused, 3 when allowed only under a condition.',
    )
    .requiredOption('--world <path...>', 'manifests; NAME=PATH for clusters')
    .requiredOption('--from <workload>', 'caller: workload or address')
    .requiredOption('--to <workload>', 'provider: workload or address')
    .requiredOption('--port <number>', 'port of the provider workload')
    .addOption(
      new Option('--protocol <protocol>', 'TCP, UDP or SCTP')
        .argParser(text => {
          const protocol = text.toUpperCase();
          if (!['TCP', 'UDP', 'SCTP'].includes(protocol)) {
            throw new InvalidArgumentError('Use TCP, UDP or SCTP.');
          }
          return protocol;
        })
        .default('TCP'),
    )
    .option('--method <method>', 'HTTP method; POST for gRPC')
    .option('--path <path>', 'raw path, as sent')
    .option('--host <host>', 'Host header')
    .addOption(
      new Option('--tls <mode>', 'instead of what the pair negotiates').choices(
        ['mtls', 'plaintext'],
      ),
    )
    .option('--via <service>', '"pod", or namespace/name:port of a Service')
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(namespaceOption())
    .addOption(excludeOption())
    .addOption(outputOption(EXPLAIN_FORMATS))
    .addHelpText(
      'after',
      `
Examples
  callgate explain --world manifests/ --from shop/Deployment/checkout \\
    --to shop/Deployment/orders --port 8080 --method GET --path /orders/7
  callgate explain --world manifests/ --from 203.0.113.7 --to shop/Deployment/web --port 8443`,
    )
    .action((options: ExplainCommandOptions) => {
      const { context } = session;
      const format = chooseFormat(
        options.output,
        EXPLAIN_FORMATS,
        context.isTerminal,
      );
      const call = callOf(options);
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
      context.progress?.('following the call');
      const world = createWorld(clusters);
      checkEnd('--from', call.from, world);
      checkEnd('--to', call.to, world);
      const explanation = explain(world, call);
      const result = {
        schemaVersion: 1,
        ...explanation,
        findings: [...findings, ...explanation.findings],
        guesses: guessesOf(clusters),
        found: foundOf(clusters),
      };
      printDocument(context, format, {
        json: result,
        tables: explanationTables(explanation),
      });
      if (format === 'table' || format === 'markdown') {
        printFindings(context, result.findings);
      }
      session.finish(
        {
          allow: EXIT.ok,
          deny: EXIT.found,
          conditional: EXIT.conditional,
        }[explanation.verdict],
      );
    });
}

/** A workload that is not there has no answer: most often its name is a slip. */
function checkEnd(option: string, end: string, world: World): void {
  const near = nearEnds(world, end);
  if (near === undefined) {
    return;
  }
  throw new UsageError(
    `${option} ${end} is neither a workload of these manifests nor an address; ${
      near.length > 0
        ? `near it: ${near.join(', ')}`
        : 'write namespace/Kind/name'
    }`,
  );
}

function callOf(options: ExplainCommandOptions): Call {
  if ((options.method === undefined) !== (options.path === undefined)) {
    throw new UsageError(
      'an HTTP request has both: give --method and --path, or neither of them',
    );
  }
  if (options.host !== undefined && options.method === undefined) {
    throw new UsageError('--host needs --method and --path beside it');
  }
  return {
    from: options.from,
    to: options.to,
    protocol: options.protocol,
    port: parsePort(options.port, '--port'),
    ...(options.method !== undefined &&
      options.path !== undefined && {
        http: {
          method: options.method,
          path: options.path,
          ...(options.host !== undefined && { host: options.host }),
        },
      }),
    ...(options.tls && { tls: options.tls }),
    ...(options.via !== undefined && { via: viaOf(options.via) }),
  };
}

function viaOf(text: string): NonNullable<Call['via']> {
  if (text === 'pod') {
    return 'pod';
  }
  const match = /^(.+\/.+):(\d+)$/.exec(text);
  if (!match) {
    throw new UsageError(
      `--via is ${text}; write "pod" or a Service with its port, such as shop/orders:80`,
    );
  }
  return { service: match[1], port: parsePort(match[2], '--via port') };
}
