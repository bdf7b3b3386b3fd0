import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  checkReceipts,
  RECEIPTS_FOLDER,
  type ReceiptCheck,
  type SourceFile,
} from '@callgate/policy';
import { EXIT } from '../exitCodes';
import { readKeys } from '../io/readKeys';
import { readSourceFiles } from '../io/readSourceFiles';
import {
  findingsTable,
  hasErrors,
  printFindings,
} from '../output/findingLines';
import { chooseFormat, type Format } from '../output/formats';
import { printDocument } from '../output/printDocument';
import { UsageError } from '../UsageError';
import type { CommandSession } from './CommandSession';

const FORMATS: readonly Format[] = ['json', 'yaml', 'table', 'markdown'];

/** Options of `callgate verify --receipts`. */
export interface VerifyReceiptsOptions {
  receipts?: boolean;
  policies?: string[];
  manifests?: string[];
  key?: string[];
  repository?: string[];
  before?: string;
  catalog?: string[];
  estate?: string[];
  output?: string;
}

/** Compares the generated files of a policy repository, which is the working folder, with its receipts. */
export function verifyReceipts(
  session: CommandSession,
  options: VerifyReceiptsOptions,
): void {
  const { context } = session;
  const { cwd } = context;
  const other = (['catalog', 'estate'] as const).find(
    name => options[name] !== undefined,
  );
  if (other)
    throw new UsageError(
      `--${other} does not go with --receipts; compare access in a run of its own`,
    );
  const format = chooseFormat(options.output, FORMATS, context.isTerminal);
  const policiesFolder = oneFolder('policies', options.policies);
  const manifests = oneFolder('clusters', options.manifests, '--manifests');
  context.progress?.('reading receipts and generated files');
  const check = checkReceipts({
    policiesFolder,
    receipts: receiptsOf(cwd, policiesFolder),
    manifests: readSourceFiles([manifests], { cwd, option: '--manifests' }),
    ...(options.key && { judge: readKeys(options.key, cwd) }),
    ...(options.repository && { repositories: options.repository }),
    ...(options.before !== undefined && {
      before: receiptsOf(resolve(cwd, options.before), policiesFolder),
    }),
  });
  const { findings } = check;
  printDocument(context, format, {
    json: {
      schemaVersion: 1,
      ok: !hasErrors(findings),
      signatures: options.key ? 'checked' : 'not-checked',
      receipts: check.receipts.map(receiptJson),
      covered: check.covered,
      findings,
    },
    tables: [
      {
        title: titleOf(check),
        ...findingsTable(findings),
      },
    ],
  });
  if (format === 'table' || format === 'markdown') {
    printFindings(context, findings);
  }
  session.finish(hasErrors(findings) ? EXIT.found : EXIT.ok);
}

/** The files of receipts, by their paths in the repository; there need not be any. */
function receiptsOf(cwd: string, policiesFolder: string): SourceFile[] {
  const folder = `${policiesFolder}/${RECEIPTS_FOLDER}`;
  return existsSync(resolve(cwd, folder))
    ? readSourceFiles([folder], { cwd, option: '--policies' })
    : [];
}

/** Paths in receipts begin at the root of the repository, and with them these. */
function oneFolder(
  otherwise: string,
  given: readonly string[] = [otherwise],
  option = '--policies',
): string {
  const [folder, ...more] = given.map(path =>
    path.replace(/^\.\//, '').replace(/\/+$/, ''),
  );
  if (more.length > 0 || /(^\/|=|(^|\/)\.\.(\/|$))/.test(folder) || !folder)
    throw new UsageError(
      `${option} wants one folder of the policy repository, relative to the working folder, with --receipts`,
    );
  return folder;
}

function receiptJson({
  path,
  digest,
  statement,
  signatures,
}: ReceiptCheck['receipts'][number]) {
  const { api, engine, meaning, requests } = statement.predicate;
  return {
    path,
    digest,
    api,
    engine,
    meaning,
    requests: requests.map(({ id, number }) => ({ id, number })),
    keys: signatures.map(({ keyid }) => keyid),
  };
}

function titleOf({ receipts, covered }: ReceiptCheck): string {
  const count =
    receipts.length === 1 ? '1 receipt' : `${receipts.length} receipts`;
  const files =
    covered === 1 ? '1 generated file is' : `${covered} generated files are`;
  return `${count}; ${files} as the newest one has it`;
}
