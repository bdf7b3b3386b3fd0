import { objectName } from './objectName';
import type { RuleRef } from './types';

/** So many are named in a sentence; all of them stand beside it, in `by`. */
const MOST_NAMED = 3;

/**
 * The policies or rules that decide, as the subject of a sentence with its verb: `NetworkPolicy shop/a and NetworkPolicy
 * shop/b isolate`. More than three are counted.
 *
 * @param verb - for one and for several: `['isolates', 'isolate']`
 */
export function whoDecides(
  refs: readonly RuleRef[],
  [one, several]: readonly [one: string, several: string],
): string {
  const names = [
    ...new Set(
      refs.map(ref => `${objectName(ref)}${ref.rule ? ` ${ref.rule}` : ''}`),
    ),
  ];
  if (names.length === 0) return `The default ${one}`;
  if (names.length > MOST_NAMED) return `${countOf(refs)} ${several}`;
  const last = names[names.length - 1];
  return names.length === 1
    ? `${last} ${one}`
    : `${names.slice(0, -1).join(', ')} and ${last} ${several}`;
}

function countOf(refs: readonly RuleRef[]): string {
  const policies = new Set(refs.map(objectName)).size;
  const rules = new Set(refs.map(ref => `${objectName(ref)} ${ref.rule ?? ''}`))
    .size;
  if (rules === policies) return `${policies} policies`;
  return `${rules} rules of ${
    policies === 1 ? 'one policy' : `${policies} policies`
  }`;
}
