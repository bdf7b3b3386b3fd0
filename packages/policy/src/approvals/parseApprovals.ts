import { shapeMessage } from '../yaml/shapeMessage';
import { Finding, finding } from '../findings';
import { compileCelIn } from '../guardrails/celExpression';
import { summaryOf } from '../guardrails/parseGuardrails';
import { Misfit } from '../guardrails/subjectValues';
import { FieldPath, formatFieldPath, YamlSource } from '../model/YamlSource';
import { SourceFile, SourcePosition } from '../source';
import { approvalEnvironment, approvalValues } from './approvalVocabulary';
import { approvalsSchema } from './approvalsSchema';
import { CompiledApprovalRule } from './types';

const MAX_FILE = 1024 * 1024;

/**
 * What a file of the rules of who approves comes to.
 *
 * @public
 */
export interface ParsedApprovals {
  /** absent when there is any error: a rule is never left out quietly */
  rules?: readonly CompiledApprovalRule[];
  findings: Finding[];
}

type Complain = (path: FieldPath, text: string) => void;
type Rule = ReturnType<typeof approvalsSchema.parse>['spec']['rules'][number];

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
  const seen = new Set<string>();
  const rules = parsed.data.spec.rules.flatMap((rule, index) => {
    const path = ['spec', 'rules', index];
    if (seen.has(rule.name))
      complain([...path, 'name'], `repeats the name ${rule.name}`);
    seen.add(rule.name);
    const at = source.locate([...path, 'name']);
    return compileRule(rule, path, at, complain) ?? [];
  });
  return findings.length > 0 ? { findings } : { rules, findings };
}

function compileRule(
  { examples, auto: _, ...rule }: Rule,
  path: FieldPath,
  at: SourcePosition,
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
  return { rule: { ...rule, at }, holds: when.holds };
}
