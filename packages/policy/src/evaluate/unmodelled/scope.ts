import type { Match } from '../../estate/podLabels';
import type { Labels, Workload } from '../../estate/types';
import type { Direction } from '../networkpolicy/KernelIndex';

/** A workload with what is known of its namespace. */
export interface Subject {
  workload: Workload;
  /** Absent where the estate does not have the namespace: its labels may be any. */
  namespaceLabels?: Labels;
}

/**
 * What an object of a kind that is not modelled may touch. Its rules are not read, its selectors are: what it cannot touch
 * stays sure. Where a selector cannot be read, the object may touch everything that it could.
 */
export interface Scope {
  /** In which direction, seen from the workload that is selected; both where it is not said. */
  directions: ReadonlySet<Direction>;
  selects(subject: Subject): Match;
}

export const BOTH: ReadonlySet<Direction> = new Set(['ingress', 'egress']);

/** Where nothing says whom an object is about. */
export const ANYBODY: Scope = { directions: BOTH, selects: () => 'maybe' };

/** Is it in a direction that `has` names? Where neither is named, nobody knows. */
export function directionsBy(
  has: (direction: Direction) => boolean,
): ReadonlySet<Direction> {
  const found = [...BOTH].filter(has);
  return found.length > 0 ? new Set(found) : BOTH;
}
