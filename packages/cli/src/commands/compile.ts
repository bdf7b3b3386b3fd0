import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { compile, harden, oncePerApi, type MeshMode } from '@callgate/policy';
import { EXIT } from '../exitCodes';
import {
  differs,
  inForceIn,
  planFiles,
  writeFiles,
  type PlanFilesOptions,
} from '../io/generatedFiles';
import { parseNamedPaths } from '../io/parseNamedPaths';
import { readCatalog } from '../io/readCatalog';
import { readClusters } from '../io/readClusters';
import { readGuardrails } from '../io/readGuardrails';
import { readPolicies } from '../io/readPolicies';
import { compilationTables } from '../output/compilationTables';
import { chooseFormat, type Format } from '../output/formats';
import { hasErrors, printFindings } from '../output/findingLines';
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
import { watchOption, whileWatching } from './watching';

const COMPILE_FORMATS: readonly Format[] = [
  'json',
  'yaml',
  'table',
  'markdown',
];

const MANIFESTS_FOLDER = 'clusters';

interface CompileCommandOptions {
  catalog: string[];
  policies: string[];
  estate: string[];
  profile: string[];
  mesh: 'detect' | MeshMode;
  namespace?: string;
  exclude: string[];
  rules?: string;
  harden?: true;
  out: string;
  check?: true;
  watch?: true;
  output?: string;
}

/** `callgate compile` */
export function addCompile(program: Command, session: CommandSession): void {
  program
    .command('compile')
    .description(
      'AccessPolicies to manifests. Ends with 0, or with 1 when a finding is an error or --check found a difference.',
    )
    .requiredOption('--catalog <path...>', 'Backstage entities')
    .requiredOption('--policies <path...>', 'AccessPolicies')
    .requiredOption(
      '--estate <path...>',
      'manifests of what runs; NAME=PATH for clusters',
    )
    .requiredOption('--out <dir>', 'folder that gets clusters/…')
    .option('--rules <file>', 'guardrails, asked about every planned edge')
    .option(
      '--harden',
      'also hardening/<cluster>/: admission policies, and who could defeat the layers',
    )
    .option('--check', 'write nothing, only compare with what is in --out')
    .addOption(watchOption())
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(namespaceOption())
    .addOption(excludeOption())
    .addOption(outputOption(COMPILE_FORMATS))
    .addHelpText(
      'after',
      `
A grant with an error is left out, and what it has in force stays as it is; an API with an error keeps the
files that it has. Nothing weaker is written.
Files go to clusters/<cluster>/<namespace>/ below --out. A cluster without a NAME
is called as its profile says, else default.

Examples
  callgate compile --catalog catalog/ --policies policies/ --estate estate/ --out .
  callgate compile --catalog catalog/ --policies policies/ \\
    --estate eu=estate/eu --estate us=estate/us --profile eu=eu.yaml --out . --check`,
    )
    .action(async (options: CompileCommandOptions) => {
      if (!options.watch) {
        runCompile(session, options);
        return;
      }
      const named = [
        ...parseNamedPaths(options.estate, '--estate'),
        ...parseNamedPaths(options.profile, '--profile'),
      ];
      const { cwd } = session.context;
      await whileWatching(
        session,
        {
          paths: [
            ...options.catalog,
            ...options.policies,
            ...named.flatMap(({ paths }) => paths),
            ...(options.rules ? [options.rules] : []),
          ],
          // What it writes is no reason to write it again.
          except: join(resolve(cwd, options.out), MANIFESTS_FOLDER),
        },
        () => runCompile(session, options),
      );
    });
}

function runCompile(
  session: CommandSession,
  options: CompileCommandOptions,
): void {
  const { context } = session;
  const format = chooseFormat(
    options.output,
    COMPILE_FORMATS,
    context.isTerminal,
  );
  if (options.out.trim() === '')
    throw new UsageError('--out has an empty path; name a folder');
  context.progress?.('reading catalog, policies and estate');
  const catalog = readCatalog(options.catalog, context.cwd);
  const declared = readPolicies(options.policies, context.cwd);
  const estate = readClusters({
    cwd: context.cwd,
    option: '--estate',
    values: options.estate,
    profiles: options.profile,
    mesh: options.mesh,
    ...(options.namespace !== undefined && { namespace: options.namespace }),
    exclude: options.exclude,
  });
  const rules = readGuardrails(options.rules, context.cwd);
  const output = {
    out: resolve(context.cwd, options.out),
    manifestsFolder: MANIFESTS_FOLDER,
    clusters: estate.clusters.map(({ name }) => name),
  };
  context.progress?.('compiling');
  const compilation = compile({
    ...declared,
    catalog,
    clusters: estate.clusters,
    manifestsFolder: MANIFESTS_FOLDER,
    inForce: inForceIn(output),
    guardrails: { rules, stage: 'repository' },
  });
  const hardening = options.harden
    ? harden(compilation.plan, estate.clusters)
    : undefined;
  const findings = [
    ...estate.findings,
    ...oncePerApi(compilation.findings),
    ...(hardening?.findings ?? []),
  ];
  // What is not read of the estate could be what a selector must not match.
  const estateIsBroken = hasErrors(estate.findings);
  const files: PlanFilesOptions = {
    ...output,
    compilation,
    hardening: hardening?.files ?? [],
    unknownApi: declared.unreadable.some(({ api }) => api === undefined),
  };
  const states = estateIsBroken ? [] : planFiles(files);
  if (!options.check) {
    writeFiles(states, files);
  }
  const result = {
    schemaVersion: 1,
    files: states,
    failedApis: compilation.failedApis.map(
      ({ findings: _, ...failed }) => failed,
    ),
    held: compilation.held.map(({ findings: _, ...held }) => held),
    findings,
    guesses: guessesOf(estate.clusters),
    found: foundOf(estate.clusters),
  };
  printDocument(context, format, {
    json: result,
    tables: compilationTables(result, options.check === true),
  });
  printFindings(context, findings);
  session.finish(
    hasErrors(findings) || (options.check && differs(states))
      ? EXIT.found
      : EXIT.ok,
  );
}
