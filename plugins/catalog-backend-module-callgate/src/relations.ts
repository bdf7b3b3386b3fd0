/**
 * From an AccessPolicy to the API whose grants it lists; the other direction is {@link RELATION_GUARDED_BY}.
 *
 * @public
 */
export const RELATION_GUARDS = 'guards';

/**
 * From an API to its AccessPolicy.
 *
 * @public
 */
export const RELATION_GUARDED_BY = 'guardedBy';

/**
 * From an AccessPolicy to each caller that it grants access; the other direction is {@link RELATION_ADMITTED_BY}.
 *
 * @public
 */
export const RELATION_ADMITS = 'admits';

/**
 * From a caller to the AccessPolicies that grant it access.
 *
 * @public
 */
export const RELATION_ADMITTED_BY = 'admittedBy';
