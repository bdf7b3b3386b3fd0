/**
 * A rule that approved, with the version of the text in which it stood.
 *
 * @public
 */
export interface RuleRefParts {
  /** name of the rule */
  rule: string;
  /** a commit of the policy repository, or `config-` and a digest of the rules in the configuration */
  version: string;
}

const RULE_REF =
  /^rule:([a-z0-9]+(?:-[a-z0-9]+)*)@([0-9a-f]{40}|[0-9a-f]{64}|config-[0-9a-f]{12})$/;

/**
 * What stands among the approvers of a grant where a rule approved it and no
 * person did: `rule:same-system-reads@<commit>`. It can be no entity's
 * reference.
 *
 * @public
 */
export function formatRuleRef({ rule, version }: RuleRefParts): string {
  return `rule:${rule}@${version}`;
}

/**
 * Reads what {@link formatRuleRef} writes; `undefined` for anything else.
 *
 * @public
 */
export function parseRuleRef(text: string): RuleRefParts | undefined {
  const match = RULE_REF.exec(text);
  return match ? { rule: match[1], version: match[2] } : undefined;
}
