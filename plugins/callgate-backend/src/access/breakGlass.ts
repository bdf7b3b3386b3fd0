import type { StoredRequest } from '../database/AccessStore';
import type { RequestState } from './requestLifecycle';

/** `callgate.breakGlass`: how long access lasts that nobody has approved yet. */
export interface BreakGlassConfig {
  /** So many hours at most, counted from when it is asked for. */
  hours: number;
}

/**
 * What came of a request that went on before anybody approved it. `lapsed`: nobody had decided when its time was over.
 */
export const AFTERWARDS = [
  'undecided',
  'confirmed',
  'rejected',
  'lapsed',
] as const;

/** One of {@link AFTERWARDS}. */
export type Afterwards = (typeof AFTERWARDS)[number];

/** Of a request that went on before anybody approved it. */
export interface BreakGlass {
  afterwards: Afterwards;
  /** When what it opened ends. Milliseconds since 1970. */
  expiresAt: number;
}

/** So long after one that was not confirmed, or after a no, nobody breaks the glass again for the same caller and API. */
export const GLASS_REST_DAYS = 7;

/** States in which one is decided afterwards: it is on its way, or in force. */
export const GLASS_STATES: readonly RequestState[] = [
  'approved',
  'proposed',
  'merged',
];

/** Whether a request went on before anybody approved it, and those who would have can still decide. */
export function isDecidedAfterwards(
  { breakGlass, state }: Pick<StoredRequest, 'breakGlass' | 'state'>,
  now: number,
): boolean {
  return (
    breakGlass !== undefined &&
    breakGlass.afterwards === 'undecided' &&
    now < breakGlass.expiresAt &&
    GLASS_STATES.includes(state)
  );
}
