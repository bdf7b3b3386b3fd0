import type { RuleRef } from '../evaluate/types';

/** `Kind namespace/name rule`, for findings. */
export function ruleText({ kind, namespace, name, rule }: RuleRef): string {
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  return `${kind} ${path}${rule === undefined ? '' : ` ${rule}`}`;
}
