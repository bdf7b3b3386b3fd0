import { MANAGED_BY } from '../plan/foreignPolicies';
import { apiSlug } from './names';
import { Opened, opensAnnotation } from './opened';
import { GeneratedObject } from './types';

/**
 * Says which API an object is for: a short name as label, the full reference as annotation.
 *
 * @public
 */
export const API_KEY = 'callgate.dev/api';

/**
 * Names the grants whose access an object opens.
 *
 * @public
 */
export const GRANTS_KEY = 'callgate.dev/grants';

/**
 * Marks an object that keeps open what grants with errors have in force.
 *
 * @public
 */
export const HELD_KEY = 'callgate.dev/held';

/**
 * By which Argo CD applies objects in order; lower first.
 *
 * @public
 */
export const ORDER_KEY = 'argocd.argoproj.io/sync-wave';

/**
 * When an object is applied. What opens comes before what closes, and STRICT comes last: in between nobody who has access
 * before and after is cut.
 *
 * @public
 */
export const ORDER = {
  openEgress: 1,
  ingress: 2,
  closeEgress: 3,
  strict: 4,
} as const;

/** Ownership, origin and order of a generated object. */
export function metadataOf(options: {
  name: string;
  namespace: string;
  api?: string;
  grants?: readonly string[];
  /** what it opens for each of them */
  opens?: Iterable<readonly [grantId: string, opened: readonly Opened[]]>;
  order: number;
  annotations?: Record<string, string>;
}): GeneratedObject['metadata'] {
  const { name, namespace, api, grants = [], order, annotations } = options;
  const { opens = [] } = options;
  const unordered: Record<string, string> = {
    [ORDER_KEY]: String(order),
    ...(api !== undefined && { [API_KEY]: api }),
    ...(grants.length > 0 && {
      [GRANTS_KEY]: [...new Set(grants)].sort().join(','),
    }),
    ...opensAnnotation(opens),
    ...annotations,
  };
  return {
    name,
    namespace,
    labels: {
      [MANAGED_BY.key]: MANAGED_BY.value,
      ...(api !== undefined && { [API_KEY]: apiSlug(api) }),
    },
    annotations: Object.fromEntries(
      Object.entries(unordered).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}
