import { Tri } from './tri';
import { Condition, VerdictValue } from './types';

/** The same in all readings, or unknown. */
export function agree(
  readings: readonly Tri[],
  conditions: readonly Condition[],
): Tri {
  const [first] = readings;
  const own = readings.flatMap(each => each.conditions);
  if (readings.every(each => each.value === first.value)) {
    return first.value === 'maybe'
      ? { value: 'maybe', conditions: own }
      : first;
  }
  return { value: 'maybe', conditions: [...own, ...conditions] };
}

export function verdictOf(tri: Tri): VerdictValue {
  if (tri.value === 'maybe') return 'conditional';
  return tri.value === 'yes' ? 'allow' : 'deny';
}
