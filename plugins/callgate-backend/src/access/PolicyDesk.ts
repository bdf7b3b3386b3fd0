import type { PullRequest } from '@callgate/plugin-callgate-node';
import type { Steps } from '@callgate/policy';
import type { ParsedPolicy } from '../proposals/readPolicies';
import type { Place } from '../proposals/places';
import type { ProposalProblem } from '../proposals/problems';
import type { NewReview } from '../proposals/ProposalReviews';
import type {
  ProposalDraft,
  ProposalPreview,
  ProposalRecord,
  Snapshot,
} from '../proposals/types';
import type { Turn, Turns } from '../turns';

/** The declarations of a moment, and the commit that they are of. */
export interface DeclaredThen {
  id: string;
  /** When that commit was made, ISO 8601. */
  at: string;
  policies: readonly ParsedPolicy[];
}

/**
 * What the service needs of the policy repository: what is in force, what a draft would change, and pull requests.
 */
export interface PolicyDesk {
  /**
   * @param how - `fresh`: by what the repository says now; for whoever decides
   * @throws ServiceUnavailableError with code `repository-unreachable` when nothing was ever read, ForgeError when it must be fresh
   * and the repository cannot be read
   */
  snapshot(how?: { fresh?: boolean }): Promise<Snapshot>;
  /**
   * What was declared at a moment, by the history of the target branch; `undefined` before its first commit.
   *
   * @param moment - milliseconds since 1970
   * @throws ServiceUnavailableError with code `repository-unreachable`
   */
  declaredAt(moment: number): Promise<DeclaredThen | undefined>;
  /**
   * What a draft would do. An API that vanished is an error among its findings.
   *
   * @param turn - whose turn it takes
   * @param how - `fresh`: by what the repository says now; for whoever decides, not for who looks
   * @throws ForgeError when it must be fresh and the repository cannot be read, errors of {@link Turns.run}
   */
  preview(
    draft: ProposalDraft,
    turn: Turn,
    how?: { fresh?: boolean },
  ): Promise<ProposalPreview>;
  /**
   * In which of some clusters a draft could be granted, and what would hold there.
   *
   * @throws errors of {@link Turns.run}
   */
  places(
    draft: ProposalDraft,
    among: readonly string[],
    turn: Turn,
  ): Promise<readonly Place[]>;
  /**
   * Works something else out when it is somebody's turn.
   *
   * @throws errors of {@link Turns.run}
   */
  inTurn<T>(turn: Turn, steps: () => Steps<T>): Promise<T>;
  /** State of the pull request on the forge now; `undefined` when it cannot be reached. */
  pullRequest(proposal: ProposalRecord): Promise<PullRequest | undefined>;
  /** Commits of the proposal's branch, newest first. */
  commits(
    proposal: ProposalRecord,
  ): Promise<{ id: string; message: string; at: string }[]>;
  /** Whether the forge leaves review and merge to the portal. */
  readonly reviewsInPortal: boolean;

  /** Whether pull requests on a forge, by its id, are reviewed and merged in the portal. */
  reviewsIn(forge: string): boolean;
  /** @throws HeadChangedError when another head than the present one was shown */
  review(proposal: ProposalRecord, review: NewReview): Promise<void>;
  /**
   * Merges the head that was shown and takes note of it: the requests are `merged` and the snapshot is new when it returns.
   *
   * @throws HeadChangedError when another head than the present one was shown
   */
  merge(
    proposal: ProposalRecord,
    shown: { by: string; head: string },
  ): Promise<void>;
  /** Why the last attempt of this process to build the proposal of an API failed. */
  buildProblem(api: string): ProposalProblem | undefined;
  /** Starts on what is due, without waiting for the next round. */
  wake(): void;
}
