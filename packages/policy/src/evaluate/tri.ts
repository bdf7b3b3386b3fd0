import { Condition } from './types';

/**
 * A truth value that may depend on what nobody knows. The conditions are those
 * of the unknown parts; parts that do not matter bring none.
 */
export interface Tri {
  value: 'yes' | 'no' | 'maybe';
  conditions: readonly Condition[];
}

export const YES: Tri = { value: 'yes', conditions: [] };
export const NO: Tri = { value: 'no', conditions: [] };

export function maybe(condition: Condition): Tri {
  return { value: 'maybe', conditions: [condition] };
}

export function triOf(value: boolean): Tri {
  return value ? YES : NO;
}

function fold(parts: readonly Tri[], decisive: 'yes' | 'no'): Tri {
  const other = decisive === 'yes' ? NO : YES;
  const unknown: Condition[] = [];
  for (const part of parts) {
    if (part.value === decisive) return decisive === 'yes' ? YES : NO;
    if (part.value === 'maybe') unknown.push(...part.conditions);
  }
  return unknown.length > 0 ? { value: 'maybe', conditions: unknown } : other;
}

/** True when all parts are; `yes` for none. */
export function allOf(parts: readonly Tri[]): Tri {
  return fold(parts, 'no');
}

/** True when one part is; `no` for none. */
export function anyOf(parts: readonly Tri[]): Tri {
  return fold(parts, 'yes');
}

export function not(part: Tri): Tri {
  if (part.value === 'maybe') return part;
  return part.value === 'yes' ? NO : YES;
}

/** Each condition once, in order of first appearance. */
export function uniqueConditions(
  conditions: readonly Condition[],
): Condition[] {
  const seen = new Map<string, Condition>();
  for (const condition of conditions) {
    const key = `${condition.kind}\n${condition.text}\n${
      condition.object ?? ''
    }`;
    if (!seen.has(key)) seen.set(key, condition);
  }
  return [...seen.values()];
}
