import { shapeMessage } from '../yaml/shapeMessage';
import { Finding, finding } from '../findings';
import { compileCelIn } from '../guardrails/celExpression';
import { summaryOf } from '../guardrails/parseGuardrails';
import { Misfit } from '../guardrails/subjectValues';
import { FieldPath, formatFieldPath, YamlSource } from '../model/YamlSource';
import { SourceFile, SourcePosition } from '../source';
import { approvalEnvironment, approvalValues } from './approvalVocabulary';
import { approvalRulesSchema, approvalsSchema } from './approvalsSchema';
import { autoRestsOn } from './autoRests';
import { CompiledApprovalRule, Escalation } from './types';

const MAX_FILE = 1024 * 1024;

/**
 * What a file of the rules of who approves comes to.
 *
 * @public
 */
export interface ParsedApprovals {
  /** absent when there is any error: a rule is never left out quietly */
  rules?: readonly CompiledApprovalRule[];
  /** whom it is to be told that nobody decides; absent: nobody */
  escalate?: Escalation;
  findings: Finding[];
}

/**
 * What rules of who approves come to that stand in a configuration.
 *
 * @public
 */
export interface ConfiguredApprovals {
  /** absent when there is any problem */
  rules?: readonly CompiledApprovalRule[];
  /** what is wrong, each with its field, such as `[0].when` */
  problems: { field: string; problem: string }[];
}

type Complain = (path: FieldPath, text: string) => void;
type Rule = ReturnType<typeof approvalRulesSchema.parse>[number];
type Written = Pick<CompiledApprovalRule['rule'], 'at' | 'source'>;

/**
 * Reads the rules of who approves from YAML. One that does not compile, whose
 * examples come out otherwise than they say, or that uses what is not
 * supported, stops the whole file, with file, line and reason.
 *
 * @public
 */
export function parseApprovals(file: SourceFile): ParsedApprovals {
  const findings: Finding[] = [];
  const add = (message: string, at: SourcePosition) =>
    findings.push(
      finding('approvals-invalid', message, { at, objects: [file.path] }),
    );
  if (file.text.length > MAX_FILE) {
    add(`${file.path} has more than ${MAX_FILE} characters`, {
      file: file.path,
    });
    return { findings };
  }
  const source = YamlSource.parse(file);
  const syntax = source.syntaxError();
  if (syntax) {
    add(`${file.path}: ${syntax.message.split('\n')[0]}`, syntax.at);
    return { findings };
  }
  const complain: Complain = (path, text) =>
    add(
      shapeMessage(
        path.length > 0 ? formatFieldPath(path) : 'the document',
        text,
      ),
      source.locate(path),
    );
  let value: unknown;
  try {
    value = source.document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    complain([], `cannot be read: ${summaryOf(error)}`);
    return { findings };
  }
  const parsed = approvalsSchema.safeParse(value);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      complain(
        path.map(part => (typeof part === 'number' ? part : String(part))),
        message,
      );
    return { findings };
  }
  const { rules, escalate } = parsed.data.spec;
  const compiled = compileRules(
    rules,
    ['spec', 'rules'],
    path => ({ source: 'repository', at: source.locate(path) }),
    complain,
  );
  if (findings.length > 0) return { findings };
  const { remind, after, to } = escalate ?? {};
  return {
    rules: compiled,
    ...(escalate && {
      escalate: {
        ...(remind !== undefined && { remindHours: remind }),
        ...(after !== undefined && { afterHours: after }),
        ...(to !== undefined && { to }),
      },
    }),
    findings,
  };
}

/**
 * Reads rules of who approves that stand in a configuration: those of a file,
 * without what stands around them there.
 *
 * @param value - what stands under `name`
 * @param name - the key in the configuration, for whoever looks for a rule
 *
 * @public
 */
export function readApprovalRules(
  value: unknown,
  name: string,
): ConfiguredApprovals {
  const problems: ConfiguredApprovals['problems'] = [];
  const complain: Complain = (path, problem) =>
    problems.push({ field: formatFieldPath(path), problem });
  const parsed = approvalRulesSchema.safeParse(value);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      complain(
        path.map(part => (typeof part === 'number' ? part : String(part))),
        message,
      );
    return { problems };
  }
  const rules = compileRules(
    parsed.data,
    [],
    () => ({ source: 'configuration', at: { file: name } }),
    complain,
  );
  return problems.length > 0 ? { problems } : { rules, problems };
}

function compileRules(
  rules: readonly Rule[],
  at: FieldPath,
  written: (path: FieldPath) => Written,
  complain: Complain,
): CompiledApprovalRule[] {
  const seen = new Set<string>();
  return rules.flatMap((rule, index) => {
    const path = [...at, index];
    if (seen.has(rule.name))
      complain([...path, 'name'], `repeats the name ${rule.name}`);
    seen.add(rule.name);
    return compileRule(rule, path, written([...path, 'name']), complain) ?? [];
  });
}

function compileRule(
  { examples, ...rule }: Rule,
  path: FieldPath,
  written: Written,
  complain: Complain,
): CompiledApprovalRule | undefined {
  const when = compileCelIn(approvalEnvironment, rule.when);
  if (!('holds' in when)) {
    const place = rule.when.slice(when.offset).split('\n')[0].slice(0, 40);
    complain(
      [...path, 'when'],
      `does not compile at "${place}" (character ${when.offset + 1}): ${
        when.problem
      }`,
    );
    return undefined;
  }
  const rests = rule.auto ? autoRestsOn(when) : { claims: [] };
  if ('refused' in rests) {
    complain(
      [...path, 'when'],
      `reads ${rests.refused
        .map(field => (field === '*' ? 'caller as a whole' : `caller.${field}`))
        .join(
          ', ',
        )}, which the caller's own team writes: with auto they would approve for themselves. Read api, request, or caller.ref, .owners and .system`,
    );
    return undefined;
  }
  for (const outcome of ['hold', 'not'] as const) {
    examples[outcome].forEach((example, index) => {
      const place = [...path, 'examples', outcome, index];
      const misfits: Misfit[] = [];
      const values = approvalValues(example, misfits);
      misfits.forEach(each => complain([...place, ...each.path], each.problem));
      if (misfits.length > 0) return;
      try {
        if (when.holds(values) !== (outcome === 'hold'))
          complain(
            place,
            outcome === 'hold'
              ? `should hold, and the rule ${rule.name} is not about it`
              : `should not hold, and the rule ${rule.name} is about it`,
          );
      } catch (error) {
        complain(
          place,
          `cannot be decided by the rule ${rule.name}: ${summaryOf(error)}`,
        );
      }
    });
  }
  return {
    rule: { ...rule, needs: rule.needs ?? [], ...written },
    claims: rests.claims,
    holds: when.holds,
  };
}
