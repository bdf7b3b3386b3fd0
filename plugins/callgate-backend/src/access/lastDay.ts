import type { LastDayTerms } from '@callgate/plugin-callgate-common';
import { addDays, dayAt, daysUntil, parseDay } from '@callgate/policy';
import type { DayLimits } from '../proposals/types';
import { domainError } from './domainError';

/** `callgate.lifecycle`: how long grants last. Days; absent: no limit, and no end. */
export interface LifecycleConfig {
  /** A grant lasts no longer, counted from when it is asked for. */
  maxDays?: number;
  /** How long one lasts where nobody says it. */
  defaultDays?: number;
  /** So many days before the last one the owners of both sides are reminded. Most first. */
  remindDays: readonly number[];
  /** So many days an end that nobody approves waits before it is proposed; 0 by default. */
  notice?: number;
  /** Grants are reviewed every so many days; absent: where a rule says so alone. */
  reviewEvery?: number;
  /** What is not in the catalog any more, or not as it was, counts after it was seen so for as many hours; 24 by default. */
  goneAfterHours?: number;
  /** Ends of grants whose last day is over are merged by Callgate itself; by default somebody does. */
  onExpiry?: 'merge';
  /** Name of the rule that says `maxDays`, where a rule does. */
  rule?: string;
}

export const DEFAULT_GONE_AFTER_HOURS = 24;

/** How long grants last where rules say so as well: the shorter time holds. */
export function withRules(
  config: LifecycleConfig,
  { maxDays, defaultDays }: DayLimits = {},
): LifecycleConfig {
  const most = shorter(config.maxDays, maxDays?.days);
  const usual = shorter(config.defaultDays, defaultDays?.days);
  return {
    remindDays: config.remindDays,
    ...(most !== undefined && { maxDays: most }),
    ...(usual !== undefined && { defaultDays: shorter(usual, most) }),
    ...(maxDays && most !== config.maxDays && { rule: maxDays.rule }),
  };
}

function shorter(
  one: number | undefined,
  other: number | undefined,
): number | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : Math.min(one, other);
}

/**
 * Which last day may be asked for today.
 *
 * @param now - milliseconds since 1970
 */
export function lastDayTerms(
  { maxDays, defaultDays = maxDays, rule }: LifecycleConfig,
  now: number,
): LastDayTerms {
  const today = dayAt(now);
  return {
    today,
    ...(defaultDays !== undefined && { usual: addDays(today, defaultDays) }),
    ...(maxDays !== undefined && { latest: addDays(today, maxDays) }),
    ...(rule !== undefined && { rule }),
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
      `until must be a day: ${mostText(maxDays, config)}.`,
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
      `until must be ${addDays(today, maxDays)} or earlier: ${mostText(
        maxDays,
        config,
      )}.`,
    );
  return read.day;
}

function mostText(maxDays: number, { rule }: LifecycleConfig): string {
  return rule === undefined
    ? `access lasts at most ${maxDays} days here`
    : `by the rule ${rule}, such access lasts at most ${maxDays} days`;
}
