import { type RuleRef } from './types';

/** An object in a sentence: `NetworkPolicy shop/orders`. */
export function objectName(ref: RuleRef): string {
  return `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`;
}
