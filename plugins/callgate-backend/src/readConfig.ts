import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { BreakGlassConfig } from './access/breakGlass';
import type { LifecycleConfig } from './access/lastDay';
import type { RetentionConfig } from './retention/TextRetention';
import { DEFAULT_LIMITS, type TurnLimits } from './turns';

const DEFAULT_REMIND_DAYS = [14, 3];
const DEFAULT_GLASS_HOURS = 24;
/** Three days: a long weekend. What lasts longer can wait for an owner. */
const MOST_GLASS_HOURS = 72;
const MAX_DAYS = 3650;

/** Who decides and merges, besides the owners that the catalog names. */
export interface PeopleConfig {
  /** Full ref of a group. */
  fallback?: string;
  platformTeam?: string;
  /** May end any grant. */
  securityTeam?: string;
}

/**
 * Reads `callgate.previews`.
 *
 * @throws InputError for what is not a number from 1 to 10,000
 */
export function readTurnLimits(root: Config): TurnLimits {
  const number = (name: keyof TurnLimits) => {
    const key = `callgate.previews.${name}`;
    const value = root.getOptionalNumber(key) ?? DEFAULT_LIMITS[name];
    if (!Number.isInteger(value) || value < 1 || value > 10_000) {
      throw new InputError(`${key} must be a number from 1 to 10000`);
    }
    return value;
  };
  return {
    atOnce: number('atOnce'),
    perPerson: number('perPerson'),
    waiting: number('waiting'),
  };
}

/**
 * Reads `callgate.lifecycle`.
 *
 * @throws InputError for what is not a number of days, and for a default beyond the limit
 */
export function readLifecycleConfig(root: Config): LifecycleConfig {
  const days = (key: string, value: unknown): number => {
    if (!Number.isInteger(value) || Number(value) < 1 || Number(value) > 3650) {
      throw new InputError(`${key} must be a number of days from 1 to 3650`);
    }
    return Number(value);
  };
  const limit = (name: 'maxDays' | 'defaultDays') => {
    const key = `callgate.lifecycle.${name}`;
    const value = root.getOptionalNumber(key);
    return value === undefined ? undefined : days(key, value);
  };
  const maxDays = limit('maxDays');
  const defaultDays = limit('defaultDays');
  if (
    maxDays !== undefined &&
    defaultDays !== undefined &&
    defaultDays > maxDays
  ) {
    throw new InputError(
      'callgate.lifecycle.defaultDays must be at most callgate.lifecycle.maxDays',
    );
  }
  const noticeKey = 'callgate.lifecycle.notice';
  const notice = root.getOptionalNumber(noticeKey) ?? 0;
  if (notice !== 0) days(noticeKey, notice);
  const reviewEvery = readInterval(root, 'callgate.lifecycle.reviewEvery');
  const key = 'callgate.lifecycle.remindDays';
  const remind = root.getOptional(key) ?? DEFAULT_REMIND_DAYS;
  if (!Array.isArray(remind)) {
    throw new InputError(`${key} must be a list of numbers of days`);
  }
  const hoursKey = 'callgate.lifecycle.goneAfterHours';
  const goneAfterHours = root.getOptionalNumber(hoursKey);
  if (
    goneAfterHours !== undefined &&
    (!Number.isInteger(goneAfterHours) ||
      goneAfterHours < 0 ||
      goneAfterHours > 720)
  ) {
    throw new InputError(`${hoursKey} must be a number of hours from 0 to 720`);
  }
  const onExpiryKey = 'callgate.lifecycle.onExpiry';
  const onExpiry = root.getOptionalString(onExpiryKey) ?? 'propose';
  if (onExpiry !== 'propose' && onExpiry !== 'merge') {
    throw new InputError(
      `${onExpiryKey} must be propose or merge, not ${onExpiry}`,
    );
  }
  return {
    ...(onExpiry === 'merge' && { onExpiry }),
    ...(maxDays !== undefined && { maxDays }),
    ...(defaultDays !== undefined && { defaultDays }),
    ...(reviewEvery !== undefined && { reviewEvery }),
    ...(notice > 0 && { notice }),
    ...(goneAfterHours !== undefined && { goneAfterHours }),
    remindDays: [...new Set(remind.map(each => days(key, each)))].sort(
      (a, b) => b - a,
    ),
  };
}

/** A time such as `180d`, in days. */
function readInterval(root: Config, key: string): number | undefined {
  const text = root.getOptional(key);
  if (text === undefined) return undefined;
  const days =
    typeof text === 'string' ? /^([1-9][0-9]{0,3})d$/.exec(text) : null;
  if (!days || Number(days[1]) > MAX_DAYS) {
    throw new InputError(
      `${key} must be days such as 180d, of which there are at most ${MAX_DAYS}`,
    );
  }
  return Number(days[1]);
}

/**
 * Reads `callgate.breakGlass`.
 *
 * @returns undefined where it is not configured: nothing goes on before it is approved
 * @throws InputError for what is not a number of hours
 */
export function readBreakGlassConfig(
  root: Config,
): BreakGlassConfig | undefined {
  if (!root.has('callgate.breakGlass')) return undefined;
  const key = 'callgate.breakGlass.hours';
  const hours = root.getOptionalNumber(key) ?? DEFAULT_GLASS_HOURS;
  if (!Number.isInteger(hours) || hours < 1 || hours > MOST_GLASS_HOURS) {
    throw new InputError(
      `${key} must be a number of hours from 1 to ${MOST_GLASS_HOURS}`,
    );
  }
  return { hours };
}

/**
 * Reads `callgate.retention`.
 *
 * @throws InputError for what is not a number of days
 */
export function readRetentionConfig(root: Config): RetentionConfig {
  const key = 'callgate.retention.textsDays';
  const textsDays = root.getOptionalNumber(key);
  if (textsDays === undefined) return {};
  if (!Number.isInteger(textsDays) || textsDays < 1 || textsDays > 36_500) {
    throw new InputError(`${key} must be a number of days from 1 to 36500`);
  }
  return { textsDays };
}

/**
 * Reads `callgate.approval.fallback`, `callgate.platformTeam` and `callgate.securityTeam`.
 *
 * @throws InputError for what is not the ref of a group
 */
export function readPeopleConfig(root: Config): PeopleConfig {
  const group = (key: string) => {
    const text = root.getOptionalString(key);
    if (text === undefined) {
      return undefined;
    }
    const ref = parseEntityRef(text, {
      defaultKind: 'group',
      defaultNamespace: 'default',
    });
    if (ref.kind.toLowerCase() !== 'group') {
      throw new InputError(
        `${key} must be a group such as group:default/security, not ${text}`,
      );
    }
    return stringifyEntityRef(ref);
  };
  return {
    fallback: group('callgate.approval.fallback'),
    platformTeam: group('callgate.platformTeam'),
    securityTeam: group('callgate.securityTeam'),
  };
}
