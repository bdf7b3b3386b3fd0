import { asArray, asJson, asText, isJson } from '../../estate/json';
import { Problem } from '../selector';
import { Action } from './authorizationPolicySpec';
import { Path } from './parseRuleFields';

const MOST_RULES = 512;
/** Fields and keys that CUSTOM takes none of: its filter runs before identities are known. */
const IDENTITY_FIELDS = [
  'principals',
  'requestPrincipals',
  'namespaces',
  'serviceAccounts',
].flatMap(name => [name, `not${name[0].toUpperCase()}${name.slice(1)}`]);
const IDENTITY_KEY =
  /^(source\.(namespace|principal|serviceAccount)|request\.auth\..*)$/;

function customProblems(spec: Readonly<Record<string, unknown>>): Problem[] {
  const problems: Problem[] = [];
  if (asText(asJson(spec.provider).name) === undefined)
    problems.push({
      path: ['spec', 'provider', 'name'],
      message: 'must name the authorizer of action CUSTOM',
    });
  asArray(spec.rules).forEach((rule, index) => {
    const path: Path = ['spec', 'rules', index];
    asArray(asJson(rule).from).forEach((entry, at) => {
      for (const field of Object.keys(asJson(asJson(entry).source))) {
        if (IDENTITY_FIELDS.includes(field))
          problems.push({
            path: [...path, 'from', at, 'source', field],
            message: 'is not taken by action CUSTOM',
          });
      }
    });
    asArray(asJson(rule).when).forEach((entry, at) => {
      if (IDENTITY_KEY.test(asText(asJson(entry).key) ?? ''))
        problems.push({
          path: [...path, 'when', at, 'key'],
          message: 'is not taken by action CUSTOM',
        });
    });
  });
  return problems;
}

/**
 * What is wrong with the parts that belong to an action (istio
 * `pkg/config/validation`, `ValidateAuthorizationPolicy`; the CRD's limits;
 * docs/semantics.md, O9).
 */
export function actionProblems(
  action: Action,
  spec: Readonly<Record<string, unknown>>,
): Problem[] {
  const problems: Problem[] = [];
  // Of an empty list nothing is left when istiod reads it.
  const hasRules = asArray(spec.rules).length > 0;
  if ((action === 'DENY' || action === 'CUSTOM') && !hasRules)
    problems.push({
      path: ['spec', 'rules'],
      message: `must be given: ${action} without rules is never triggered`,
    });
  if (asArray(spec.rules).length > MOST_RULES)
    problems.push({
      path: ['spec', 'rules'],
      message: `has more than ${MOST_RULES} entries`,
    });
  if (action !== 'CUSTOM' && isJson(spec.provider))
    problems.push({
      path: ['spec', 'provider'],
      message: 'goes with action CUSTOM only',
    });
  return action === 'CUSTOM'
    ? [...problems, ...customProblems(spec)]
    : problems;
}
