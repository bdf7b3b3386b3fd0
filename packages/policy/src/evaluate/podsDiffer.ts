import { Workload } from '../estate/types';
import { Condition } from './types';

/**
 * An object means some pods of a workload by labels that tell them apart.
 *
 * @param selector - of the object, as text that has its keys in quotes
 */
export function podsDiffer(
  { id, varyingLabels = {} }: Workload,
  object: string,
  selector: string,
): Condition {
  const keys = Object.keys(varyingLabels)
    .filter(key => selector.includes(JSON.stringify(key)))
    .sort();
  return {
    kind: 'pods-differ',
    text: `${object} means some pods of ${id} and not others, by the label ${keys.join(
      ', ',
    )}, which differs between them.`,
    object,
  };
}
