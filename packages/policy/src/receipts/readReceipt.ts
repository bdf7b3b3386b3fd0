import { finding, type Finding } from '../findings';
import { canonicalJson } from '../meaning/digest';
import type { SourceFile } from '../source';
import { fenced } from '../fence';
import { envelopeSchema, statementSchema } from './receiptSchema';
import {
  MOST_RECEIPT_BYTES,
  payloadOf,
  RECEIPTS_FOLDER,
  receiptFile,
  receiptPath,
} from './receiptText';
import type { Receipt, ReceiptStatement } from './types';

/**
 * A receipt, or what is wrong with the file.
 *
 * @public
 */
export type ReadReceipt =
  | { receipt: Receipt; fault?: undefined }
  | { receipt?: undefined; fault: Finding };

/**
 * Whether a file is a receipt by its place.
 *
 * @public
 */
export function isReceiptPath(path: string, policiesFolder: string): boolean {
  return path.startsWith(`${policiesFolder}/${RECEIPTS_FOLDER}/`);
}

/**
 * Reads a receipt. It has one spelling: keys that come twice, other blanks or another order of fields are refused, so that no
 * two readers take it for different things.
 *
 * @public
 */
export function readReceipt(
  file: SourceFile,
  policiesFolder: string,
): ReadReceipt {
  const invalid = (why: string) => faultOf('receipt-invalid', file, why);
  if (file.text.length > MOST_RECEIPT_BYTES)
    return invalid(
      `has ${file.text.length} characters; no receipt is longer than ${MOST_RECEIPT_BYTES}`,
    );
  return fenced<ReadReceipt>(
    () => read(file, policiesFolder, invalid),
    () => invalid('is not JSON as Callgate writes it'),
  );
}

function read(
  file: SourceFile,
  policiesFolder: string,
  invalid: (why: string) => ReadReceipt,
): ReadReceipt {
  const envelope = envelopeSchema.safeParse(JSON.parse(file.text));
  if (!envelope.success) return invalid('is not a DSSE envelope of in-toto');
  const { payload, signatures } = envelope.data;
  const bytes = Uint8Array.from(atob(payload), character =>
    character.charCodeAt(0),
  );
  if (receiptFile({ bytes }, signatures) !== file.text)
    return invalid('is not spelled as Callgate writes it');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const parsed: unknown = JSON.parse(text);
  if (canonicalJson(parsed) !== text)
    return invalid('has a payload that is not canonical JSON');
  const statement = statementSchema.safeParse(parsed);
  if (!statement.success) {
    const [issue] = statement.error.issues;
    return invalid(
      `has a payload that is no receipt: ${issue.path.join('.')} ${
        issue.message
      }`,
    );
  }
  const twice = pathTwice(statement.data);
  if (twice !== undefined) return invalid(`names ${twice} twice`);
  const { digest, signed } = payloadOf(bytes);
  if (!file.path.endsWith(`/${digest}.json`))
    return faultOf(
      'receipt-altered',
      file,
      `has the digest ${digest}, which is not its name`,
    );
  const { api } = statement.data.predicate;
  const place = receiptPath(policiesFolder, api, digest);
  if (file.path !== place)
    return faultOf(
      'receipt-misplaced',
      file,
      `is of ${api} and belongs at ${place}`,
    );
  return {
    receipt: {
      path: file.path,
      digest,
      statement: statement.data,
      signed,
      signatures,
    },
  };
}

/** A path that is a subject or removed more than once. */
function pathTwice({
  subject,
  predicate,
}: ReceiptStatement): string | undefined {
  const all = [...subject.map(({ name }) => name), ...predicate.removed];
  const seen = new Set<string>();
  return all.find(path => seen.size === seen.add(path).size);
}

function faultOf(
  code: 'receipt-invalid' | 'receipt-altered' | 'receipt-misplaced',
  { path }: SourceFile,
  why: string,
): ReadReceipt {
  return {
    fault: finding(code, `The receipt ${path} ${why}`, {
      objects: [path],
      at: { file: path },
    }),
  };
}
