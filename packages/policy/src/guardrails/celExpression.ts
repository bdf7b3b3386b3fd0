import { ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { CelSchema, SUBJECT_SCHEMAS } from './subjectSchema';
import { GuardrailSubject, GuardrailValues } from './types';

/** An expression that parsed, uses only what exists, and gives true or false. */
export interface CelExpression {
  /** @throws Error where the expression cannot be decided, such as a missing label. */
  holds(values: GuardrailValues): boolean;
  /** Fields of a variable that it reads; `*` where it takes the variable as a whole, or a field that is worked out. */
  reads(variable: string): ReadonlySet<string>;
}

/** Why an expression cannot be used; `offset` counts from its first character. */
export interface CelProblem {
  problem: string;
  offset: number;
}

/** More would be no rule that a person reviews. */
const MAX_EXPRESSION = 10_000;
const LIMITS = {
  maxAstNodes: 2000,
  maxDepth: 60,
  maxListElements: 500,
  maxMapEntries: 100,
  maxCallArguments: 16,
};

const environments = new Map<GuardrailSubject, Environment>();

function environmentOf(subject: GuardrailSubject): Environment {
  let environment = environments.get(subject);
  if (!environment) {
    environment = celEnvironment({
      stage: 'string',
      [subject]: SUBJECT_SCHEMAS[subject],
    });
    environments.set(subject, environment);
  }
  return environment;
}

/** What an expression may use: these variables, and the library that all rules share. */
export function celEnvironment(
  variables: Readonly<Record<string, CelSchema>>,
): Environment {
  return Object.entries(variables).reduce(
    (environment, [name, schema]) =>
      typeof schema === 'string'
        ? environment.registerVariable(name, schema)
        : environment.registerVariable({ name, schema }),
    new Environment({ enableOptionalTypes: true, limits: LIMITS }),
  );
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value;
}

/** The first call of `matches`: JavaScript's regular expressions may take forever, and CEL promises that none does. */
function findMatches(value: unknown): ASTNode | undefined {
  if (Array.isArray(value)) {
    for (const each of value) {
      const found = findMatches(each);
      if (found) return found;
    }
    return undefined;
  }
  if (!isNode(value)) return undefined;
  const called = value.op === 'call' || value.op === 'rcall';
  if (called && value.args[0] === 'matches') return value;
  return findMatches(value.args);
}

/** Adds the fields of a variable that a part of an expression reads. */
function addReads(value: unknown, variable: string, reads: Set<string>): void {
  if (Array.isArray(value)) {
    value.forEach(each => addReads(each, variable, reads));
    return;
  }
  if (!isNode(value)) return;
  const of: unknown = value.args;
  if (value.op === 'id') {
    if (of === variable) reads.add('*');
    return;
  }
  if (value.op === '.' && Array.isArray(of)) {
    const [object, field] = of as unknown[];
    if (
      isNode(object) &&
      object.op === 'id' &&
      (object.args as unknown) === variable &&
      typeof field === 'string'
    ) {
      reads.add(field);
      return;
    }
  }
  addReads(of, variable, reads);
}

/**
 * Compiles an expression over one kind of subject. Names and types are checked
 * now: a misspelt field never waits for the day on which it is needed.
 */
export function compileCel(
  subject: GuardrailSubject,
  text: string,
): CelExpression | CelProblem {
  return compileCelIn(environmentOf(subject), text);
}

/** Compiles an expression over what an environment has. */
export function compileCelIn(
  environment: Environment,
  text: string,
): CelExpression | CelProblem {
  if (text.length > MAX_EXPRESSION)
    return {
      problem: `has ${text.length} characters; at most ${MAX_EXPRESSION} are allowed`,
      offset: 0,
    };
  try {
    const parsed = environment.parse(text);
    const checked = parsed.check();
    if (!checked.valid)
      return {
        problem: checked.error?.summary ?? 'cannot be checked',
        offset: checked.error?.range?.start ?? 0,
      };
    if (checked.type !== 'bool')
      return {
        problem: `gives ${checked.type}, not true or false`,
        offset: 0,
      };
    const regex = findMatches(parsed.ast);
    if (regex)
      return {
        problem:
          'uses matches(): write startsWith, endsWith, contains, or a list with in',
        offset: regex.start,
      };
    return {
      holds: values => parsed({ ...values }) === true,
      reads: variable => {
        const reads = new Set<string>();
        addReads(parsed.ast, variable, reads);
        return reads;
      },
    };
  } catch (error) {
    if (error instanceof ParseError)
      return { problem: error.summary, offset: error.range?.start ?? 0 };
    // An expression that the library itself cannot read is no rule either.
    return { problem: 'cannot be read', offset: 0 };
  }
}
