import { apisOfGenerated } from '../compile/generatedObjects';
import type { SourceFile } from '../source';
import { headsOf, newestByFile } from './newestReceipts';
import { textDigest } from './receiptText';
import type { Receipt, ReceiptPredicate, ReceiptStatement } from './types';

/**
 * What a receipt is made of.
 *
 * @public
 */
export interface ReceiptInput
  extends Pick<
    ReceiptPredicate,
    'api' | 'repository' | 'engine' | 'declaration' | 'meaning' | 'requests'
  > {
  /** What the proposal writes, and with `undefined` removes. */
  changes: ReadonlyMap<string, string | undefined>;
  /** Generated files after the proposal. */
  files: readonly SourceFile[];
  /** Text of the declaration after the proposal. */
  declared: string;
  /** Every receipt that can be read. */
  receipts: readonly Receipt[];
  /** Those of them that count: others cover nothing. */
  counts: (receipt: Receipt) => boolean;
}

/**
 * The statement of a proposal: its declaration, the generated files that it writes, and those of its API that no receipt covers
 * yet. A function of its input alone.
 *
 * @public
 */
export function makeReceipt(input: ReceiptInput): ReceiptStatement {
  const { api, changes, files, declaration, receipts, counts } = input;
  const covered = newestByFile(receipts.filter(counts));
  const written = files.filter(({ path }) => changes.has(path));
  const found = files.filter(
    file =>
      !changes.has(file.path) &&
      !covered.has(file.path) &&
      apisOfGenerated(file)?.includes(api),
  );
  const removed = [...changes]
    .filter(([path, text]) => text === undefined && path !== declaration)
    .map(([path]) => path)
    .sort();
  const subjects = [...written, ...found];
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ path: declaration, text: input.declared }, ...subjects]
      .map(({ path, text }) => ({
        name: path,
        digest: { sha256: textDigest(text) },
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    predicateType: 'https://callgate.dev/receipt/v1',
    predicate: {
      api,
      repository: input.repository,
      engine: input.engine,
      declaration,
      meaning: input.meaning,
      requests: input.requests,
      found: found.map(({ path }) => path).sort(),
      removed,
      replaces: replacedBy(
        api,
        [...subjects.map(({ path }) => path), ...removed],
        receipts,
      ),
    },
  };
}

/** The newest receipts of the API and of the files, whoever signed them: what comes after them has the last word. */
function replacedBy(
  api: string,
  paths: readonly string[],
  receipts: readonly Receipt[],
): string[] {
  const own = receipts.filter(
    ({ statement }) => statement.predicate.api === api,
  );
  const newest = newestByFile(receipts);
  return [
    ...new Set([
      ...headsOf(own, receipt => receipt).map(({ digest }) => digest),
      ...paths.flatMap(path =>
        (newest.get(path) ?? []).map(({ receipt }) => receipt.digest),
      ),
    ]),
  ].sort();
}
