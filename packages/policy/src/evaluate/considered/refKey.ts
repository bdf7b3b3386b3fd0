import { RuleRef } from '../types';

/** The object of a reference, without the rule in it. */
export function refKey(ref: RuleRef): string {
  return `${ref.kind} ${ref.namespace}/${ref.name}`;
}
