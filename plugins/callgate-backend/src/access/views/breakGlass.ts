import type {
  AccessRequestSummary,
  Preview,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../../database/AccessStore';
import type { ServiceParts } from '../ServiceParts';

const HOUR_MS = 3_600_000;

/** Whether a draft could go on before anybody approves it, and until when it would hold. Nothing where there is no such thing. */
export function toGlassOffer(
  { breakGlass, now }: Pick<ServiceParts, 'breakGlass' | 'now'>,
  reason: string | undefined,
): Pick<Preview, 'breakGlass'> {
  if (!breakGlass) return {};
  return {
    breakGlass: {
      hours: breakGlass.hours,
      expiresAt: new Date(now() + breakGlass.hours * HOUR_MS).toISOString(),
      send:
        reason === undefined ? { allowed: true } : { allowed: false, reason },
    },
  };
}

/** Of a request that went on before anybody approved it. */
export function toBreakGlass({
  breakGlass,
}: StoredRequest): Pick<AccessRequestSummary, 'breakGlass'> {
  return breakGlass
    ? {
        breakGlass: {
          afterwards: breakGlass.afterwards,
          expiresAt: new Date(breakGlass.expiresAt).toISOString(),
        },
      }
    : {};
}
