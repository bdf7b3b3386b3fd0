import { Check } from './LintContext';
import { notice } from './notice';
import { authorizationShadows } from './shadowedAuthorizationRules';
import { networkShadows } from './shadowedNetworkRules';
import { Limit } from './shadowing';

/** Rules that another one makes meaningless (docs/semantics.md, S7): what it admits or refuses, the other does too. */
export const shadowedRules: Check = context => {
  const limit = new Limit();
  const findings = [
    ...networkShadows(context, limit),
    ...authorizationShadows(context, limit),
  ];
  const [first] = [...context.networkPolicies, ...context.authorizations];
  if (limit.isReached) {
    findings.push(
      notice('too-complex', {
        manifest: first.manifest,
        text: `and the other policies of ${context.cluster.name} have more rules than are compared with each other: not every shadowed one is named.`,
        fix: 'Join rules that belong together, or remove what nobody needs.',
      }),
    );
  }
  return findings;
};
