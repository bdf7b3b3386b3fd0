/**
 * States of an access request that this version knows. A draft lives in the browser only; what follows a merge
 * (`applied`, `enforced`) needs a live source.
 */
export const REQUEST_STATES = [
  'submitted',
  'returned',
  'approved',
  'proposed',
  'merged',
  'rejected',
  'withdrawn',
  'declined',
  'superseded',
] as const;

/** A state of an access request. */
export type RequestState = (typeof REQUEST_STATES)[number];

/** What can happen to an access request. */
export type RequestEvent =
  | 'approve'
  | 'reject'
  | 'ask-change'
  | 'revise'
  | 'withdraw'
  | 'propose'
  | 'merge'
  | 'decline'
  | 'ask-again'
  | 'supersede'
  | 'confirm'
  | 'refuse'
  | 'lapse';

/**
 * The whole life of a request: state × event → state. What is not in the table cannot happen.
 *
 * `returned`: a decider asked for a change, and it is the requester's turn. `revise` also changes what nobody has decided yet.
 * `ask-again`: the meaning grew after the approval, so that the approval no longer covers it.
 * `confirm`, `refuse` and `lapse` are of what went on before anybody approved it: somebody approved or rejected it afterwards, or
 * nobody did in time. What is merged stays so; its end is a request of its own.
 * `merge` of an approved request: its pull request was merged before the database heard that it was opened. Of one that is over, or
 * was asked again: it had been approved, and was merged before the pull request had lost it, or after somebody had opened that again.
 * What is in Git is told as it is, and ended like any grant.
 */
export const REQUEST_LIFECYCLE: Readonly<
  Record<RequestState, Partial<Record<RequestEvent, RequestState>>>
> = {
  submitted: {
    approve: 'approved',
    reject: 'rejected',
    'ask-change': 'returned',
    revise: 'submitted',
    withdraw: 'withdrawn',
    supersede: 'superseded',
    merge: 'merged',
  },
  returned: {
    reject: 'rejected',
    revise: 'submitted',
    withdraw: 'withdrawn',
    supersede: 'superseded',
  },
  approved: {
    propose: 'proposed',
    merge: 'merged',
    withdraw: 'withdrawn',
    decline: 'declined',
    'ask-again': 'submitted',
    supersede: 'superseded',
    confirm: 'approved',
    refuse: 'rejected',
  },
  proposed: {
    propose: 'proposed',
    merge: 'merged',
    withdraw: 'withdrawn',
    decline: 'declined',
    'ask-again': 'submitted',
    supersede: 'superseded',
    confirm: 'proposed',
    refuse: 'rejected',
  },
  merged: {
    confirm: 'merged',
    refuse: 'merged',
    lapse: 'merged',
  },
  rejected: { merge: 'merged' },
  withdrawn: { merge: 'merged' },
  declined: { merge: 'merged' },
  superseded: { merge: 'merged' },
};

/** The state after an event, or `undefined` where it cannot happen. */
export function nextState(
  state: RequestState,
  event: RequestEvent,
): RequestState | undefined {
  return REQUEST_LIFECYCLE[state][event];
}

/** States in which a request is still going somewhere. */
export const OPEN_STATES: readonly RequestState[] = [
  'submitted',
  'returned',
  'approved',
  'proposed',
];

/** States in which a request waits for people of the portal, and is part of no proposal. */
export const UNDECIDED_STATES: readonly RequestState[] = [
  'submitted',
  'returned',
];

/** States in which a request is part of its API's proposal. */
export const CARRIED_STATES: readonly RequestState[] = ['approved', 'proposed'];
