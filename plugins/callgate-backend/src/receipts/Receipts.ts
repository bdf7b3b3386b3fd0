import {
  isReceiptPath,
  makeReceipt,
  readReceipt,
  type Receipt,
  receiptFile,
  receiptPath,
  receiptPayload,
  type ReceiptRequest,
  textDigest,
} from '@callgate/policy';
import { version } from '@callgate/policy/package.json';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import { declarationOf } from '../proposals/editDeclaration';
import type {
  BuiltProposal,
  CarriedRequest,
  Snapshot,
} from '../proposals/types';
import type { SigningKey } from './SigningKey';

/** Writes a receipt into each proposal: what it generates, and who approved what. */
export class Receipts {
  readonly #config: PolicyRepositoryConfig;
  readonly #key: SigningKey | undefined;

  constructor(config: PolicyRepositoryConfig, key?: SigningKey) {
    this.#config = config;
    this.#key = key;
  }

  /**
   * The proposal with its receipt; itself where there is nothing to propose. A function of both, so that building again gives
   * the same commit. The receipt goes onto the branch, and not among the files that pages show: it names everybody, in base64,
   * where no reader's discretion would find a name.
   *
   * @param snapshot - what it was planned on
   */
  addTo(snapshot: Snapshot, built: BuiltProposal): BuiltProposal {
    const { carried, errors, after, api } = built;
    if (carried.length === 0 || errors.length > 0 || !after) return built;
    const { policiesFolder } = this.#config;
    const declaration =
      [...built.changes.keys()].find(path =>
        path.startsWith(`${policiesFolder}/`),
      ) ?? declarationOf(snapshot, api)?.file;
    // What changes no declaration proposes nothing.
    if (declaration === undefined) return built;
    const declared =
      built.changes.get(declaration) ??
      snapshot.repository.get(declaration) ??
      '';
    const payload = receiptPayload(
      makeReceipt({
        api,
        repository: withoutCredentials(this.#config.url),
        engine: { name: 'callgate', version },
        declaration,
        declared,
        meaning: built.meaning.digest,
        requests: carried.map(toReceipt),
        changes: built.changes,
        files: after.files ?? after.compilation.files,
        receipts: this.#receiptsOf(snapshot),
        counts: receipt => !this.#key || this.#key.signed(receipt),
      }),
    );
    const signatures = this.#key ? [this.#key.sign(payload.signed)] : [];
    return {
      ...built,
      changes: new Map(built.changes).set(
        receiptPath(policiesFolder, api, payload.digest),
        receiptFile(payload, signatures),
      ),
    };
  }

  /** What cannot be read is no receipt; `callgate verify --receipts` says so. */
  #receiptsOf({ repository }: Snapshot): Receipt[] {
    const { policiesFolder } = this.#config;
    return [...repository]
      .filter(([path]) => isReceiptPath(path, policiesFolder))
      .flatMap(
        ([path, text]) =>
          readReceipt({ path, text }, policiesFolder).receipt ?? [],
      );
  }
}

function toReceipt(request: CarriedRequest): ReceiptRequest {
  const { id, number, caller, requestedBy, createdAt, approvals, approved } =
    request;
  const { breakGlass } = request;
  return {
    id,
    number,
    caller,
    requestedBy,
    requestedAt: createdAt,
    reason: `sha256:${textDigest(request.reason)}`,
    meaning: approved,
    ...(breakGlass && {
      breakGlass: { expiresAt: new Date(breakGlass.expiresAt).toISOString() },
    }),
    approvals: approvals.map(({ by, need, at }) => ({
      by,
      role: need,
      at,
      meaning: approved.digest,
    })),
  };
}

/** An address as everybody may read it. */
function withoutCredentials(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.username = '';
    parsed.password = '';
    parsed.search = '';
    parsed.hash = '';
    return parsed.toString().replace(/\/$/, '');
  } catch {
    return url.replace(/^[^/]*@/, '');
  }
}
