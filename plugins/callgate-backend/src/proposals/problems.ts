import { isForgeError } from '@callgate/plugin-callgate-node';
import type { Finding } from '@callgate/policy';
import { storageProblem } from './storageProblem';

/** Why a proposal does not go on. */
export type ProblemCode =
  /** What is approved cannot be declared or enforced as things are. */
  | 'not-proposable'
  | 'estate-not-readable'
  | 'catalog-unreachable'
  | 'repository-unreachable'
  /** The forge says no: a permission, a rule, a repository that is not there. */
  | 'forge-refused'
  /** An object or a pull request of the repository cannot be read. */
  | 'repository-damaged'
  /** A row of the database cannot be read. */
  | 'record-damaged'
  /** No space, no permission, or a broken disk. */
  | 'storage-failed'
  | 'unexpected';

/** Who has to do something; `nobody`: waiting mends it. */
export type Mender = 'platform-team' | 'api-owner' | 'nobody';

const MENDERS: Record<ProblemCode, Mender> = {
  'not-proposable': 'api-owner',
  'estate-not-readable': 'platform-team',
  'catalog-unreachable': 'nobody',
  'repository-unreachable': 'nobody',
  'forge-refused': 'platform-team',
  'repository-damaged': 'platform-team',
  'record-damaged': 'platform-team',
  'storage-failed': 'platform-team',
  unexpected: 'platform-team',
};

/** Who mends a problem. Of one that an older version noted, without a code, nothing is known. */
export function menderOf(code: ProblemCode | undefined): Mender {
  return MENDERS[code ?? 'unexpected'] ?? 'platform-team';
}

/** A proposal cannot be built from what the repository, the estate and the catalog are now. */
export class ProposalError extends Error {
  override readonly name = 'ProposalError';

  constructor(
    message: string,
    readonly problem: ProblemCode = 'not-proposable',
  ) {
    super(message);
  }

  static of(findings: readonly Finding[]): ProposalError {
    const messages = findings.slice(0, 3).map(({ message, at }) => {
      const place = at
        ? ` (${[at.file, at.line]
            .filter(part => part !== undefined)
            .join(':')})`
        : '';
      return `${message}${place}`;
    });
    const more = findings.length > 3 ? ` And ${findings.length - 3} more.` : '';
    return new ProposalError(`${messages.join(' ')}${more}`);
  }
}

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 10 * 60_000;
/** What waiting alone does not mend; somebody has to do something. */
const LASTING = [
  'repository-not-found',
  'forge-unauthorized',
  'forge-forbidden',
  'forge-rejected',
];

/** Why a proposal does not go on. */
export interface Problem {
  code: ProblemCode;
  /** In words that may be shown. */
  text: string;
  /** Waiting alone does not mend it. */
  lasting: boolean;
}

/** Why a proposal does not go on, by the error that stopped it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProposalError)
    return { code: error.problem, text: error.message, lasting: true };
  if (isForgeError(error)) {
    const { message: text } = error;
    if (error.code === 'repository-damaged')
      return { code: error.code, text, lasting: true };
    return LASTING.includes(error.code)
      ? { code: 'forge-refused', text, lasting: true }
      : { code: 'repository-unreachable', text, lasting: false };
  }
  const { code, message = '' } = error as { code?: string; message?: string };
  if (code === 'repository-unreachable' || code === 'catalog-unreachable')
    return { code, text: message, lasting: false };
  const storage = storageProblem(error);
  if (storage !== undefined)
    return { code: 'storage-failed', text: storage, lasting: false };
  // What a library says may quote addresses and headers: it is for the log.
  return {
    code: 'unexpected',
    text: 'An unexpected error; the log of the backend has it.',
    lasting: false,
  };
}

/** How long to wait before the next attempt. */
export function delayAfter(error: unknown, attempts: number): number {
  const wished = isForgeError(error)
    ? (error.retryAfterSeconds ?? 0) * 1000
    : 0;
  return Math.max(
    wished,
    Math.min(FIRST_DELAY_MS * 2 ** Math.min(attempts, 20), LONGEST_DELAY_MS),
  );
}
