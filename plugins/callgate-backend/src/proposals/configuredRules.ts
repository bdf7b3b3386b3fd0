import { createHash } from 'node:crypto';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { type CompiledApprovalRule, readApprovalRules } from '@callgate/policy';

const KEY = 'callgate.approval.rules';

/** Rules of who approves that stand in the portal's configuration, beside those of the file. */
export interface ConfiguredRules {
  rules: readonly CompiledApprovalRule[];
  /** `config-` and a digest of what stands there: a rule that approves is known by it. */
  version: string;
}

/**
 * Reads `callgate.approval.rules`.
 *
 * @throws InputError that names the field of each rule that cannot be used
 */
export function readConfiguredRules(root: Config): ConfiguredRules | undefined {
  const value = root.getOptional(KEY);
  if (value === undefined) return undefined;
  const { rules, problems } = readApprovalRules(value, KEY);
  if (!rules) {
    throw new InputError(
      problems
        .map(({ field, problem }) => {
          const dot = field === '' || field.startsWith('[') ? '' : '.';
          return `${KEY}${dot}${field} ${problem}`;
        })
        .join('; '),
    );
  }
  const digest = createHash('sha256').update(JSON.stringify(value));
  return { rules, version: `config-${digest.digest('hex').slice(0, 12)}` };
}
