import { type Edge, type Finding, type Gap, weakestOf } from '@callgate/policy';

/** A cluster in which both ends of a draft run, and what would hold there. */
export interface Place {
  cluster: string;
  /** The weakest of what it would be enforced by; absent where it is blocked, or nothing is new there. */
  layers?: Edge['layers'];
  /** Why it cannot be granted there, the first cause first; empty where it can. */
  errors: readonly Finding[];
  /** Gaps that would have to be accepted for it to hold there. */
  acknowledgeable: readonly Gap[];
}

/** Codes that say that one of both ends is not there. */
const NOT_BOTH: readonly Finding['code'][] = [
  'scope-unknown',
  'clusters-crossed',
];

/** What planning a draft for one cluster alone, or for several without an error, says of a cluster; `undefined`: not both run there. */
export function placeOf(
  cluster: string,
  planned: {
    edges: readonly Edge[];
    errors: readonly Finding[];
    acknowledgeable: readonly Gap[];
  },
): Place | undefined {
  const { errors, acknowledgeable } = planned;
  if (errors.some(({ code }) => NOT_BOTH.includes(code))) return undefined;
  const here = planned.edges.filter(edge => edge.cluster === cluster);
  if (errors.length === 0 && here.length === 0) return undefined;
  return {
    cluster,
    ...(errors.length === 0 && {
      layers: weakestOf(here.map(({ layers }) => layers)),
    }),
    errors,
    acknowledgeable,
  };
}
