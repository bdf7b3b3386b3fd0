import type {
  CatalogEntity,
  Cluster,
  Compilation,
  CompiledApprovalRule,
  CompiledGuardrail,
  DaysByRule,
  DigestContent,
  Escalation,
  Finding,
  Gap,
  Grant,
  GrantEnds,
  GrantOperation,
  Meaning,
  MeaningDifference,
  PlatformProfile,
  PolicyState,
  Proof,
  SourceFile,
  Words,
} from '@callgate/policy';
import type { OperationInput } from '@callgate/plugin-callgate-common';
import type { Need } from '../approval/needs';
import type { EstateStanding } from '../estate/EstateReader';
import type { ImportRecord } from '../imports/types';
import type { ProposalProblem } from './problems';
import type { ParsedPolicy } from './readPolicies';

/** Where what a page shows comes from, and how old it is. Times are ISO 8601. */
export interface SnapshotSource {
  /** The tip of the target branch that was read; absent when it never could be. */
  commit?: string;
  branch: string;
  committedAt?: string;
  /** When the repository was asked last with success. */
  readAt: string;
  estateReadAt?: string;
  /** The clusters whose API servers say what is in them, sorted; of others manifests say it. Absent where there are none. */
  observed?: readonly string[];
  /** The last attempt to read repository or estate failed, as a whole or of a cluster; what is shown of it is older. */
  stale: boolean;
  /** A source of the estate could not be read, so that of every cluster something may be missing. */
  estateMissing?: true;
  /** What is not known of what runs in the clusters; absent where all of them were read. */
  estate?: EstateStanding;
  /** A sentence for people; absent when everything was read. */
  problem?: string;
}

/** A version of a file that holds because the newest one cannot be read. */
export interface StandIn {
  file: string;
  /** The newest commit that has this version. */
  commit: string;
  /** When that was. ISO 8601. */
  at: string;
}

/** A cluster of which something cannot be read: nothing is proposed for it, and it is shown as it was. */
export interface UnreadCluster {
  cluster: string;
  /** With file and line. */
  findings: readonly Finding[];
  /** Since when it is shown as it was, ISO 8601; absent where it was never read completely, and is shown in part. */
  shownOf?: string;
  /** Only its profile cannot be read, and the last version of that which could be is what it is shown by. */
  profileOfBefore?: true;
}

/**
 * The target branch, the estate and the catalog at one moment, compiled. Immutable; equal `key`s mean equal content.
 */
export interface Snapshot {
  /** Digest of commit, estate and catalog. */
  key: string;
  source: SnapshotSource;
  /** Every text file of the target branch, by path. */
  repository: ReadonlyMap<string, string>;
  /** Paths of it that are links, or to which links lead. */
  linked: ReadonlySet<string>;
  /** Declarations that parse, and those that do not with their findings. */
  policies: readonly ParsedPolicy[];
  catalog: readonly CatalogEntity[];
  profiles: readonly PlatformProfile[];
  /** The platform team's rules. */
  guardrails: readonly CompiledGuardrail[];
  /** Rules of who approves: those of the file, and those of the configuration. */
  approvalRules: readonly CompiledApprovalRule[];
  /** Whom it is told that nobody decides. */
  escalate?: Escalation;
  /** Says which rules the configuration has: `config-` and a digest. */
  configuredRules?: string;
  /** Earlier versions of the rules that hold because the newest ones cannot be read. */
  standIns: { guardrails?: StandIn; approvals?: StandIn };
  /** Estate and hand-written files of the repository, without generated objects. */
  clusters: readonly Cluster[];
  /** The same with the generated objects that the repository has now: what is effective by manifests in Git. */
  effectiveClusters: readonly Cluster[];
  compilation: Compilation;
  /** Input of `meaning` and `prove`: the state at the tip. */
  state: PolicyState;
  /** Findings of reading repository, profiles and estate; those of compiling are in `compilation`. */
  findings: readonly Finding[];
  /** Those of them because of which nothing at all is proposed. */
  blocking: readonly Finding[];
  /** Clusters of which something cannot be read. */
  unread: readonly UnreadCluster[];
  /** Paths of generated files of which a cluster that is read live lacks something. */
  missingInClusters: ReadonlySet<string>;
  /** The same without these clusters, for what does not concern them; itself where there are none. */
  sound: Snapshot;
  /** Clusters that this one is without; files of theirs are nobody's to change. */
  leftOut: readonly Cluster[];
}

/** An end that a grant stands for now and was not approved for. */
export interface AskedEnd {
  side: 'caller' | 'provider';
  /** Ref of what stands for it: the caller or a member of the set, or the provider. */
  entity: string;
  cluster: string;
  /** `namespace/Kind/name`, or `cidr:` with blocks. */
  end: string;
}

/**
 * What a confirm request is about: a grant that stands for more than it was approved for, or a component that says it
 * provides the API.
 */
export type Confirmation =
  | {
      grant: string;
      /** Those that are asked about, and that are confirmed as far as the grant still stands for them; no others are. */
      ends: readonly AskedEnd[];
      /** What was approved before. */
      approved?: GrantEnds;
    }
  | { provider: string };

/** For whom a grant is changed or ended: an owner of the caller, of the API, or the security team. */
export type ChangeSide = 'caller' | 'api' | 'security';

/** What becomes of an API whose last grant ends: nobody may call it, or everybody. */
export type WhenLast = 'keep-closed' | 'open';

/**
 * What a request asks for that is about a grant which is there already. `change`: other terms, which are those of the draft. `renew`:
 * another last day. `end`: that it goes.
 */
export interface GrantChange {
  kind: 'change' | 'renew' | 'end';
  grant: string;
  /** The request in it when this was asked. Another one under the same id is another grant. */
  request?: string;
  side: ChangeSide;
  /** Of an end that Callgate proposes: the last day of the grant, which is over. */
  expired?: string;
  /** Of an end that Callgate asks for because access that nobody had approved is over, or was rejected: the request that opened it. */
  glass?: { request: string; why: 'over' | 'rejected' };
  /** Of an end that Callgate proposes: the day since when the catalog has the caller no more. */
  gone?: string;
  /** Of an end; counts where no other grant was there when it was asked. */
  whenLast?: WhenLast;
  /** Of an end: asked without the notice that there would be. */
  urgent?: true;
  /** Of an end with notice: the day on which it is proposed. */
  proposeOn?: string;
  /** That day has not come: it is in no pull request. */
  held?: true;
}

/** A changed or ended grant as it is written into a declaration. */
export interface ChangeEdit {
  change: GrantChange;
  /** As the declaration has it. */
  caller: string;
  /** What a change or a renewal writes. */
  terms: Pick<Grant, 'operations'> &
    Partial<Pick<Grant, 'in' | 'acknowledges' | 'reason' | 'until'>>;
  /** Id of the request that it is written for; absent while it is a draft. */
  request?: string;
  approvedBy: readonly string[];
}

/** A confirmation as it is written into a declaration. */
export interface ConfirmEdit {
  confirm: Confirmation;
  approvedBy: readonly string[];
}

/** One change of a declaration. */
export type DeclarationEdit = { grant: Grant } | ConfirmEdit | ChangeEdit;

/** What somebody asks for. Refs are full and lower case. */
export interface ProposalDraft {
  /** Asks to confirm what is declared already; absent: for something new. */
  confirm?: Confirmation;
  /** Asks for something of a grant that is there; absent: for something new. */
  change?: GrantChange;
  /** Last day of the grant, such as `2027-03-01`; absent: none, and of a change that the day stays; an empty text takes it away. */
  until?: string;
  api: string;
  caller: string;
  operations: readonly GrantOperation[];
  /** Clusters or environments; empty: wherever the pair runs. */
  in: readonly string[];
  reason?: string;
  acknowledges: readonly Gap[];
  requestedBy?: string;
  /** The day on which it was asked, from which its days are counted. */
  askedOn?: string;
  /** It goes on before anybody approves it, and ends at this moment: milliseconds since 1970. */
  breakGlass?: { expiresAt: number };
}

/** A file of the repository that a proposal changes. */
export interface ProposedFile {
  path: string;
  status: 'added' | 'changed' | 'removed';
  before?: string;
  after?: string;
  /** Lines. */
  additions: number;
  deletions: number;
  /** `kernel`: only NetworkPolicies. `mesh`: only Istio objects. */
  kind: 'declaration' | 'kernel' | 'mesh' | 'other';
}

/** Why a rule that is about a request does not approve it by itself. */
export type AutomaticBlock =
  /** Others have to approve: by rules, guardrails or code, by name. */
  | { code: 'others-needed'; rules: readonly string[] }
  /** The caller's catalog file says what nobody confirms. */
  | { code: 'caller-system' | 'caller-owners' }
  /** It is granted to a set, which components say by themselves that they belong to. */
  | { code: 'several-callers' }
  /** Somebody else owns the workload as well, or an API on it. */
  | { code: 'shared-workload' }
  | { code: 'cuts-somebody' }
  | { code: 'accepts-gaps' }
  /** Policies of others that nobody judges touch it. */
  | { code: 'policies-of-others' }
  /** It is not known whose a workload is. */
  | { code: 'contested' }
  /** It opens or takes away something of others, or opens to everybody. */
  | { code: 'concerns-others' }
  /** It confirms what a grant stands for by now, which the caller's team made more. */
  | { code: 'confirmation' };

/** Why a draft may not go on before anybody approves it: it would do more than open something to its own caller for a while. */
export type GlassBlock =
  /** Only something new: a grant that is there is for its owners. */
  | { code: 'not-new' }
  /** The platform team's rules want approvers, by name. */
  | { code: 'guardrail'; rules: readonly string[] }
  /** It closes something, or takes something away. */
  | { code: 'closes' }
  | { code: 'opens-for-others' }
  | { code: 'several-callers' }
  | { code: 'accepts-gaps' }
  | { code: 'contested' };

/** What rules come to by which nobody has to approve. */
export type Automatic =
  | { rule: string; version: string }
  | { rules: readonly string[]; blocks: readonly AutomaticBlock[] };

/** How long access may last by the rules that are about it. */
export interface DayLimits {
  maxDays?: DaysByRule;
  defaultDays?: DaysByRule;
}

/** What a draft would do, relative to the tip. */
export interface ProposalPreview {
  meaning: Meaning;
  files: readonly ProposedFile[];
  /** Everything that its author should read; errors mean that it cannot be sent. */
  findings: readonly Finding[];
  /** Whether it could be proposed now. */
  sendable: boolean;
  /** Why not, in a sentence. */
  problem?: string;
  /** Gaps that may be acknowledged to go on. */
  acknowledgeable: readonly Gap[];
  /** Whose approvals it would take. */
  needs: readonly Need[];
  /** Rules by which nobody has to approve, and what comes of them; absent: none is about it. */
  automatic?: Automatic;
  /** How long it may last by the rules. */
  limits?: DayLimits;
  /** Why it could not go on before anybody approves it; empty: it could. */
  glass: readonly GlassBlock[];
  source: SnapshotSource;
}

/** An approved request, as the worker reads it. Times are ISO 8601. */
export interface CarriedRequest extends ProposalDraft {
  id: string;
  number: number;
  version: number;
  state: 'approved' | 'proposed';
  reason: string;
  requestedBy: string;
  createdAt: string;
  /** Those that count, each for one need. */
  approvals: readonly {
    by: string;
    at: string;
    need: string;
    note?: string;
  }[];
  /** Everybody who has approved it, what it meant earlier among that. */
  approvedBy: readonly string[];
  /** What the approvers were shown. */
  approved: { digest: string; content: DigestContent };
}

/** `building`: no pull request yet. `failed`: the last attempt ended in an error that waiting alone does not mend. */
export type ProposalState =
  | 'building'
  | 'open'
  | 'merged'
  | 'closed'
  | 'failed';

/** One line of a proposal's checks. */
export interface ProposalCheck {
  name: string;
  outcome: 'passed' | 'failed' | 'warning';
  /** With ids. */
  text: string;
  /** The same with names set apart, where it has any. */
  words?: Words;
}

/** Why a request asks again. */
export type TransitionFacts =
  | { code: 'meaning-changed'; differences: readonly MeaningDifference[] }
  /** `rules`: names of the rules that want more than they did. */
  | { code: 'more-approvals-needed'; rules: readonly string[] }
  /** Of a confirm request: what it asked about is not so any more, or is confirmed already. */
  | { code: 'nothing-to-confirm' }
  /** Of a request to change or end a grant: the grant is not there any more. */
  | { code: 'grant-gone' }
  /** Of an end that Callgate proposed: the grant holds longer by now. */
  | { code: 'not-over' }
  /** Of an end that Callgate asked for while its API had errors: it can be prepared by now, and is asked for anew. */
  | { code: 'preparable-again' }
  /** Of an end that Callgate proposed because the caller was gone: it is in the catalog again, or is something else there. */
  | { code: 'caller-back' | 'caller-renamed' }
  /** It only takes away from the side that asks, or by whom it is owned: nobody has to approve. */
  | { code: 'no-approval-needed'; proposeOn?: string; urgent?: true }
  /** It goes on before anybody has approved it. `expiresAt`: milliseconds since 1970. */
  | { code: 'break-glass'; expiresAt: number }
  /** Of such a request: everybody has approved it afterwards. */
  | { code: 'confirmed-afterwards' }
  /** Of such a request: its time was over, and nobody had decided. */
  | { code: 'time-over' }
  /** Its pull request only ended what was over, and Callgate merged it: `callgate.lifecycle.onExpiry` was `merge`. */
  | { code: 'merged-after-end' }
  /** Of such a request: it means more by now, which nobody has agreed to. */
  | { code: 'glass-means-more' }
  /** It was withdrawn, and merged all the same: the pull request had not lost it yet. */
  | { code: 'withdrawn-too-late' }
  /** It was declined, rejected, superseded or asked again, and merged all the same. */
  | { code: 'merged-all-the-same' }
  /** The requester changed it; what it asked for until then. */
  | { code: 'revised'; before: RevisedFrom }
  /** Nobody has to approve, by a rule. `version`: as in `RuleRefParts`. */
  | { code: 'approved-by-rule'; rule: string; version: string };

/** What a request asked for before it was revised, and why. */
export interface RevisedFrom {
  digest: string;
  operations: readonly OperationInput[];
  in: readonly string[];
  acknowledges: readonly string[];
  until?: string;
  whenLast?: WhenLast;
  reason: string;
}

/** How it stands with a pull request that Callgate may merge by itself, because it only ends what is over. Milliseconds since 1970. */
export interface AutomaticMerge {
  /** The head that this is about. */
  head: string;
  /** Why it waits for people. */
  waits?:
    | 'carries-others'
    | 'needed-approval'
    | 'not-over'
    | 'means-else'
    | 'objection'
    | 'pushed'
    | 'other-branch'
    | 'outdated'
    | 'unread-cluster'
    | 'checks'
    | 'unmet'
    | 'refused'
    | 'forge-cannot';
  /** Since when nothing stands in the way. */
  readySince?: number;
  /** When it was to be merged. */
  triedAt?: number;
}

/** A proposal as it is stored. Times are ISO 8601. */
export interface ProposalRecord {
  /** ULID. */
  id: string;
  api: string;
  branch: string;
  /** Id of the forge. */
  forge: string;
  state: ProposalState;
  title: string;
  /** Markdown, escaped. */
  body: string;
  number?: number;
  url?: string;
  /** Tip of the target branch that it was built from. */
  base?: string;
  /** Head of its branch, as Callgate built it: what is shown, and what a review or a merge binds to. */
  head?: string;
  /** Heads before it, oldest first, with what each carried. */
  earlier?: readonly { head: string; requestIds: readonly string[] }[];
  /** How it was reviewed on the forge when that was looked at last, and which head. */
  reviewed?: { decision: 'approved' | 'changes-requested'; head: string };
  meaning?: Meaning;
  files: readonly ProposedFile[];
  checks: readonly ProposalCheck[];
  requestIds: readonly string[];
  automatic?: AutomaticMerge;
  /** It imports what is in force, and carries no requests. */
  imported?: ImportRecord;
  /** Why it does not go on; cleared by success. */
  problem?: ProposalProblem;
  /** What was stored of it cannot be read: beside the API and the state, nothing of it is known. */
  damaged?: true;
  createdAt: string;
  updatedAt: string;
  /** Starts at 1, raised with every write. */
  version: number;
}

/** A task to rebuild the proposal of one API. There is at most one row per API: later demands raise its version. */
export interface OutboxRow {
  api: string;
  version: number;
  /** Failed attempts since the last success. */
  attempts: number;
  /** Proves that the lease is still ours. */
  leaseToken: string;
}

/**
 * What the worker does to a request. `proposed`: approved → proposed. `meaning-changed`: approved or proposed →
 * submitted, it asks again. `merged` and `declined`: proposed → end. `superseded`: nothing is left to confirm.
 */
export interface RequestOutcome {
  requestId: string;
  event: 'proposed' | 'meaning-changed' | 'merged' | 'declined' | 'superseded';
  /** What a person said, for the timeline. */
  reason?: string;
  /** What Callgate says there: put into words for each reader. */
  facts?: TransitionFacts;
  /** The pull request. */
  link?: string;
  /** Entity ref or forge login of who did it; absent: Callgate. */
  actor?: string;
  /** Whose approvals it takes from now on. */
  needs?: readonly Need[];
}

/**
 * Tables `outbox` and `proposals`, and the requests they are about. Every method is one transaction.
 */
export interface ProposalStore {
  /** Asks for a rebuild of the API's proposal; a waiting row is made due at once and its version raised. */
  enqueue(api: string): Promise<void>;

  /** Leases rows that are due and not leased, oldest first. A lease that ran out counts as none. */
  claim(options: { limit: number; leaseMs: number }): Promise<OutboxRow[]>;

  /** Deletes the row if the lease and the version are still the same; otherwise only releases it. */
  finish(row: OutboxRow): Promise<void>;

  /** Releases the row, counts the attempt and makes it due after `delayMs`. */
  postpone(
    row: OutboxRow,
    options: { delayMs: number; problem: string },
  ): Promise<void>;

  /** Lengthens those leases that are still ours, and says by their tokens which these are. */
  renew(
    rows: readonly OutboxRow[],
    options: { leaseMs: number },
  ): Promise<ReadonlySet<string>>;

  /** Gives up leases that are still ours; the rows are due as before. */
  release(rows: readonly OutboxRow[]): Promise<void>;

  /** Requests of the API in state `approved` or `proposed`, in the order of their numbers; no damaged ones, and none with notice. */
  carriedRequests(api: string): Promise<CarriedRequest[]>;

  /**
   * Those of these requests of the API that were approved, and withdrawn, declined, rejected or superseded after that, in the order of
   * their numbers; no damaged ones.
   */
  leftRequests(api: string, ids: readonly string[]): Promise<CarriedRequest[]>;

  /** Requests of the API in these states whose record cannot be read. */
  damagedRequests(
    api: string,
  ): Promise<readonly { id: string; number: number }[]>;

  /** The proposal of the API that is `building`, `open` or `failed`: at most one. */
  currentProposal(api: string): Promise<ProposalRecord | undefined>;

  /**
   * Stores the first record of an import and asks for its pull request, where the API has no proposal and no approved request.
   *
   * @returns the record as stored; `undefined` where the API has one of these
   */
  startImport(proposal: ProposalRecord): Promise<ProposalRecord | undefined>;

  /** All proposals in state `open`. */
  openProposals(): Promise<ProposalRecord[]>;

  /**
   * Writes a proposal and what it means for its requests, all or nothing. An outcome whose event does not fit the
   * request's present state is left out (somebody was faster), never an error.
   *
   * @param proposal - with the version that was read; 0 for a new one
   * @returns the record as stored
   * @throws ConflictError with code `version-conflict`
   */
  saveProposal(
    proposal: ProposalRecord,
    outcomes?: readonly RequestOutcome[],
  ): Promise<ProposalRecord>;

  /** Outcomes without a proposal: a request that asks again before anything could be opened. */
  saveOutcomes(outcomes: readonly RequestOutcome[]): Promise<void>;
}

/** A request that must be approved again. */
export interface AskedAgain {
  request: CarriedRequest;
  facts: TransitionFacts;
  /** Whose approvals it takes now, where that changed. */
  needs?: readonly Need[];
}

/** The outcome of planning one proposal, before anything is written. */
export interface BuiltProposal {
  api: string;
  base: string;
  /** Requests that the proposal carries. */
  carried: readonly CarriedRequest[];
  /** Requests that must be approved again, with why. */
  askAgain: readonly AskedAgain[];
  /** Requests that cannot be carried now, with why; they stay approved and are tried again. */
  blocked: readonly { request: CarriedRequest; errors: readonly Finding[] }[];
  /** Requests that went on before anybody approved them and mean more by now: they end. */
  outgrown: readonly CarriedRequest[];
  /** Confirm requests of which nothing is left to confirm, and requests about grants that are not there any more. */
  gone: readonly CarriedRequest[];
  /** Requests that wait for others of the same API: together they take away more than each of them said. */
  waiting: readonly CarriedRequest[];
  /** Notes on requests that go on although their meaning is narrower than approved. */
  notes: readonly string[];
  changes: ReadonlyMap<string, string | undefined>;
  files: readonly ProposedFile[];
  meaning: Meaning;
  /** The repository with the proposal; absent where there is an error in the declaration. */
  after?: PolicyState;
  proof?: Proof;
  checks: readonly ProposalCheck[];
  /** Errors of the proposal as a whole: nothing may be opened. */
  errors: readonly Finding[];
}

/** The catalog, as compiling needs it: every Component, Resource, API, System, Domain, Group and User. */
export interface CatalogSource {
  entities(): Promise<readonly CatalogEntity[]>;
}

/** What happened to a proposal, for whoever wants to hear of it. */
export interface ProposalChange {
  proposal?: ProposalRecord;
  requestIds: readonly string[];
  event: string;
  /** There is something new to read: it was opened, or it has another head. */
  toRead?: boolean;
  /** It did not go on before, for a reason that is gone. */
  mended?: boolean;
  /** Who merged or closed it, as the forge says it. */
  by?: string;
}

/** Told after the commit of what happened; never throws. */
export interface ProposalListener {
  changed(change: ProposalChange): Promise<void>;
}

export type { SourceFile };
