import type { AccessRequestSummary } from '@callgate/plugin-callgate-common';

/** Whether a request went on before anybody approved it, and those who would have can still decide. */
export function isDecidedAfterwards(
  { breakGlass, state }: Pick<AccessRequestSummary, 'breakGlass' | 'state'>,
  now: number = Date.now(),
): boolean {
  return (
    breakGlass?.afterwards === 'undecided' &&
    now < Date.parse(breakGlass.expiresAt) &&
    ['approved', 'proposed', 'merged'].includes(state)
  );
}
