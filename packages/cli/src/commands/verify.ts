import type { Command } from 'commander';
import {
  compile,
  inForceOf,
  oncePerApi,
  toAccessRanges,
  verify,
  type AccessDifference,
  type HeldGrant,
  type MeshMode,
} from '@callgate/policy';
import { EXIT } from '../exitCodes';
import { readCatalog } from '../io/readCatalog';
import { readClusters } from '../io/readClusters';
import { readPolicies } from '../io/readPolicies';
import { chooseFormat, type Format } from '../output/formats';
import { printFindings } from '../output/findingLines';
import { foundOf } from '../output/foundValues';
import { guessesOf } from '../output/guessesOf';
import { printDocument } from '../output/printDocument';
import { verifyTables } from '../output/verifyTables';
import { UsageError } from '../UsageError';
import type { CommandSession } from './CommandSession';
import { verifyReceipts, type VerifyReceiptsOptions } from './verifyReceipts';
import {
  excludeOption,
  meshOption,
  namespaceOption,
  outputOption,
  profileOption,
} from './options';

const VERIFY_FORMATS: readonly Format[] = ['json', 'yaml', 'table', 'markdown'];

interface VerifyCommandOptions extends Record<Required, string[]> {
  profile: string[];
  mesh: 'detect' | MeshMode;
  namespace?: string;
  exclude: string[];
  output?: string;
}

/** What has to be named where access is compared. */
const REQUIRED = ['catalog', 'policies', 'estate', 'manifests'] as const;
type Required = (typeof REQUIRED)[number];

type GivenOptions = Omit<VerifyCommandOptions, Required> &
  Partial<Pick<VerifyCommandOptions, Required>> &
  VerifyReceiptsOptions;

/** @throws UsageError for what is not named, or belongs to receipts alone */
function requireAll(given: GivenOptions): VerifyCommandOptions {
  const missing = REQUIRED.find(name => given[name] === undefined);
  if (missing)
    throw new UsageError(
      `required option '--${missing} <path...>' not specified`,
    );
  const alone = (['key', 'repository', 'before'] as const).find(
    name => given[name] !== undefined,
  );
  if (alone) throw new UsageError(`--${alone} goes with --receipts only`);
  return given as VerifyCommandOptions;
}

/** `callgate verify` */
export function addVerify(program: Command, session: CommandSession): void {
  program
    .command('verify')
    .description(
      'Is effective access what is declared? Ends with 0 when nothing is missing and nothing of ours is surplus, else 1. With --receipts: is what is generated what was approved?',
    )
    .option('--catalog <path...>', 'Backstage entities')
    .option(
      '--policies <path...>',
      'AccessPolicies; with --receipts the one folder of them (default there: policies)',
    )
    .option(
      '--estate <path...>',
      'manifests of what runs; NAME=PATH for clusters',
    )
    .option(
      '--manifests <path...>',
      'generated and hand-written policies; NAME=PATH for clusters, or the folder that compile wrote to; with --receipts the one folder of them (default there: clusters)',
    )
    .option(
      '--receipts',
      'instead: is every generated file what a receipt says was approved? In a checkout of the policy repository',
    )
    .option(
      '--key <file...>',
      'with --receipts: public keys that count, PEM; without it signatures are not looked at',
    )
    .option(
      '--repository <address...>',
      'with --receipts: addresses that the policy repository has or had (default: what most receipts name)',
    )
    .option(
      '--before <folder>',
      'with --receipts: the target branch; a receipt that is there has to be here as well',
    )
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(namespaceOption())
    .addOption(excludeOption())
    .addOption(outputOption(VERIFY_FORMATS))
    .addHelpText(
      'after',
      `
What cannot be judged is in none of the lists; it is named on stderr.
  - a declaration with errors: what it means is unknown. It does not change the
    exit code; "callgate compile --check" ends with 1 for it.
  - a manifest that cannot be read could open or close anything: exit code 1.

Example
  callgate verify --catalog catalog/ --policies policies/ --estate estate/ --manifests clusters/
  callgate verify --receipts --key keys/callgate.pub.pem`,
    )
    .action((given: GivenOptions) => {
      const { context } = session;
      if (given.receipts) {
        verifyReceipts(session, given);
        return;
      }
      const options = requireAll(given);
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
        ...(options.namespace !== undefined && {
          namespace: options.namespace,
        }),
        exclude: options.exclude,
      };
      context.progress?.('reading declarations, estate and manifests');
      const estate = readClusters(reading);
      const everything = readClusters({
        ...reading,
        more: { option: '--manifests', values: options.manifests },
      });
      const compilation = compile({
        ...declared,
        catalog,
        clusters: estate.clusters,
        inForce: inForceOf(everything.clusters),
      });
      context.progress?.('comparing declared and effective access');
      const result = verify({
        plan: compilation.plan,
        clusters: everything.clusters,
        failedApis: compilation.failedApis.map(({ api }) => api),
        kept: compilation.kept,
      });
      const findings = [
        ...everything.findings,
        ...oncePerApi(compilation.findings),
        ...result.findings,
      ];
      const unread = everything.findings.filter(
        ({ severity }) => severity === 'error',
      ).length;
      const isEqual = result.equal && unread === 0;
      printDocument(context, format, {
        json: {
          schemaVersion: 1,
          equal: isEqual,
          missing: result.missing.map(differenceJson),
          surplusOurs: result.surplusOurs.map(differenceJson),
          surplusForeign: result.surplusForeign.map(differenceJson),
          platform: result.platform.map(differenceJson),
          unknown: result.unknown,
          others: result.others,
          failedApis: compilation.failedApis.map(
            ({ findings: _, ...failed }) => failed,
          ),
          held: compilation.held.map(({ findings: _, ...held }) => held),
          findings,
          guesses: guessesOf(everything.clusters),
          found: foundOf(everything.clusters),
        },
        tables: verifyTables(result),
      });
      if (format === 'table' || format === 'markdown') {
        printFindings(context, findings);
      }
      context.stderr(
        notJudged({
          apis: compilation.failedApis.map(({ api }) => api),
          grants: compilation.held,
          files: declared.unreadable
            .filter(({ api }) => api === undefined)
            .map(({ file }) => file),
          unread,
        }),
      );
      session.finish(isEqual ? EXIT.ok : EXIT.found);
    });
}

/** What the lists say nothing about, a line for each kind of it. */
function notJudged(what: {
  apis: readonly string[];
  grants: readonly HeldGrant[];
  /** Declarations of which nobody can say what API they are about. */
  files: readonly string[];
  unread: number;
}): string {
  const lines = [
    what.apis.length > 0 &&
      `Not judged, because the declaration has errors: ${what.apis.join(', ')}`,
    what.grants.length > 0 &&
      `Not judged, because the grant has an error: ${what.grants
        .map(({ api, grantId }) => `${grantId} of ${api}`)
        .join(', ')}`,
    what.files.length > 0 &&
      `Not judged, because no declaration can be read from it: ${what.files.join(
        ', ',
      )}`,
    what.unread > 0 &&
      `Not equal, because ${
        what.unread === 1 ? 'a manifest' : `${what.unread} manifests`
      } could not be read and may open anything`,
  ];
  return lines
    .filter(line => line !== false)
    .map(line => `${line}\n`)
    .join('');
}

function differenceJson({ requests, ...difference }: AccessDifference) {
  return { ...difference, access: toAccessRanges(requests) };
}
