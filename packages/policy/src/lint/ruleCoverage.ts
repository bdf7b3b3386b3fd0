import { ruleOperations } from '../evaluate/istio/authorizationRules';
import { matchesText } from '../evaluate/istio/textMatch';
import { AddressSet } from '../net/AddressSet';
import { answerOr } from '../requestset/budget';
import { LintedAuthorization } from './LintContext';
import { RuleField } from './valuesOf';

type Rule = LintedAuthorization['spec']['rules'][number];

const ADDRESSES = /^(ipBlocks|remoteIpBlocks|source\.ip|remote\.ip)$/;

/** Does every text that the narrow pattern matches match the wide one? */
function textCovers(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === '*') return true;
  if (narrow === '*') return false;
  if (narrow.startsWith('*'))
    return wide.startsWith('*') && narrow.endsWith(wide.slice(1));
  if (narrow.endsWith('*'))
    return (
      wide.endsWith('*') &&
      !wide.startsWith('*') &&
      narrow.startsWith(wide.slice(0, -1))
    );
  return matchesText(wide, narrow);
}

function listCovers(
  name: string,
  wide: readonly string[],
  narrow: readonly string[],
): boolean {
  if (ADDRESSES.test(name))
    return AddressSet.ofCidrs(wide).covers(AddressSet.ofCidrs(narrow));
  return narrow.every(value => wide.some(each => textCovers(each, value)));
}

/** Namespaces of the callers that a field names, where it names each of them. */
function namespacesOf({ name, values }: RuleField): string[] | undefined {
  if (values === undefined) return undefined;
  const found = values.map(value =>
    name === 'principals'
      ? /\/ns\/([^/*]+)\//.exec(value)?.[1]
      : /^([^/]+)\//.exec(value)?.[1],
  );
  const isNamed = name === 'principals' || name === 'serviceAccounts';
  return isNamed && found.every(each => each !== undefined)
    ? (found as string[])
    : undefined;
}

/** Is the wide field sure to hold where all of the narrow ones hold? */
function follows(wide: RuleField, narrow: readonly RuleField[]): boolean {
  const same = narrow.filter(({ name }) => name === wide.name);
  const holds =
    wide.values === undefined ||
    same.some(
      each =>
        each.values && listCovers(wide.name, wide.values ?? [], each.values),
    ) ||
    (wide.name === 'namespaces' &&
      narrow.some(each =>
        namespacesOf(each)?.every(name =>
          wide.values?.some(value => textCovers(value, name)),
        ),
      ));
  const holdsNot =
    wide.notValues === undefined ||
    same.some(
      each =>
        each.notValues &&
        listCovers(wide.name, each.notValues, wide.notValues ?? []),
    );
  return holds && holdsNot;
}

const ANY: readonly (readonly RuleField[])[] = [[]];

/** Does every request that the narrow rule matches match the wide one? False where it is not known. */
export function ruleCovers(
  wide: { policy: LintedAuthorization; rule: Rule },
  narrow: { policy: LintedAuthorization; rule: Rule },
): boolean {
  if (!wide.rule.when.every(each => follows(each, narrow.rule.when)))
    return false;
  const sources = (narrow.rule.from ?? ANY).every(entry =>
    (wide.rule.from ?? ANY).some(other =>
      other.every(field => follows(field, entry)),
    ),
  );
  if (!sources) return false;
  const operations = ruleOperations(wide.policy.policy, wide.rule, 'http');
  const asked = ruleOperations(narrow.policy.policy, narrow.rule, 'http');
  return (
    operations !== 'too-complex' &&
    asked !== 'too-complex' &&
    answerOr(
      () => asked.subtract(operations).isEmpty,
      () => false,
    )
  );
}
