import type {
  ProposalState,
  RequestKind,
  RequestState,
} from './schema/openapi/generated/models';

/**
 * A request came into a state, or went on in it, such as by an approval of several.
 *
 * @public
 */
export interface CallgateRequestEvent {
  subject: 'request';
  /** ULID of the request. */
  id: string;
  /** Number for people. */
  number: number;
  kind: RequestKind;
  state: RequestState;
  /** Entity reference of the API. */
  api: string;
  /** Entity reference of the caller, or what a grant names in its place. */
  caller: string;
  /** Id of the grant that it makes, changes, renews, confirms or ends. */
  grant?: string;
}

/**
 * A pull request was opened, built again, reviewed, merged or closed, or cannot be built.
 *
 * @public
 */
export interface CallgateProposalEvent {
  subject: 'proposal';
  /** ULID of the proposal. */
  id: string;
  state: ProposalState;
  /** Entity reference of the API. */
  api: string;
  /** Number and address on the forge, once it is open there. */
  number?: number;
  url?: string;
}

/**
 * What is declared may have changed: something was merged.
 *
 * @public
 */
export interface CallgateAccessEvent {
  subject: 'access';
  /** The commit of the policy repository, or the id of the proposal that was merged. */
  id: string;
}

/**
 * An owner kept a grant in a review.
 *
 * @public
 */
export interface CallgateReviewEvent {
  subject: 'review';
  /** ULID of the review. */
  id: string;
  /** Entity reference of the API. */
  api: string;
  /** Id of the grant. */
  grant: string;
}

/**
 * The payload of an event on {@link CALLGATE_EVENT_TOPIC}. It is for other backends, which hide what their readers may not see;
 * reasons and notes of people are in none.
 *
 * @public
 */
export type CallgateEvent =
  | CallgateRequestEvent
  | CallgateProposalEvent
  | CallgateAccessEvent
  | CallgateReviewEvent;
