import type { DigestContent } from '../meaning/types';

/**
 * Who approved a request, and what for. Times are ISO 8601.
 *
 * @public
 */
export interface ReceiptApproval {
  /** Entity ref of the person. */
  by: string;
  /** As what they counted when they approved: `api-owner api:default/orders`, `group group:default/security`. */
  role: string;
  at: string;
  /** Digest of the meaning that they approved. */
  meaning: string;
}

/**
 * A request that a proposal carries out. Times are ISO 8601.
 *
 * @public
 */
export interface ReceiptRequest {
  id: string;
  number: number;
  caller: string;
  requestedBy: string;
  requestedAt: string;
  /** `sha256:` of the reason: what people wrote is not in a receipt. */
  reason: string;
  /** What was approved. */
  meaning: { digest: string; content: DigestContent };
  /** It went on before anybody approved it; absent of every other request. */
  breakGlass?: { expiresAt: string };
  approvals: readonly ReceiptApproval[];
}

/**
 * What a receipt says of its files.
 *
 * @public
 */
export interface ReceiptPredicate {
  /** Full entity ref of the API whose proposal wrote it. */
  api: string;
  /** Address of the policy repository, without credentials. */
  repository: string;
  engine: { name: 'callgate'; version: string };
  /** The declaration, a subject too; people may change it, so that it is not held against the receipt. */
  declaration: string;
  /** Digest of what the proposal does as a whole. */
  meaning: string;
  requests: readonly ReceiptRequest[];
  /** Subjects that were there already as they are, and that no receipt had covered; sorted. */
  found: readonly string[];
  /** Generated files that the proposal removes, sorted. */
  removed: readonly string[];
  /** Digests (hex) of the receipts whose place it takes: the newest of its API, and of its files; sorted. */
  replaces: readonly string[];
}

/**
 * A file by its path in the repository and the digest of its bytes.
 *
 * @public
 */
export interface ReceiptSubject {
  name: string;
  digest: { sha256: string };
}

/**
 * An in-toto Statement, version 1.
 *
 * @public
 */
export interface ReceiptStatement {
  _type: 'https://in-toto.io/Statement/v1';
  subject: readonly ReceiptSubject[];
  predicateType: 'https://callgate.dev/receipt/v1';
  predicate: ReceiptPredicate;
}

/**
 * One signature of a DSSE envelope, in base64.
 *
 * @public
 */
export interface ReceiptSignature {
  keyid: string;
  sig: string;
}

/**
 * A receipt as the repository has it.
 *
 * @public
 */
export interface Receipt {
  path: string;
  /** SHA-256 of the payload, hex: its name. */
  digest: string;
  statement: ReceiptStatement;
  /** What is signed: the pre-authentication encoding of the payload. */
  signed: Uint8Array;
  signatures: readonly ReceiptSignature[];
}

/**
 * What a signature is worth: made by a key that is trusted, by another one, or by a trusted one for something else.
 *
 * @public
 */
export type SignatureVerdict = 'valid' | 'other-key' | 'invalid';

/**
 * Judges one signature. The core knows no keys.
 *
 * @public
 */
export type JudgeSignature = (
  signed: Uint8Array,
  signature: ReceiptSignature,
) => SignatureVerdict;
