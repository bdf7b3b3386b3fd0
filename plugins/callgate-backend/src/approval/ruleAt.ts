import type { RuleRefParts } from '@callgate/policy';

/** `same-system-reads at abc1234`: a rule with the version of the text in which it stands, for people. */
export function ruleAt({ rule, version }: RuleRefParts): string {
  return `${rule} at ${shortVersion(version)}`;
}

/** A version as people compare it: the beginning of a commit, or which configuration. */
export function shortVersion(version: string): string {
  return version.startsWith('config-')
    ? `configuration ${version.slice('config-'.length)}`
    : version.slice(0, 7);
}
