import { ruleOperations } from '../evaluate/istio/authorizationRules';
import { Check } from './LintContext';
import { notice } from './notice';

/** Rules whose patterns are more than the evaluator decides exactly: what it says about them are bounds. */
export const tooManyPatterns: Check = ({ authorizations }) =>
  authorizations.flatMap(({ policy, manifest, spec }) =>
    spec.rules
      .filter(rule => ruleOperations(policy, rule, 'http') === 'too-complex')
      .map(rule =>
        notice('too-complex', {
          manifest,
          path: ['spec', 'rules', rule.index],
          text: 'has more overlapping patterns than can be decided exactly: calls that rest on it are conditional, never surely allowed.',
        }),
      ),
  );
