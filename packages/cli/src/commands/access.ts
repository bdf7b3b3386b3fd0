import type { Command } from 'commander';
import {
  accessOf,
  accessTo,
  compile,
  inForceOf,
  oncePerApi,
  withoutGenerated,
  type AccessInput,
  type CatalogEntity,
  type MeshMode,
} from '@callgate/policy';
import { entityRefIn } from '../io/entityRefIn';
import { readCatalog } from '../io/readCatalog';
import { readClusters } from '../io/readClusters';
import { readPolicies } from '../io/readPolicies';
import { apiJson, callerJson } from '../output/accessJson';
import { apiTables, callerTables } from '../output/accessTables';
import { chooseFormat, type Format } from '../output/formats';
import { printFindings } from '../output/findingLines';
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

const ACCESS_FORMATS: readonly Format[] = [
  'json',
  'yaml',
  'table',
  'markdown',
  'csv',
];

interface AccessCommandOptions {
  api?: string;
  caller?: string;
  catalog: string[];
  policies: string[];
  estate: string[];
  manifests: string[];
  profile: string[];
  mesh: 'detect' | MeshMode;
  namespace?: string;
  exclude: string[];
  output?: string;
}

/** `callgate access` */
export function addAccess(program: Command, session: CommandSession): void {
  program
    .command('access')
    .description(
      'Who can call an API, or what an entity may call: granted and real side by side.',
    )
    .argument('[api]', 'the API, the same as --api')
    .option('--api <ref>', 'who can call this API')
    .option('--caller <ref>', 'what this component or resource may call')
    .requiredOption('--catalog <path...>', 'Backstage entities')
    .requiredOption('--policies <path...>', 'AccessPolicies')
    .requiredOption(
      '--estate <path...>',
      'manifests of what runs; NAME=PATH for clusters',
    )
    .option(
      '--manifests <path...>',
      'generated and hand-written policies beside the estate; NAME=PATH for clusters',
      [],
    )
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(namespaceOption())
    .addOption(excludeOption())
    .addOption(outputOption(ACCESS_FORMATS))
    .addHelpText(
      'after',
      `
References are those of the catalog: orders, retail/orders, api:default/orders.

Examples
  callgate access orders --catalog catalog/ --policies policies/ --estate estate/ --manifests clusters/
  callgate access --caller checkout --catalog catalog/ --policies policies/ --estate estate/ clusters/`,
    )
    .action((api: string | undefined, options: AccessCommandOptions) => {
      const { context } = session;
      const format = chooseFormat(
        options.output,
        ACCESS_FORMATS,
        context.isTerminal,
      );
      const asked = askedOf(api, options);
      const catalog = readCatalog(options.catalog, context.cwd);
      const ref = entityRefIn(catalog, asked.kind, asked.text);
      const { input, findings } = readMoment(session, options, catalog);
      context.progress?.('asking who can call whom');
      const document =
        asked.kind === 'api'
          ? answer(accessTo(input, ref), apiJson, apiTables)
          : answer(accessOf(input, ref), callerJson, callerTables);
      printDocument(context, format, {
        json: {
          schemaVersion: 1,
          ...document.json,
          findings,
          guesses: guessesOf(input.clusters),
          found: foundOf(input.clusters),
        },
        tables: document.tables,
      });
      if (format === 'table' || format === 'markdown')
        printFindings(
          context,
          findings.filter(({ severity }) => severity === 'error'),
        );
    });
}

function answer<T, J extends object, R>(
  found: T,
  json: (found: T) => J,
  tables: (found: T) => R,
): { json: J; tables: R } {
  return { json: json(found), tables: tables(found) };
}

interface Asked {
  kind: 'api' | 'caller';
  text: string;
}

function askedOf(
  word: string | undefined,
  { api, caller }: AccessCommandOptions,
): Asked {
  const given = [word, api, caller].filter(text => text !== undefined);
  if (given.length !== 1)
    throw new UsageError(
      'name one API, or one caller with --caller: callgate access orders …',
    );
  return caller === undefined
    ? { kind: 'api', text: given[0] }
    : { kind: 'caller', text: caller };
}

function readMoment(
  { context }: CommandSession,
  options: AccessCommandOptions,
  catalog: CatalogEntity[],
) {
  const declared = readPolicies(options.policies, context.cwd);
  context.progress?.('reading declarations, estate and manifests');
  const { clusters, findings } = readClusters({
    cwd: context.cwd,
    option: '--estate',
    values: options.estate,
    profiles: options.profile,
    mesh: options.mesh,
    ...(options.namespace !== undefined && { namespace: options.namespace }),
    exclude: options.exclude,
    ...(options.manifests.length > 0 && {
      more: { option: '--manifests', values: options.manifests },
    }),
  });
  const compilation = compile({
    ...declared,
    catalog,
    clusters: clusters.map(withoutGenerated),
    inForce: inForceOf(clusters),
  });
  const input: AccessInput = {
    catalog,
    policies: declared.policies,
    clusters,
    compilation,
  };
  return {
    input,
    findings: [...findings, ...oncePerApi(compilation.findings)],
  };
}
