import { isForgeError } from '@callgate/plugin-callgate-node';
import type { Finding } from '@callgate/policy';
import type { ProposalProblem } from './types';

/** A proposal cannot be built from what the repository, the estate and the catalog are now. */
export class ProposalError extends Error {
  override readonly name = 'ProposalError';

  static of(findings: readonly Finding[]): ProposalError {
    return new ProposalError(sayFindings(findings), {
      code: 'findings',
      findings,
    });
  }

  /** The same as facts; the message is for the log and may name everything. */
  readonly problem: ProposalProblem;

  constructor(message: string, problem?: ProposalProblem) {
    super(message);
    this.problem = problem ?? { code: 'other', text: message };
  }
}

/** Findings as one text: the first of them, and how many more there are. */
export function sayFindings(findings: readonly Finding[]): string {
  const messages = findings.slice(0, 3).map(({ message, at }) => {
    const place = at
      ? ` (${[at.file, at.line].filter(part => part !== undefined).join(':')})`
      : '';
    return `${message}${place}`;
  });
  const more = findings.length > 3 ? ` And ${findings.length - 3} more.` : '';
  return `${messages.join(' ')}${more}`;
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

/** What forges say that names no file and nobody: it is about the repository. A rejection may quote anything. */
const OF_REPOSITORY = [
  'repository-not-found',
  'repository-unreachable',
  'forge-unauthorized',
  'forge-forbidden',
];

/** Why a proposal does not go on: the text for those who may see everything, and the facts for everybody else. */
export function problemOf(error: unknown): {
  text: string;
  problem: ProposalProblem;
  lasting: boolean;
} {
  if (error instanceof ProposalError) {
    const { message: text, problem } = error;
    return { text, problem, lasting: true };
  }
  const { code = '', message } = error as { code?: string; message?: string };
  const say = (
    text: string,
    lasting: boolean,
    kind: 'platform' | 'other' = 'platform',
  ) => ({ text, problem: { code: kind, text }, lasting });
  if (isForgeError(error)) {
    return say(
      error.message,
      LASTING.includes(error.code),
      OF_REPOSITORY.includes(error.code) ? 'platform' : 'other',
    );
  }
  if (code === 'repository-unreachable' || code === 'catalog-unreachable') {
    return say(
      message ?? '',
      false,
      code === 'catalog-unreachable' ? 'platform' : 'other',
    );
  }
  // What a library says may quote addresses and headers: it is for the log.
  return say('An unexpected error; the log of the backend has it.', false);
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
