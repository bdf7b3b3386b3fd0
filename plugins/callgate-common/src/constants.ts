/**
 * The id of the plugin: its routes live under `/api/callgate`.
 *
 * @public
 */
export const CALLGATE_PLUGIN_ID = 'callgate';

/**
 * The topic of the events service on which changes of requests and proposals are told, after the commit.
 *
 * @public
 */
export const CALLGATE_EVENT_TOPIC = 'callgate';

/**
 * The payload of an event or signal of Callgate: what changed, never its content.
 *
 * @public
 */
export interface CallgateChange {
  /** What changed. */
  subject: 'request' | 'proposal' | 'access';
  /** The id of the request or proposal; the commit of the policy repository for `access`. */
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
