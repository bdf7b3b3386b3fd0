import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** Who decides and merges, besides the owners that the catalog names. */
export interface PeopleConfig {
  /** Full ref of a group. */
  fallback?: string;
  platformTeam?: string;
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
