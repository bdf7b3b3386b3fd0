import { shapeMessage } from '../yaml/shapeMessage';
import { fenced } from '../fence';
import { Finding, finding } from '../findings';
import { FieldPath, formatFieldPath, YamlSource } from '../model/YamlSource';
import { SourceFile } from '../source';
import { CelExpression, compileCel } from './celExpression';
import { guardrailsSchema } from './guardrailsSchema';
import { SUBJECT_SCHEMAS } from './subjectSchema';
import { fillSubject, Misfit } from './subjectValues';
import { Guardrail, GuardrailStage, GuardrailValues } from './types';

const MAX_FILE = 1024 * 1024;
const STAGES: readonly GuardrailStage[] = ['draft', 'proposal', 'repository'];

/**
 * A guardrail whose expressions parsed and whose examples came out as they
 * say.
 *
 * @public
 */
export interface CompiledGuardrail {
  guardrail: Guardrail;
  /**
   * Does the rule let a subject pass? One that `match` leaves out passes.
   *
   * @throws Error where an expression cannot be decided for these values.
   */
  passes(values: GuardrailValues): boolean;
}

/**
 * What a file of guardrails comes to.
 *
 * @public
 */
export interface ParsedGuardrails {
  /** absent when there is any error: a rule is never left out quietly */
  guardrails?: readonly CompiledGuardrail[];
  findings: Finding[];
}

class Complaints {
  readonly findings: Finding[] = [];

  constructor(private readonly source: YamlSource) {}

  add(path: FieldPath, text: string): void {
    const place = path.length > 0 ? formatFieldPath(path) : 'the document';
    this.findings.push(
      finding('guardrail-invalid', shapeMessage(place, text), {
        at: this.source.locate(path),
        objects: [this.source.file.path],
      }),
    );
  }
}

type Rule = ReturnType<typeof guardrailsSchema.parse>['spec']['rules'][number];

function compileField(
  rule: Rule,
  field: 'match' | 'expression',
  path: FieldPath,
  complaints: Complaints,
): CelExpression | undefined {
  const text = rule[field];
  if (text === undefined) return undefined;
  const compiled = compileCel(rule.subject, text);
  if ('holds' in compiled) return compiled;
  const before = text.slice(0, compiled.offset);
  complaints.add(
    [...path, field],
    `does not compile at "${text
      .slice(compiled.offset)
      .split('\n')[0]
      .slice(0, 40)}" (character ${before.length + 1}): ${compiled.problem}`,
  );
  return undefined;
}

function exampleValues(
  rule: Rule,
  example: Record<string, unknown>,
): GuardrailValues | Misfit[] {
  const misfits: Misfit[] = [];
  const { stage = 'repository' } = example;
  if (!STAGES.some(each => each === stage))
    misfits.push({
      path: ['stage'],
      problem: `is not one of ${STAGES.join(', ')}`,
    });
  for (const key of Object.keys(example)) {
    if (key !== 'stage' && key !== rule.subject)
      misfits.push({
        path: [key],
        problem: `is not ${rule.subject} or stage`,
      });
  }
  const subject = fillSubject(
    SUBJECT_SCHEMAS[rule.subject],
    example[rule.subject] ?? {},
    misfits,
    [rule.subject],
  );
  return misfits.length > 0 ? misfits : { stage, [rule.subject]: subject };
}

function checkExamples(
  rule: Rule,
  compiled: CompiledGuardrail,
  path: FieldPath,
  complaints: Complaints,
): void {
  for (const outcome of ['pass', 'fail'] as const) {
    rule.examples[outcome].forEach((example, index) => {
      const place = [...path, 'examples', outcome, index];
      const values = exampleValues(rule, example);
      if (Array.isArray(values)) {
        for (const { path: inner, problem } of values as Misfit[])
          complaints.add([...place, ...inner], problem);
        return;
      }
      try {
        const passes = compiled.passes(values as GuardrailValues);
        if (passes !== (outcome === 'pass'))
          complaints.add(
            place,
            outcome === 'pass'
              ? `should pass, and the rule ${rule.name} refuses it`
              : `should fail, and the rule ${rule.name} lets it pass`,
          );
      } catch (error) {
        complaints.add(
          place,
          `cannot be decided by the rule ${rule.name}: ${summaryOf(error)}`,
        );
      }
    });
  }
}

/** The first line of an error of CEL, without its drawing of the place. */
export function summaryOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0];
}

function compileRule(
  source: YamlSource,
  rule: Rule,
  path: FieldPath,
  complaints: Complaints,
): CompiledGuardrail | undefined {
  const match = compileField(rule, 'match', path, complaints);
  const expression = compileField(rule, 'expression', path, complaints);
  if (!expression || (rule.match !== undefined && !match)) return undefined;
  const { examples, ...fields } = rule;
  const compiled: CompiledGuardrail = {
    guardrail: { ...fields, at: source.locate([...path, 'name']) },
    passes: values =>
      (match ? !match.holds(values) : false) || expression.holds(values),
  };
  checkExamples(rule, compiled, path, complaints);
  return compiled;
}

/**
 * Reads the platform team's rules from YAML. One that does not compile, or
 * whose own examples come out otherwise than they say, stops the whole file:
 * each finding names file, line, field and reason.
 *
 * @public
 */
export function parseGuardrails(file: SourceFile): ParsedGuardrails {
  return fenced(
    () => parse(file),
    reason => ({
      findings: [
        finding(
          'guardrail-invalid',
          `${file.path} has a form that is not known`,
          { at: { file: file.path }, objects: [file.path], data: { reason } },
        ),
      ],
    }),
  );
}

function parse(file: SourceFile): ParsedGuardrails {
  if (file.text.length > MAX_FILE)
    return {
      findings: [
        finding(
          'guardrail-invalid',
          `${file.path} has more than ${MAX_FILE} characters`,
          { at: { file: file.path }, objects: [file.path] },
        ),
      ],
    };
  const source = YamlSource.parse(file);
  const complaints = new Complaints(source);
  const syntax = source.syntaxError();
  if (syntax) {
    const message = `${file.path}: ${syntax.message.split('\n')[0]}`;
    const objects = [file.path];
    return {
      findings: [
        finding('guardrail-invalid', message, { at: syntax.at, objects }),
      ],
    };
  }
  let value: unknown;
  try {
    value = source.document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    complaints.add([], `cannot be read: ${summaryOf(error)}`);
    return { findings: complaints.findings };
  }
  const parsed = guardrailsSchema.safeParse(value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      complaints.add(
        issue.path.map(part =>
          typeof part === 'number' ? part : String(part),
        ),
        issue.message,
      );
    return { findings: complaints.findings };
  }
  const seen = new Set<string>();
  const guardrails = parsed.data.spec.rules.flatMap((rule, index) => {
    const path = ['spec', 'rules', index];
    if (seen.has(rule.name))
      complaints.add([...path, 'name'], `repeats the name ${rule.name}`);
    seen.add(rule.name);
    return compileRule(source, rule, path, complaints) ?? [];
  });
  return complaints.findings.length > 0
    ? { findings: complaints.findings }
    : { guardrails, findings: [] };
}
