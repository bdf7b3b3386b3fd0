import { Path } from '../estate/fieldPath';
import { LintedAuthorization } from './LintContext';

type Spec = LintedAuthorization['spec'];
type Rule = Spec['rules'][number];
export type RuleField = Rule['when'][number] | NonNullable<Rule['from']>[0][0];

/** One value of a rule with its place. */
export interface RuleValue {
  value: string;
  /** Field of source or operation, or the key of a condition. */
  name: string;
  isNegative: boolean;
  rule: Rule;
  /** Fields that stand beside it in the same entry. */
  beside: readonly RuleField[];
  path: Path;
  /** Path of the list that it stands in. */
  list: Path;
}

function* ofFields(
  fields: readonly RuleField[],
  rule: Rule,
  place: (field: RuleField, isNegative: boolean) => Path,
): Iterable<RuleValue> {
  for (const field of fields) {
    for (const isNegative of [false, true]) {
      const values = (isNegative ? field.notValues : field.values) ?? [];
      const list = place(field, isNegative);
      for (const [index, value] of values.entries()) {
        yield {
          value,
          name: field.name,
          isNegative,
          rule,
          beside: fields,
          path: [...list, index],
          list,
        };
      }
    }
  }
}

function negativeOf(name: string): string {
  return `not${name[0].toUpperCase()}${name.slice(1)}`;
}

/** Every value of a policy's rules, in the order in which they stand. */
export function* valuesOf(spec: Spec): Iterable<RuleValue> {
  for (const rule of spec.rules) {
    const at = ['spec', 'rules', rule.index];
    for (const [side, inner] of [
      ['from', 'source'],
      ['to', 'operation'],
    ] as const) {
      for (const [index, fields] of (rule[side] ?? []).entries()) {
        yield* ofFields(fields, rule, ({ name }, isNegative) => [
          ...at,
          side,
          index,
          inner,
          isNegative ? negativeOf(name) : name,
        ]);
      }
    }
    for (const when of rule.when) {
      yield* ofFields([when], rule, (_, isNegative) => [
        ...at,
        'when',
        when.index,
        isNegative ? 'notValues' : 'values',
      ]);
    }
  }
}
