import { resolve } from 'node:path';
import type { Command } from 'commander';
import { onboard, type MeshMode } from '@callgate/policy';
import { EXIT } from '../exitCodes';
import { entityRefIn } from '../io/entityRefIn';
import { writeImported } from '../io/importedFiles';
import { readCatalog } from '../io/readCatalog';
import { readClusters } from '../io/readClusters';
import { chooseFormat, type Format } from '../output/formats';
import { hasErrors, printFindings } from '../output/findingLines';
import { foundOf } from '../output/foundValues';
import { guessesOf } from '../output/guessesOf';
import { onboardTables } from '../output/onboardTables';
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

const ONBOARD_FORMATS: readonly Format[] = [
  'json',
  'yaml',
  'table',
  'markdown',
];

interface OnboardCommandOptions {
  catalog: string[];
  estate: string[];
  api?: string[];
  accept: string[];
  acceptUndeclaredPorts?: true;
  profile: string[];
  mesh: 'detect' | MeshMode;
  namespace?: string;
  exclude: string[];
  out: string;
  output?: string;
}

/** `callgate onboard` */
export function addOnboard(program: Command, session: CommandSession): void {
  program
    .command('onboard')
    .description(
      'AccessPolicies that say what hand-written policies enforce today, so that nobody can call more or less. Ends with 0 when that is so, 1 when something would change or could not be written.',
    )
    .requiredOption('--catalog <path...>', 'Backstage entities')
    .requiredOption(
      '--estate <path...>',
      'manifests of what runs and every policy that is in force; NAME=PATH for clusters',
    )
    .requiredOption('--out <dir>', 'folder that gets policies/…')
    .option('--api <ref...>', 'import these APIs alone (default: all)')
    .option(
      '--accept <ref...>',
      'write these APIs although that changes access; the report lists what',
      [],
    )
    .option(
      '--accept-undeclared-ports',
      'the same for what is lost on ports that no manifest declares, such as UDP of a workload that states TCP alone',
    )
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(namespaceOption())
    .addOption(excludeOption())
    .addOption(outputOption(ONBOARD_FORMATS))
    .addHelpText(
      'after',
      `
An API that everyone can call today stays so, and nothing is written for it. What no grant can say stays with
the objects that give it, and is listed. An AccessPolicy that is there already is never replaced.

Examples
  callgate onboard --catalog catalog/ --estate estate/ --profile profile.yaml --out .
  callgate onboard --catalog catalog/ --estate eu=estate/eu us=estate/us --api orders --out . -o markdown`,
    )
    .action((options: OnboardCommandOptions) => runOnboard(session, options));
}

function runOnboard(
  session: CommandSession,
  options: OnboardCommandOptions,
): void {
  const { context } = session;
  const format = chooseFormat(
    options.output,
    ONBOARD_FORMATS,
    context.isTerminal,
  );
  if (options.out.trim() === '')
    throw new UsageError('--out has an empty path; name a folder');
  context.progress?.('reading catalog and estate');
  const catalog = readCatalog(options.catalog, context.cwd);
  const refsOf = (texts: readonly string[]) =>
    texts.map(text => entityRefIn(catalog, 'api', text));
  const apis = options.api && refsOf(options.api);
  const accept = refsOf(options.accept);
  const estate = readClusters({
    cwd: context.cwd,
    option: '--estate',
    values: options.estate,
    profiles: options.profile,
    mesh: options.mesh,
    ...(options.namespace !== undefined && { namespace: options.namespace }),
    exclude: options.exclude,
  });
  context.progress?.('comparing what may be called before and after');
  const result = onboard({
    catalog,
    clusters: estate.clusters,
    ...(apis && { apis }),
    accept,
    acceptUndeclaredPorts: options.acceptUndeclaredPorts === true,
  });
  // What cannot be read could allow or refuse anything: then nobody knows what is in force.
  const isUnread = hasErrors(estate.findings);
  const files = isUnread
    ? []
    : writeImported(resolve(context.cwd, options.out), result.files);
  const findings = [...estate.findings, ...result.findings];
  const { compilation: _, findings: __, files: ___, ...report } = result;
  printDocument(context, format, {
    json: {
      schemaVersion: 1,
      ...report,
      unchanged: result.unchanged && !isUnread,
      files,
      findings,
      guesses: guessesOf(estate.clusters),
      found: foundOf(estate.clusters),
    },
    tables: onboardTables(result, files),
  });
  if (format === 'table' || format === 'markdown')
    printFindings(context, findings);
  if (isUnread)
    context.stderr(
      'Nothing was written, because a part of the estate could not be read and may allow or refuse anything\n',
    );
  const isLeft = result.apis.some(
    ({ api, state }) => state === 'left-out' && apis?.includes(api),
  );
  const isKept = files.some(({ state }) => state === 'kept');
  session.finish(
    result.unchanged && !isUnread && !isLeft && !isKept ? EXIT.ok : EXIT.found,
  );
}
