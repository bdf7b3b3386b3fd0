import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { DEFAULT_LIMITS, type TurnLimits } from './turns';

/** Who decides and merges, besides the owners that the catalog names. */
export interface PeopleConfig {
  /** Full ref of a group. */
  fallback?: string;
  platformTeam?: string;
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
 * Reads `callgate.approval.fallback` and `callgate.platformTeam`.
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
  };
}
