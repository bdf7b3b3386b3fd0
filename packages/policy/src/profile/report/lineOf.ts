import { stringify } from 'yaml';
import { ProfileLine } from './types';

/** One line of YAML that states a field, with the group that it stands in. */
export function lineOf(
  field: string,
  value: unknown,
  from: ProfileLine['from'],
): ProfileLine {
  const [group, name] = field.split('.');
  const text = stringify(value, {
    collectionStyle: 'flow',
    lineWidth: 0,
    flowCollectionPadding: true,
  }).trim();
  return name === undefined
    ? { below: 'spec', text: `${group}: ${text}`, from }
    : { below: `spec.${group}`, text: `${name}: ${text}`, from };
}
