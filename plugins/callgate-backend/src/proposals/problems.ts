import { type ForgeError, isForgeError } from '@callgate/plugin-callgate-node';
import { type Finding, findingTexts, type Namer } from '@callgate/policy';
import { storageProblem } from './storageProblem';

/** Who has to do something; `nobody`: waiting mends it. */
export type Mender = 'platform-team' | 'api-owner' | 'nobody';

/** Who mends each problem, and whether waiting alone does not. */
const PROBLEMS = {
  /** What is approved cannot be declared or enforced as things are. */
  'not-proposable': { mender: 'api-owner', lasting: true },
  /** The estate as a whole, or a cluster that is concerned. */
  'estate-not-readable': { mender: 'platform-team', lasting: true },
  /** Guardrails or the rules of who approves, of which no earlier version can be read either. */
  'rules-not-readable': { mender: 'platform-team', lasting: true },
  'catalog-unreachable': { mender: 'nobody', lasting: false },
  'repository-unreachable': { mender: 'nobody', lasting: false },
  /** The forge says no: a permission, a rule, a repository that is not there. */
  'forge-refused': { mender: 'platform-team', lasting: true },
  /** An object or a pull request of the repository cannot be read. */
  'repository-damaged': { mender: 'platform-team', lasting: true },
  /** Its API has an open pull request that imports what is in force. */
  'import-open': { mender: 'platform-team', lasting: false },
  /** What an import would write is not what was chosen any more. */
  'import-changed': { mender: 'platform-team', lasting: true },
  /** A row of the database cannot be read. */
  'record-damaged': { mender: 'platform-team', lasting: true },
  /** No space, no permission, or a broken disk; tried again by itself. */
  'storage-failed': { mender: 'platform-team', lasting: false },
  unexpected: { mender: 'platform-team', lasting: false },
} as const satisfies Record<string, { mender: Mender; lasting: boolean }>;

/** Why a proposal does not go on. */
export type ProblemCode = keyof typeof PROBLEMS;

/** Why a proposal does not go on: facts, which are put into words for each reader. */
export type ProposalProblem =
  | { code: 'not-proposable'; findings: readonly Finding[] }
  | {
      code: Exclude<ProblemCode, 'not-proposable'>;
      text: string;
      /** It is about the platform and nobody's secret. Any other text may name anybody. */
      tellable?: true;
    };

/** Whether something that was stored is a problem as this version knows them. */
export function isProblem(value: unknown): value is ProposalProblem {
  const { code, findings, text } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof code === 'string' &&
    Object.hasOwn(PROBLEMS, code) &&
    (code === 'not-proposable'
      ? Array.isArray(findings)
      : typeof text === 'string')
  );
}

/** Who mends a problem. */
export function menderOf(code: ProblemCode): Mender {
  return PROBLEMS[code].mender;
}

/** Whether somebody has to do something: waiting alone does not mend it. */
export function isLasting(code: ProblemCode): boolean {
  return PROBLEMS[code].lasting;
}

/** A problem in words for the log, and for those from whom nothing is hidden: it may name everything. */
export function sayProblem(problem: ProposalProblem): string {
  return problem.code === 'not-proposable'
    ? sayFindings(problem.findings)
    : problem.text;
}

/**
 * Findings as one text: the first of them, and how many more there are.
 *
 * @param namer - how a reader knows what they name; without one it is for the log, which has ids
 */
export function sayFindings(
  findings: readonly Finding[],
  namer?: Namer,
): string {
  const messages = findings.slice(0, 3).map(found => {
    const { at } = found;
    const message = namer ? findingTexts(found, namer).message : found.message;
    const place = at
      ? ` (${[at.file, at.line].filter(part => part !== undefined).join(':')})`
      : '';
    return `${message}${place}`;
  });
  const more = findings.length > 3 ? ` And ${findings.length - 3} more.` : '';
  return `${messages.join(' ')}${more}`;
}

/** What is wrong with what the platform team writes, and with nobody's request. */
const OF_CLUSTERS: readonly Finding['code'][] = [
  'estate-not-readable',
  'profile-invalid',
];
const OF_RULES: readonly Finding['code'][] = [
  'guardrail-invalid',
  'approvals-invalid',
];

/** A proposal cannot be built from what the repository, the estate and the catalog are now. */
export class ProposalError extends Error {
  override readonly name = 'ProposalError';

  static of(findings: readonly Finding[]): ProposalError {
    const isOf = (codes: readonly Finding['code'][]) =>
      findings.length > 0 && findings.every(({ code }) => codes.includes(code));
    if (isOf(OF_CLUSTERS))
      return new ProposalError({
        code: 'estate-not-readable',
        text: `${sayFindings(findings).replace(
          /\.?$/,
          '.',
        )} It waits until the platform team has corrected that.`,
      });
    if (isOf(OF_RULES))
      return new ProposalError({
        code: 'rules-not-readable',
        text: `Nothing is proposed while the platform team's rules cannot be read. ${sayFindings(
          findings,
        )}`,
        tellable: true,
      });
    return new ProposalError({ code: 'not-proposable', findings });
  }

  constructor(readonly problem: ProposalProblem) {
    super(sayProblem(problem));
  }
}

/** What forges refuse lastingly. */
const REFUSALS = [
  'repository-not-found',
  'forge-unauthorized',
  'forge-forbidden',
  'forge-rejected',
];

/** What forges say that names no file and nobody: it is about the repository. A rejection may quote anything. */
const OF_REPOSITORY = [
  'repository-not-found',
  'repository-unreachable',
  'repository-damaged',
  'forge-unauthorized',
  'forge-forbidden',
];

/** Why a proposal does not go on, by the error that stopped it. */
export function problemOf(error: unknown): ProposalProblem {
  if (error instanceof ProposalError) return error.problem;
  if (isForgeError(error)) return problemOfForge(error);
  const { code, message = '' } = error as { code?: string; message?: string };
  if (code === 'catalog-unreachable')
    return { code, text: message, tellable: true };
  const storage = storageProblem(error);
  if (storage !== undefined)
    return { code: 'storage-failed', text: storage, tellable: true };
  // What a library says may quote addresses and headers: it is for the log.
  return {
    code: 'unexpected',
    text: 'An unexpected error; the log of the backend has it.',
    tellable: true,
  };
}

function problemOfForge({ code, message }: ForgeError): ProposalProblem {
  const said = {
    text: message,
    ...(OF_REPOSITORY.includes(code) && { tellable: true as const }),
  };
  if (code === 'repository-damaged') return { code, ...said };
  return REFUSALS.includes(code)
    ? { code: 'forge-refused', ...said }
    : { code: 'repository-unreachable', ...said };
}

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 10 * 60_000;

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
