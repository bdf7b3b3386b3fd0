import type { RequestKind } from '@callgate/plugin-callgate-common';
import type { Meaning, RuleRefParts } from '@callgate/policy';
import type { OperationInput } from '@callgate/plugin-callgate-common';
import type { Afterwards, BreakGlass } from '../access/breakGlass';
import type { PartyRole, RequestVisibility } from '../permissions/types';
import type { RequestEvent, RequestState } from '../access/requestLifecycle';
import type { Need } from '../approval/needs';
import type {
  Confirmation,
  GrantChange,
  TransitionFacts,
} from '../proposals/types';

/** What was asked for. */
export interface StoredDraft {
  /** Of a confirm request. */
  confirm?: Confirmation;
  /** Of a request about a grant that is there already. */
  change?: GrantChange;
  /** Last day of the grant, such as `2027-03-01`; an empty text takes it away. */
  until?: string;
  operations: OperationInput[];
  in: string[];
  reason: string;
  acknowledges: string[];
}

/** An access request as it is stored. */
export interface StoredRequest {
  id: string;
  number: number;
  apiRef: string;
  callerRef: string;
  draft: StoredDraft;
  state: RequestState;
  requestedBy: string;
  decidedBy?: string;
  /** The meaning that was shown last; its digest is what an approval binds to. */
  shown: Meaning;
  /** Whose approvals it takes, as of when it was sent or approved last. */
  needs: readonly Need[];
  proposalId?: string;
  /** It went on before anybody approved it. */
  breakGlass?: BreakGlass;
  risk: number;
  version: number;
  /** Milliseconds since 1970. */
  createdAt: number;
  updatedAt: number;
  /** When what people wrote about it was taken out: its reason and all notes. */
  textsBlankedAt?: number;
  /** What it asks for, or what was shown of it, cannot be read: its columns are damaged. It then asks for nothing. */
  damaged?: true;
}

/** One step in the life of a request. */
export interface StoredTransition {
  at: number;
  actor?: string;
  event: RequestEvent | 'submit';
  from?: RequestState;
  to: RequestState;
  /** What a person said; in rows of before there were facts, also what Callgate said. */
  reason?: string;
  /** What Callgate says: put into words for each reader. */
  facts?: TransitionFacts;
  /** The pull request. */
  link?: string;
}

/** What to store of a new request. */
export interface NewStoredRequest {
  apiRef: string;
  callerRef: string;
  draft: StoredDraft;
  requestedBy: string;
  shown: Meaning;
  /** Absent: one owner of the API. Empty: nobody has to approve, and it goes on at once. */
  needs?: readonly Need[];
  /** The rule by which nobody has to approve. */
  approvedByRule?: RuleRefParts;
  /** It goes on before anybody approves it, until this moment: milliseconds since 1970. */
  breakGlass?: { expiresAt: number };
  parties: { role: PartyRole; ref: string }[];
  /** How closely to look, 0 to 7. */
  risk: number;
  /** What its text is found by. */
  words?: string;
}

/** Every end and person of all requests, each once: full refs. */
export interface RequestEnds {
  apis: string[];
  callers: string[];
  people: string[];
}

/** What somebody looks for; a request is found when every word is. */
export interface RequestSearch {
  words: readonly {
    /** Lower case; stands in the reason or the operations. */
    text: string;
    number?: number;
    /** Refs that it is part of the name of. */
    apis: readonly string[];
    callers: readonly string[];
    people: readonly string[];
  }[];
  /** Callers of whose requests the text is not looked at, unless this person sent them. */
  secretive: { callers: readonly string[]; exceptRequestedBy: string };
}

/** What to list. Absent fields do not filter. */
export interface RequestFilter {
  apiRef?: string;
  callerRef?: string;
  /** Only of these callers. */
  callerRefs?: readonly string[];
  requestedBy?: string;
  /** Only those with one of these parties. */
  parties?: RequestVisibility;
  kinds?: readonly RequestKind[];
  search?: RequestSearch;
  states?: readonly RequestState[];
  /** Only these. */
  ids?: readonly string[];
  /** Only those that went on before anybody approved them, by what came of that. */
  afterwards?: readonly Afterwards[];
  /** Leaves out requests of this person. */
  notRequestedBy?: string;
  visible?: RequestVisibility;
  /** Leaves out requests for these APIs, unless this person sent them. */
  hidden?: { apis: readonly string[]; exceptRequestedBy: string };
  /** `risk`: the riskiest first, the oldest of those first. */
  sort?: 'newest' | 'oldest' | 'risk';
}

/** How a repeated write is known: the client's key, and a hash of what it wrote. */
export interface Idempotency {
  key: string;
  bodyHash: string;
}

/** One page, and how many there are in all. */
export interface StoredPage<T> {
  items: T[];
  total: number;
  nextCursor?: string;
}

/** A change of state to store. */
export interface StoredChange {
  id: string;
  /** An approval is added with `approve`. */
  event: Exclude<RequestEvent, 'approve'>;
  /** Refused with a conflict unless the row still has it. */
  version?: number;
  actor?: string;
  reason?: string;
  /** What Callgate says of it. */
  facts?: TransitionFacts;
  /** What else changes with it. */
  set?: {
    shown?: Meaning;
    proposalId?: string;
    decidedBy?: string;
    afterwards?: Afterwards;
  };
  /** Whether the proposal of the API must be built anew: written in the same transaction. */
  rebuild?: boolean;
  /** Written in the same transaction, for the actor. */
  idempotency?: Idempotency;
}

/** Somebody's approval of one meaning of a request. */
export interface StoredApproval {
  requestId: string;
  by: string;
  /** Of the meaning that was shown. */
  digest: string;
  /** Key of the need that it counts for. */
  need: string;
  note?: string;
  at: number;
  /** It counts no more: the request asked again, or the approver belonged no more when the last one approved. */
  ended: boolean;
}

/** An approval to store. */
export interface NewApproval {
  id: string;
  actor: string;
  note?: string;
  /** Refused with a conflict unless the row still has it. */
  version?: number;
  /** What is approved. */
  shown: Meaning;
  needs: readonly Need[];
  /** Whose approvals of this meaning were there when it was counted; refused with a conflict where others are. */
  counted: readonly string[];
  /** Who counts for which need, the actor among them. */
  places: ReadonlyMap<string, string>;
  /** It went on before, and this decides afterwards: its state stays. */
  afterwards?: true;
  /** Whether every need is met with it, so that the request goes on. */
  complete: boolean;
  /** Written in the same transaction, for the actor. */
  idempotency?: Idempotency;
}

/** A request that its requester changed, to be sent again. */
export interface StoredRevision
  extends Pick<
    NewStoredRequest,
    'draft' | 'shown' | 'risk' | 'words' | 'parties' | 'approvedByRule'
  > {
  id: string;
  actor: string;
  /** Refused with a conflict unless the row still has it. */
  version?: number;
  /** Empty: nobody has to approve, and it goes on at once. */
  needs: readonly Need[];
  note?: string;
  facts: TransitionFacts;
  /** Written in the same transaction, for the actor. */
  idempotency?: Idempotency;
}

/** What somebody said about a request. */
export interface StoredComment {
  /** ULID */
  id: string;
  requestId: string;
  by: string;
  text: string;
  /** Full refs of people and groups. */
  mentions: readonly string[];
  /** Milliseconds since 1970. */
  at: number;
}

/** The open request that stands in the way of another one about the same. */
export interface AskedAlready {
  id: string;
  number: number;
  kind: RequestKind;
}

/** An earlier request because of which the glass is not broken (again). */
export interface GlassInTheWay {
  number: number;
  /** `asked`: one for the same went on like this, and nobody has confirmed it. `refused`: somebody said no to one, or gave it back. */
  code: 'asked' | 'refused';
}

/** Access requests and their timelines. Every method is one transaction. */
export interface AccessStore {
  /**
   * Stores a request in state `submitted`, or `approved` where nobody has to approve it. With a known idempotency key, returns
   * what that key made before.
   *
   * @throws ConflictError with code `already-asked` where the same is to be confirmed by a request that is open, or something is
   * to become of the same grant by one
   */
  createRequest(
    request: NewStoredRequest,
    idempotency?: Idempotency,
  ): Promise<StoredRequest>;
  /** The open request that asks already for what only one may ask; `undefined` for what any number may. */
  askedAlready(
    apiRef: string,
    draft: Pick<StoredDraft, 'confirm' | 'change'>,
  ): Promise<AskedAlready | undefined>;
  /**
   * The id of the request or proposal that a write with this key was about, when there was one.
   *
   * @throws ConflictError with code `idempotency-key-reused` when the key came with another body
   */
  answered(
    actor: string,
    idempotency: Idempotency,
  ): Promise<string | undefined>;
  /**
   * Says that a key is for these writes together, before the first of them is done. Each of them is remembered by itself, so that
   * nothing but the key and what came with it is stored.
   *
   * @throws ConflictError with code `idempotency-key-reused` when the key came with another body
   */
  claimKey(actor: string, idempotency: Idempotency): Promise<void>;
  /** Remembers a write that was not stored here, such as a merge. */
  remember(actor: string, idempotency: Idempotency, id: string): Promise<void>;
  getRequest(id: string): Promise<StoredRequest | undefined>;
  /** Requests of an API in some states, oldest first. */
  requestsOfApi(
    apiRef: string,
    states: readonly RequestState[],
  ): Promise<StoredRequest[]>;
  /** Confirm requests that are going somewhere, oldest first. */
  openConfirms(): Promise<StoredRequest[]>;
  /** Requests to change, renew or end a grant that are going somewhere, oldest first. */
  openChanges(): Promise<StoredRequest[]>;
  /**
   * What stands in the way of a request for the same that is to go on before anybody approves it: an earlier such one that is not
   * confirmed, or a no, both for some days.
   */
  glassInTheWay(
    subject: Pick<StoredRequest, 'apiRef' | 'callerRef' | 'shown'>,
  ): Promise<GlassInTheWay | undefined>;
  /** Requests that went on before anybody approved them and are in force or on their way, or that somebody rejected since. */
  brokenGlass(): Promise<StoredRequest[]>;
  /**
   * The notice of an end is over: from now on it is in a pull request, which is built soon.
   *
   * @returns undefined where it has none, or not any more
   */
  endNotice(id: string): Promise<StoredRequest | undefined>;
  /** Every confirm request of an API, also those that ended, oldest first. */
  confirmsOf(apiRef: string): Promise<StoredRequest[]>;
  /** Every request about a grant of an API, in whatever state, oldest first; none of it tells whether it is the grant of today. */
  requestsOfGrant(apiRef: string, grantId: string): Promise<StoredRequest[]>;
  /** APIs of which a grant of this id was asked about, sorted. */
  apisOfGrant(grantId: string): Promise<string[]>;
  /** Replaces what a confirm request is about while it is submitted; its meaning is worked out anew with every look. */
  setConfirm(id: string, confirm: Confirmation): Promise<void>;
  requestsOfProposals(proposalIds: readonly string[]): Promise<StoredRequest[]>;
  /** Every API that somebody ever asked for. */
  requestedApis(): Promise<string[]>;
  requestEnds(): Promise<RequestEnds>;

  listRequests(
    filter: RequestFilter,
    page: { cursor?: string; limit: number },
  ): Promise<StoredPage<StoredRequest>>;
  /** Whether a permission decision leaves a request visible. */
  isVisible(id: string, visible: RequestVisibility): Promise<boolean>;
  /** The request's parties, for the permission framework. */
  getParties(
    id: string,
  ): Promise<
    { id: string; parties: { role: PartyRole; ref: string }[] } | undefined
  >;
  transitions(requestId: string): Promise<StoredTransition[]>;
  /** Steps of some requests by their ids, each in order. */
  transitionsOf(
    requestIds: readonly string[],
  ): Promise<Map<string, StoredTransition[]>>;
  /**
   * Changes the state of a request by the lifecycle.
   *
   * @throws ConflictError with code `version-conflict` or `wrong-state`, NotFoundError
   */
  change(change: StoredChange): Promise<StoredRequest>;
  /**
   * Adds an approval. The last one that is needed changes the state and makes the proposal due.
   *
   * @throws ConflictError with code `approvals-changed`, `version-conflict` or `wrong-state`, NotFoundError
   */
  approve(approval: NewApproval): Promise<StoredRequest>;
  /**
   * Replaces what a request asks for, and sends it again: approvals of before end.
   *
   * @throws ConflictError with code `version-conflict` or `wrong-state`, NotFoundError
   */
  revise(revision: StoredRevision): Promise<StoredRequest>;
  /**
   * Adds a comment.
   *
   * @throws ConflictError with code `too-many-comments`
   */
  comment(
    comment: Omit<StoredComment, 'id' | 'at'>,
    idempotency?: Idempotency,
  ): Promise<StoredComment>;
  /** Comments on a request, oldest first. */
  comments(requestId: string): Promise<StoredComment[]>;
  /** Every approval of some requests, also those that count no more, oldest first. */
  approvals(requestIds: readonly string[]): Promise<StoredApproval[]>;
  /**
   * Takes out what people wrote about a request that is over: its reason and every note. A second time changes nothing.
   *
   * @throws ConflictError with code `wrong-state` while it is open, NotFoundError
   */
  blankTexts(id: string): Promise<StoredRequest>;
  /** Requests that are over since before a moment and still have their texts, the oldest first. */
  idsWithTexts(before: number, limit: number): Promise<string[]>;
  /** Replaces the meaning that is shown and that an approval binds to, without a change of state. */
  setShown(id: string, version: number, shown: Meaning): Promise<StoredRequest>;
}
