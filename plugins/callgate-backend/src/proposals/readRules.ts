import {
  type CompiledApprovalRule,
  type CompiledGuardrail,
  type Escalation,
  type Finding,
  parseApprovals,
  parseGuardrails,
} from '@callgate/policy';
import type { FileHistory } from '../git/FileHistory';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import type { NoText } from '../git/followLinks';
import { noTextFinding } from './notText';
import type { StandIn } from './types';

/** The platform team's rules and those of who approves, by which is worked now. */
export interface RepositoryRules {
  guardrails: readonly CompiledGuardrail[];
  approvalRules: readonly CompiledApprovalRule[];
  escalate?: Escalation;
  /** The version of each file that holds where the newest one cannot be read. */
  standIns: { guardrails?: StandIn; approvals?: StandIn };
  findings: readonly Finding[];
  /** Those of files that have no version to hold instead: nothing is sent or proposed. */
  blocking: readonly Finding[];
  /** History was asked with success; otherwise it is worth asking again. */
  complete: boolean;
}

interface RuleFile<R, M> {
  path: string;
  code: 'guardrail-invalid' | 'approvals-invalid';
  parse(text: string): {
    rules?: readonly R[];
    /** What else the file says. */
    more?: M;
    findings: readonly Finding[];
  };
}

interface ReadRules<R, M> {
  rules: readonly R[];
  more?: M;
  standIn?: StandIn;
  findings: readonly Finding[];
  blocks: boolean;
  complete: boolean;
}

/**
 * Reads the rules of a commit. Where a file cannot be read, its last version that could be holds: a slip of the pen must
 * neither stop everybody nor ask less of anybody than was asked before it.
 */
export async function readRules(options: {
  files: ReadonlyMap<string, string>;
  /** Files of the commit that are no text. */
  notText: readonly NoText[];
  commit: string;
  config: PolicyRepositoryConfig;
  history: FileHistory;
}): Promise<RepositoryRules> {
  const { config } = options;
  const guardrails = await readFile<CompiledGuardrail>(options, {
    path: config.guardrailsFile,
    code: 'guardrail-invalid',
    parse: text => {
      const parsed = parseGuardrails({ path: config.guardrailsFile, text });
      return { ...parsed, rules: parsed.guardrails };
    },
  });
  const approvals = await readFile<CompiledApprovalRule, Escalation>(options, {
    path: config.approvalsFile,
    code: 'approvals-invalid',
    parse: text => {
      const parsed = parseApprovals({ path: config.approvalsFile, text });
      return { ...parsed, more: parsed.escalate };
    },
  });
  const both = [guardrails, approvals];
  return {
    guardrails: guardrails.rules,
    approvalRules: approvals.rules,
    ...(approvals.more && { escalate: approvals.more }),
    standIns: {
      ...(guardrails.standIn && { guardrails: guardrails.standIn }),
      ...(approvals.standIn && { approvals: approvals.standIn }),
    },
    findings: both.flatMap(({ findings }) => findings),
    blocking: both.flatMap(({ findings, blocks }) => (blocks ? findings : [])),
    complete: both.every(({ complete }) => complete),
  };
}

async function readFile<R, M = never>(
  options: {
    files: ReadonlyMap<string, string>;
    notText: readonly NoText[];
    commit: string;
    history: FileHistory;
  },
  { path, code, parse }: RuleFile<R, M>,
): Promise<ReadRules<R, M>> {
  const { files, notText, commit, history } = options;
  const text = files.get(path);
  const unread = notText.find(each => each.path === path);
  if (text === undefined && !unread)
    return { rules: [], findings: [], blocks: false, complete: true };
  const { rules, more, findings } =
    unread || text === undefined
      ? {
          rules: undefined,
          more: undefined,
          findings: unread ? [noTextFinding(code, unread)] : [],
        }
      : parse(text);
  if (rules)
    return {
      rules,
      ...(more !== undefined && { more }),
      findings,
      blocks: false,
      complete: true,
    };
  let complete = true;
  const good = await history
    .lastGood(commit, path, older => {
      const parsed = parse(older);
      return parsed.rules && { rules: parsed.rules, more: parsed.more };
    })
    .catch(() => {
      complete = false;
      return undefined;
    });
  const standIn = good && { file: path, commit: good.commit, at: good.at };
  return {
    rules: good?.value.rules ?? [],
    ...(good?.value.more !== undefined && { more: good.value.more }),
    ...(standIn && { standIn }),
    findings: findings.map(found => ({ ...found, fix: fixOf(found, standIn) })),
    blocks: !good,
    complete,
  };
}

function fixOf({ at }: Finding, standIn: StandIn | undefined): string {
  const correct = at?.line
    ? 'Correct the rule at the place named'
    : 'Correct the file';
  return standIn
    ? `${correct}. Until then the last version of the file that could be read holds: commit ${standIn.commit.slice(
        0,
        7,
      )} of ${standIn.at.slice(0, 10)}.`
    : `${correct}. Nothing is sent or proposed until then: no earlier version of the file can be read.`;
}
