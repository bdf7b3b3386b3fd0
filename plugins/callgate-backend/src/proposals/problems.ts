import { isForgeError } from '@callgate/plugin-callgate-node';
import type { Finding } from '@callgate/policy';

/** A proposal cannot be built from what the repository, the estate and the catalog are now. */
export class ProposalError extends Error {
  override readonly name = 'ProposalError';

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

/** Why a proposal does not go on, in words that may be shown. */
export function problemOf(error: unknown): { text: string; lasting: boolean } {
  if (error instanceof ProposalError)
    return { text: error.message, lasting: true };
  if (isForgeError(error))
    return { text: error.message, lasting: LASTING.includes(error.code) };
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'repository-unreachable' || code === 'catalog-unreachable') {
    return { text: message ?? '', lasting: false };
  }
  // What a library says may quote addresses and headers: it is for the log.
  return {
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
