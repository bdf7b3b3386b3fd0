import type { LastDayTerms } from '@callgate/plugin-callgate-common';
import { addDays, dayAt, daysUntil, parseDay } from '@callgate/policy';
import { domainError } from './domainError';

/** `callgate.lifecycle`: how long grants last. Days; absent: no limit, and no end. */
export interface LifecycleConfig {
  /** A grant lasts no longer, counted from when it is asked for. */
  maxDays?: number;
  /** How long one lasts where nobody says it. */
  defaultDays?: number;
  /** So many days before the last one the owners of both sides are reminded. Most first. */
  remindDays: readonly number[];
}

/**
 * Which last day may be asked for today.
 *
 * @param now - milliseconds since 1970
 */
export function lastDayTerms(
  { maxDays, defaultDays = maxDays }: LifecycleConfig,
  now: number,
): LastDayTerms {
  const today = dayAt(now);
  return {
    today,
    ...(defaultDays !== undefined && { usual: addDays(today, defaultDays) }),
    ...(maxDays !== undefined && { latest: addDays(today, maxDays) }),
  };
}

/**
 * The last day that a request asks for, checked.
 *
 * @param asked - what the client sent; absent: the default of the company; an empty text: no last day
 * @param now - milliseconds since 1970
 * @throws InputError with code `bad-until`
 */
export function readLastDay(
  asked: string | undefined,
  config: LifecycleConfig,
  now: number,
): string | undefined {
  const today = dayAt(now);
  const { maxDays, defaultDays = maxDays } = config;
  if (asked === undefined)
    return defaultDays === undefined ? undefined : addDays(today, defaultDays);
  if (asked === '') {
    if (maxDays === undefined) return '';
    throw domainError(
      'bad-until',
      `until must be a day: access lasts at most ${maxDays} days here.`,
    );
  }
  const read = parseDay(asked);
  if ('problem' in read)
    throw domainError('bad-until', `until ${read.problem}.`);
  const days = daysUntil(today, read.day);
  if (days < 0)
    throw domainError(
      'bad-until',
      `until is ${read.day}, which is over: today is ${today} in UTC.`,
    );
  if (maxDays !== undefined && days > maxDays)
    throw domainError(
      'bad-until',
      `until must be ${addDays(
        today,
        maxDays,
      )} or earlier: access lasts at most ${maxDays} days here.`,
    );
  return read.day;
}
