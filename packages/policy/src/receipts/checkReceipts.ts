import { apisOfGenerated } from '../compile/generatedObjects';
import { finding, type Finding, type FindingCode } from '../findings';
import type { SourceFile } from '../source';
import { type Coverage, newestByFile } from './newestReceipts';
import { readReceipt } from './readReceipt';
import { receiptPath, textDigest } from './receiptText';
import type { JudgeSignature, Receipt } from './types';

/**
 * What receipts are checked against.
 *
 * @public
 */
export interface CheckReceiptsInput {
  policiesFolder: string;
  /** Every file of the folder of receipts. */
  receipts: readonly SourceFile[];
  /** Every file of the folder of manifests, hand-written ones among them. */
  manifests: readonly SourceFile[];
  /** Absent: signatures are not looked at. */
  judge?: JudgeSignature;
  /**
   * Addresses that the policy repository has or had.
   *
   * @defaultValue the one that most receipts name; those that name another one are from elsewhere
   */
  repositories?: readonly string[];
  /** Paths of receipts that there were before: they stay for ever. */
  before?: readonly SourceFile[];
}

/**
 * Receipts of a repository, compared with its files.
 *
 * @public
 */
export interface ReceiptCheck {
  findings: Finding[];
  /** Receipts that can be read and count. */
  receipts: readonly Receipt[];
  /** Generated files that are as the newest receipt says. */
  covered: number;
}

/**
 * Says whether every generated file is covered by the newest receipt about it, and unchanged.
 *
 * @public
 */
export function checkReceipts(input: CheckReceiptsInput): ReceiptCheck {
  const { policiesFolder, manifests } = input;
  const read = input.receipts.map(file => readReceipt(file, policiesFolder));
  const readable = read.flatMap(({ receipt }) => receipt ?? []);
  const findings = read.flatMap(({ fault }) => fault ?? []);
  const faults = new Map<Receipt, Finding[]>(
    readable.map(receipt => [
      receipt,
      [
        ...originFaults(receipt, readable, input),
        ...signatureFaults(receipt, input),
      ],
    ]),
  );
  const counted = readable.filter(receipt => !faults.get(receipt)?.length);
  const past = replacedByAny(counted, readable);
  // What was written before there was a key, and all of whose files have newer receipts, is history.
  for (const [receipt, own] of faults) {
    const isHistory = past.has(receipt.digest);
    findings.push(
      ...own.filter(({ code }) => !(isHistory && code === 'receipt-unsigned')),
    );
  }
  findings.push(...missingReceipts(readable, input));
  const newest = newestByFile(counted);
  const withReceipts = new Set(
    readable.map(({ statement }) => statement.predicate.api),
  );
  const texts = new Map(manifests.map(({ path, text }) => [path, text]));
  let covered = 0;
  for (const [path, coverages] of newest) {
    const wrong = fileFault(path, coverages, texts.get(path));
    if (wrong) findings.push(wrong);
    else if (texts.has(path)) covered += 1;
  }
  const before = new Map<string, string[]>();
  for (const file of manifests) {
    if (newest.has(file.path)) continue;
    const apis = apisOfGenerated(file);
    if (apis === undefined) continue;
    if (apis.some(api => withReceipts.has(api)))
      findings.push(
        faultAt(
          'generated-without-receipt',
          file.path,
          `No receipt covers the generated file ${file.path}`,
        ),
      );
    else before.set(file.path, apis);
  }
  if (before.size > 0) {
    const apis = [...new Set([...before.values()].flat())].sort();
    findings.push(
      finding(
        'api-before-receipts',
        `${before.size} generated ${
          before.size === 1 ? 'file is' : 'files are'
        } from before the first receipt of ${
          apis.length > 0 ? apis.join(', ') : 'any API'
        }`,
        { objects: [...before.keys()] },
      ),
    );
  }
  if (!input.judge && readable.length > 0)
    findings.push(
      finding(
        'receipt-key-missing',
        'Signatures of receipts were not looked at: no key was given',
        { objects: [] },
      ),
    );
  return { findings, receipts: counted, covered };
}

function originFaults(
  receipt: Receipt,
  all: readonly Receipt[],
  { repositories }: CheckReceiptsInput,
): Finding[] {
  const { repository } = receipt.statement.predicate;
  const own = repositories ?? [mostNamed(all)];
  return own.includes(repository)
    ? []
    : [
        faultAt(
          'receipt-foreign',
          receipt.path,
          `The receipt ${
            receipt.path
          } is of the repository ${repository}, not of ${own.join(' or ')}`,
        ),
      ];
}

const named = new WeakMap<readonly Receipt[], string>();

function mostNamed(all: readonly Receipt[]): string {
  const known = named.get(all);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const { statement } of all) {
    const { repository } = statement.predicate;
    counts.set(repository, (counts.get(repository) ?? 0) + 1);
  }
  const [most = ''] = [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([repository]) => repository);
  named.set(all, most);
  return most;
}

function signatureFaults(
  receipt: Receipt,
  { judge }: CheckReceiptsInput,
): Finding[] {
  if (!judge) return [];
  const { path, signatures, signed } = receipt;
  if (signatures.length === 0)
    return [
      faultAt('receipt-unsigned', path, `The receipt ${path} is not signed`),
    ];
  const verdicts = signatures.map(signature => judge(signed, signature));
  if (verdicts.includes('invalid'))
    return [
      faultAt(
        'receipt-signature-wrong',
        path,
        `The signature of the receipt ${path} is not of this receipt`,
      ),
    ];
  if (verdicts.includes('valid')) return [];
  return [
    faultAt(
      'receipt-wrong-key',
      path,
      `The receipt ${path} is signed with another key: ${signatures
        .map(({ keyid }) => keyid)
        .join(', ')}`,
    ),
  ];
}

/** Digests that receipts which count take the place of, directly or through others. */
function replacedByAny(
  counted: readonly Receipt[],
  all: readonly Receipt[],
): Set<string> {
  const byDigest = new Map(all.map(receipt => [receipt.digest, receipt]));
  const replaced = new Set<string>();
  const open = [...counted];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const digest of next.statement.predicate.replaces) {
      if (replaced.has(digest)) continue;
      replaced.add(digest);
      const older = byDigest.get(digest);
      if (older) open.push(older);
    }
  }
  return replaced;
}

/** Receipts that others name, or that were there before, and that are gone. */
function missingReceipts(
  readable: readonly Receipt[],
  { receipts, before = [], policiesFolder }: CheckReceiptsInput,
): Finding[] {
  const digests = new Set(
    receipts.map(({ path }) => /([0-9a-f]{64})\.json$/.exec(path)?.[1]),
  );
  const gone = new Map<string, string>();
  for (const { statement, path } of readable) {
    for (const digest of statement.predicate.replaces) {
      if (!digests.has(digest))
        gone.set(
          digest,
          `The receipt ${digest}, of which ${path} takes the place, is not there`,
        );
    }
  }
  const texts = new Map(receipts.map(({ path, text }) => [path, text]));
  for (const file of before) {
    const { receipt } = readReceipt(file, policiesFolder);
    if (!receipt || gone.has(receipt.digest)) continue;
    const place = receiptPath(
      policiesFolder,
      receipt.statement.predicate.api,
      receipt.digest,
    );
    if (!texts.has(place))
      gone.set(
        receipt.digest,
        `The receipt ${place} was there before the change, and is not now`,
      );
  }
  return [...gone].map(([digest, message]) =>
    finding('receipt-missing', message, { objects: [digest] }),
  );
}

function fileFault(
  path: string,
  coverages: readonly Coverage[],
  text: string | undefined,
): Finding | undefined {
  const receipts = coverages.map(({ receipt }) => receipt.path).join(' and ');
  const said = new Set(coverages.map(({ sha256 }) => sha256));
  if (said.size > 1)
    return faultAt(
      'receipts-disagree',
      path,
      `${receipts} say different things of ${path}, and neither comes after the other`,
    );
  const [sha256] = said;
  if (sha256 === undefined)
    return text === undefined
      ? undefined
      : faultAt(
          'generated-edited',
          path,
          `${path} is there, and ${receipts} removed it`,
        );
  if (text === undefined)
    return faultAt(
      'generated-gone',
      path,
      `${path} is gone, and ${receipts} says what it has to be`,
    );
  return textDigest(text) === sha256
    ? undefined
    : faultAt(
        'generated-edited',
        path,
        `${path} is not as ${receipts} has it: it was changed afterwards`,
      );
}

function faultAt(code: FindingCode, path: string, message: string): Finding {
  return finding(code, message, { objects: [path], at: { file: path } });
}
