/**
 * The id of the plugin: its routes live under `/api/callgate`.
 *
 * @public
 */
export const CALLGATE_PLUGIN_ID = 'callgate';

/**
 * The topic of the events service on which changes are told after they are stored, as {@link CallgateEvent}.
 *
 * @public
 */
export const CALLGATE_EVENT_TOPIC = 'callgate';

/**
 * What open pages hear by a signal: what changed, never its content, because everybody hears it.
 *
 * @public
 */
export interface CallgateChange {
  /** What changed; `estate` is what runs in the clusters. */
  subject: 'request' | 'proposal' | 'access' | 'review' | 'estate';
  /** The id of the request, proposal or review; the commit of the policy repository for `access`, a digest for `estate`. */
  id: string;
  /** The state it is in now. */
  state?: string;
}

/**
 * The channel of the signals service on which open pages hear that they should read again.
 *
 * @public
 */
export const CALLGATE_SIGNAL_CHANNEL = 'callgate';

/**
 * The limits of what people may write.
 *
 * @public
 */
export const CALLGATE_LIMITS = {
  /** Characters of the reason of a request or a decision. */
  reason: 4000,
  /** Operations of one request. */
  operations: 500,
} as const;

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

/**
 * Annotation of an AccessPolicy of the catalog whose file cannot be read: why. Such an entity has its API, and nothing else.
 *
 * @public
 */
export const ANNOTATION_NOT_READABLE = 'callgate.dev/not-readable';
