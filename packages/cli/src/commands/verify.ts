import type { Command } from 'commander';
import {
  compile,
  toAccessRanges,
  verify,
  type AccessDifference,
  type MeshMode,
} from '@callgate/policy';
import { EXIT } from '../exitCodes';
import { readCatalog } from '../io/readCatalog';
import { readClusters } from '../io/readClusters';
import { readPolicies } from '../io/readPolicies';
import { chooseFormat, type Format } from '../output/formats';
import { hasErrors, printFindings } from '../output/findingLines';
import { guessesOf } from '../output/guessesOf';
import { printDocument } from '../output/printDocument';
import { verifyTables } from '../output/verifyTables';
import type { CommandSession } from './CommandSession';
import { meshOption, outputOption, profileOption } from './options';

const VERIFY_FORMATS: readonly Format[] = ['json', 'yaml', 'table', 'markdown'];

interface VerifyCommandOptions {
  catalog: string[];
  policies: string[];
  estate: string[];
  manifests: string[];
  profile: string[];
  mesh: 'detect' | MeshMode;
  output?: string;
}

/** `callgate verify` */
export function addVerify(program: Command, session: CommandSession): void {
  program
    .command('verify')
    .description(
      'Is effective access what is declared? Ends with 0 when nothing is missing and nothing of ours is surplus, else 1.',
    )
    .requiredOption('--catalog <path...>', 'Backstage entities')
    .requiredOption('--policies <path...>', 'AccessPolicies')
    .requiredOption(
      '--estate <path...>',
      'manifests of what runs; NAME=PATH for clusters',
    )
    .requiredOption(
      '--manifests <path...>',
      'generated and hand-written policies; NAME=PATH for clusters, or the folder that compile wrote to',
    )
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(outputOption(VERIFY_FORMATS))
    .addHelpText(
      'after',
      `
Example
  callgate verify --catalog catalog/ --policies policies/ --estate estate/ --manifests clusters/`,
    )
    .action((options: VerifyCommandOptions) => {
      const { context } = session;
      const format = chooseFormat(
        options.output,
        VERIFY_FORMATS,
        context.isTerminal,
      );
      const catalog = readCatalog(options.catalog, context.cwd);
      const declared = readPolicies(options.policies, context.cwd);
      const reading = {
        cwd: context.cwd,
        option: '--estate',
        values: options.estate,
        profiles: options.profile,
        mesh: options.mesh,
      };
      const estate = readClusters(reading);
      const everything = readClusters({
        ...reading,
        more: { option: '--manifests', values: options.manifests },
      });
      const compilation = compile({
        ...declared,
        catalog,
        clusters: estate.clusters,
      });
      const result = verify({
        plan: compilation.plan,
        clusters: everything.clusters,
        failedApis: compilation.failedApis.map(({ api }) => api),
      });
      const findings = [
        ...everything.findings,
        ...compilation.findings,
        ...result.findings,
      ];
      printDocument(context, format, {
        json: {
          schemaVersion: 1,
          equal: result.equal,
          missing: result.missing.map(differenceJson),
          surplusOurs: result.surplusOurs.map(differenceJson),
          surplusForeign: result.surplusForeign.map(differenceJson),
          platform: result.platform.map(differenceJson),
          unknown: result.unknown,
          failedApis: compilation.failedApis.map(
            ({ findings: _, ...failed }) => failed,
          ),
          findings,
          guesses: guessesOf(everything.clusters),
        },
        tables: verifyTables(result),
      });
      if (format === 'table' || format === 'markdown') {
        printFindings(context, findings);
      }
      // Declarations that do not compile were not judged, and what could not be
      // read may open anything: neither is "equal".
      session.finish(
        result.equal &&
          compilation.failedApis.length === 0 &&
          !hasErrors(everything.findings) &&
          declared.unreadable.length === 0
          ? EXIT.ok
          : EXIT.found,
      );
    });
}

function differenceJson({ requests, ...difference }: AccessDifference) {
  return { ...difference, access: toAccessRanges(requests) };
}
