import { CelSchema } from './subjectSchema';

/** Why an example does not fit the schema: the field and what is wrong. */
export interface Misfit {
  path: (string | number)[];
  problem: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function scalar(type: string, value: unknown): { value: unknown } | string {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? { value } : 'is not a text';
    case 'bool':
      return typeof value === 'boolean' ? { value } : 'is not true or false';
    case 'int':
      return typeof value === 'number' && Number.isSafeInteger(value)
        ? { value: BigInt(value) }
        : 'is not a whole number';
    case 'list<string>':
      return Array.isArray(value) &&
        value.every(each => typeof each === 'string')
        ? { value }
        : 'is not a list of texts';
    default:
      return isRecord(value) &&
        Object.values(value).every(each => typeof each === 'string')
        ? { value: { ...value } }
        : 'is not a map of texts';
  }
}

const EMPTY: Record<string, () => unknown> = {
  string: () => '',
  bool: () => false,
  int: () => 0n,
  'list<string>': () => [],
};

/**
 * Fills what a subject does not say with empty values, so that an expression
 * meets every field of the schema, and writes numbers as CEL has them.
 */
export function fillSubject(
  schema: CelSchema,
  value: unknown,
  misfits: Misfit[] = [],
  path: (string | number)[] = [],
): unknown {
  if (typeof schema === 'string') {
    if (value === undefined) return (EMPTY[schema] ?? (() => ({})))();
    const filled = scalar(schema, value);
    if (typeof filled !== 'string') return filled.value;
    misfits.push({ path, problem: filled });
    return undefined;
  }
  if (value !== undefined && !isRecord(value)) {
    misfits.push({ path, problem: 'is not an object' });
    return undefined;
  }
  for (const field of Object.keys(value ?? {})) {
    if (!Object.hasOwn(schema, field))
      misfits.push({
        path: [...path, field],
        problem: 'is not a field of this subject',
      });
  }
  return Object.fromEntries(
    Object.entries(schema).map(([field, inner]) => [
      field,
      fillSubject(inner, value?.[field], misfits, [...path, field]),
    ]),
  );
}
