import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils';
import { parseEntityRefText } from '../entityRef';
import { canonicalJson } from '../meaning/digest';
import type { ReceiptSignature, ReceiptStatement } from './types';

/** Type of the payload in a DSSE envelope. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/**
 * Folder of receipts inside the folder of declarations.
 *
 * @public
 */
export const RECEIPTS_FOLDER = '.receipts';

/**
 * More than ten thousand files need; what is larger is read by nobody.
 *
 * @public
 */
export const MOST_RECEIPT_BYTES = 2 * 1024 * 1024;

/**
 * A statement as it is signed and stored: canonical JSON, so that equal statements are equal bytes.
 *
 * @public
 */
export interface ReceiptPayload {
  /** UTF-8. */
  bytes: Uint8Array;
  /** SHA-256 of the bytes, hex. */
  digest: string;
  /** What a signature is made over: DSSE's pre-authentication encoding. */
  signed: Uint8Array;
}

/**
 * Writes a statement.
 *
 * @public
 */
export function receiptPayload(statement: ReceiptStatement): ReceiptPayload {
  return payloadOf(utf8ToBytes(canonicalJson(statement)));
}

/** The payload with what is derived from it. */
export function payloadOf(bytes: Uint8Array): ReceiptPayload {
  return { bytes, digest: sha256Hex(bytes), signed: encode(bytes) };
}

/**
 * The file of a receipt: a DSSE envelope, without signatures where there is no key.
 *
 * @public
 */
export function receiptFile(
  { bytes }: Pick<ReceiptPayload, 'bytes'>,
  signatures: readonly ReceiptSignature[],
): string {
  const envelope = {
    payload: toBase64(bytes),
    payloadType: PAYLOAD_TYPE,
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })),
  };
  return `${JSON.stringify(envelope, undefined, 2)}\n`;
}

/**
 * Where the receipt of an API belongs: `<policies>/.receipts/<namespace>/<name>/<digest>.json`.
 *
 * @public
 */
export function receiptPath(
  policiesFolder: string,
  api: string,
  digest: string,
): string {
  const { namespace, name } = parseEntityRefText(api)!;
  return `${policiesFolder}/${RECEIPTS_FOLDER}/${namespace}/${name}/${digest}.json`;
}

/**
 * SHA-256 of a text in UTF-8, hex.
 *
 * @public
 */
export function textDigest(text: string): string {
  return sha256Hex(utf8ToBytes(text));
}

/**
 * Name of a key in signatures: the digest of its public half.
 *
 * @param spki - SubjectPublicKeyInfo, DER
 * @public
 */
export function keyIdOf(spki: Uint8Array): string {
  return `sha256:${sha256Hex(spki)}`;
}

function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** One character for each byte, not spread: a call takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}

/** `DSSEv1 LEN(type) type LEN(body) body`, lengths in bytes. */
function encode(body: Uint8Array): Uint8Array {
  const type = utf8ToBytes(PAYLOAD_TYPE);
  const head = `DSSEv1 ${type.length} ${PAYLOAD_TYPE} ${body.length} `;
  return concatBytes(utf8ToBytes(head), body);
}
