import { asArray, asJson } from '../estate/json';
import { Check } from './LintContext';
import { notice } from './notice';

/** Rules of a direction that `policyTypes` leaves out (docs/semantics.md, S2). */
export const ignoredRules: Check = ({ networkPolicies }) =>
  networkPolicies.flatMap(({ manifest, spec }) => {
    const raw = asJson(manifest.object.spec);
    return (['ingress', 'egress'] as const).flatMap(direction =>
      asArray(raw[direction]).length > 0 && !spec[direction]
        ? [
            notice('no-effect', {
              manifest,
              path: ['spec', direction],
              text: `has rules, and policyTypes does not name ${
                direction === 'ingress' ? 'Ingress' : 'Egress'
              }: they are ignored, and the direction stays open.`,
              fix: 'Add the direction to policyTypes, or remove the rules.',
              change: [
                {
                  op: 'add',
                  path: ['spec', 'policyTypes', '-'],
                  value: direction === 'ingress' ? 'Ingress' : 'Egress',
                },
              ],
            }),
          ]
        : [],
    );
  });
