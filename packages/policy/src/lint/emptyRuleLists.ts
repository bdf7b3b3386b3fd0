import { asArray, asJson } from '../estate/json';
import { Finding } from '../findings';
import { Check } from './LintContext';
import { notice } from './notice';

/** Rules of AuthorizationPolicies with an empty list of sources or operations, which Istio takes for none at all. */
export const emptyRuleLists: Check = ({ authorizations }) =>
  authorizations.flatMap(({ manifest }) =>
    asArray(asJson(manifest.object.spec).rules).flatMap((rule, index) =>
      ['from', 'to'].flatMap((name): Finding[] => {
        const list = asJson(rule)[name];
        if (!Array.isArray(list) || list.length > 0) return [];
        const everything = name === 'from' ? 'everybody' : 'every request';
        return [
          notice('empty-list', {
            manifest,
            path: ['spec', 'rules', index, name],
            text: `is an empty list, which Istio reads as ${everything}.`,
          }),
        ];
      }),
    ),
  );
