import { formatEntityRef, parseEntityRefText } from '../entityRef';
import { parseCidr } from '../net/cidr';

/**
 * A caller of a grant, by what it stands for.
 *
 * @public
 */
export type CallerRef =
  | { kind: 'self' }
  | { kind: 'entity'; ref: string }
  | { kind: 'set'; ref: string; of: 'system' | 'domain' | 'group' }
  | { kind: 'gateway'; namespace: string; name: string }
  | { kind: 'cidr'; cidr: string };

const SETS = new Set(['system', 'domain', 'group']);

/**
 * Reads the caller of a grant. Entity references without a namespace are relative to the namespace of the AccessPolicy.
 *
 * @public
 */
export function parseCallerRef(
  text: string,
  namespace: string,
): CallerRef | undefined {
  if (text === 'self') return { kind: 'self' };
  if (text.startsWith('cidr:')) {
    const cidr = text.slice('cidr:'.length);
    return parseCidr(cidr) ? { kind: 'cidr', cidr } : undefined;
  }
  const parts = parseEntityRefText(text, { namespace });
  if (!parts || !text.includes(':')) return undefined;
  if (parts.kind === 'gateway')
    return { kind: 'gateway', namespace: parts.namespace, name: parts.name };
  const ref = formatEntityRef(parts);
  if (parts.kind === 'component' || parts.kind === 'resource')
    return { kind: 'entity', ref };
  if (SETS.has(parts.kind))
    return {
      kind: 'set',
      ref,
      of: parts.kind as 'system' | 'domain' | 'group',
    };
  return undefined;
}

/**
 * Writes a caller as grants do.
 *
 * @public
 */
export function formatCallerRef(caller: CallerRef): string {
  switch (caller.kind) {
    case 'self':
      return 'self';
    case 'gateway':
      return `gateway:${caller.namespace}/${caller.name}`;
    case 'cidr':
      return `cidr:${caller.cidr}`;
    default:
      return caller.ref;
  }
}
