import type {
  ForgeRepository,
  PullRequest,
} from '@callgate/plugin-callgate-node';
import type { Steps } from '@callgate/policy';
import { readDeclared } from '../evidence/readDeclared';
import { FileHistory } from '../git/FileHistory';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import { inTurns, othersUnless } from '../proposals/inTurns';
import type { Place } from '../proposals/places';
import type { ProposalProblem } from '../proposals/problems';
import type { ProposalPlanner } from '../proposals/ProposalPlanner';
import type { NewReview, ProposalReviews } from '../proposals/ProposalReviews';
import type { ProposalWorker } from '../proposals/ProposalWorker';
import type { SnapshotReader } from '../proposals/SnapshotReader';
import type {
  ProposalDraft,
  ProposalPreview,
  ProposalRecord,
  Snapshot,
} from '../proposals/types';
import type { Turn, Turns } from '../turns';
import type { DeclaredThen, PolicyDesk } from './PolicyDesk';

/** Approvals that come within this time share one build. */
const WAKE_AFTER_MS = 1_500;

/** The policy repository as people use it: read through the snapshot, changed through the forge. */
export class RepositoryPolicyDesk implements PolicyDesk {
  static create(options: {
    snapshots: SnapshotReader;
    planner: ProposalPlanner;
    turns: Turns;
    connection: RepositoryConnection;
    work: Pick<ProposalWorker, 'runOnce' | 'problemOf'>;
    reviews: Pick<ProposalReviews, 'review' | 'merge'>;
    onProblem: (error: unknown) => void;
  }): RepositoryPolicyDesk {
    return new RepositoryPolicyDesk(options);
  }

  #timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly options: {
      snapshots: SnapshotReader;
      planner: ProposalPlanner;
      turns: Turns;
      connection: RepositoryConnection;
      work: Pick<ProposalWorker, 'runOnce' | 'problemOf'>;
      reviews: Pick<ProposalReviews, 'review' | 'merge'>;
      onProblem: (error: unknown) => void;
    },
  ) {}

  get reviewsInPortal(): boolean {
    return this.options.connection.reviewsInPortal;
  }

  reviewsIn(forge: string): boolean {
    // A proposal of before the repository was moved is on another forge.
    const { forgeId } = this.options.connection;
    return this.reviewsInPortal && forge === forgeId;
  }

  snapshot(how?: { fresh?: boolean }): Promise<Snapshot> {
    return this.options.snapshots.read(how);
  }

  async declaredAt(moment: number): Promise<DeclaredThen | undefined> {
    const { connection } = this.options;
    const { branch, policiesFolder } = connection.config;
    const repository = await connection.repository();
    const head = await repository.fetch(branch);
    if (head === undefined) return undefined;
    const commit = await new FileHistory(connection).commitAt(head, moment);
    return (
      commit && {
        ...commit,
        policies: await readDeclared(
          repository.store,
          commit.id,
          policiesFolder,
        ),
      }
    );
  }

  async preview(
    draft: ProposalDraft,
    turn: Turn,
    how: { fresh?: boolean } = {},
  ): Promise<ProposalPreview> {
    const { snapshots, planner, turns } = this.options;
    const snapshot = await snapshots.read(how);
    return planner.preview(snapshot, draft, work => turns.run(turn, work));
  }

  async places(
    draft: ProposalDraft,
    among: readonly string[],
    turn: Turn,
  ): Promise<readonly Place[]> {
    const { snapshots, planner, turns } = this.options;
    const snapshot = await snapshots.read();
    return planner.places(snapshot, draft, among, work =>
      turns.run(turn, work),
    );
  }

  inTurn<T>(turn: Turn, steps: () => Steps<T>): Promise<T> {
    return this.options.turns.run(turn, async signal => {
      await othersUnless(signal);
      return inTurns(steps(), signal);
    });
  }

  async pullRequest(
    proposal: ProposalRecord,
  ): Promise<PullRequest | undefined> {
    const { number } = proposal;
    return number === undefined
      ? undefined
      : this.#ifReachable(repository => repository.readPullRequest(number));
  }

  async commits(
    proposal: ProposalRecord,
  ): Promise<{ id: string; message: string; at: string }[]> {
    const { head, base } = proposal;
    const commits =
      head === undefined
        ? undefined
        : await this.#ifReachable(({ store }) => store.log(head, base));
    return (commits ?? []).map(({ id, message, at }) => ({ id, message, at }));
  }

  async review(proposal: ProposalRecord, review: NewReview): Promise<void> {
    await this.options.reviews.review(proposal, review);
  }

  async merge(
    proposal: ProposalRecord,
    shown: { by: string; head: string },
  ): Promise<void> {
    await this.options.reviews.merge(proposal, shown);
  }

  buildProblem(api: string): ProposalProblem | undefined {
    return this.options.work.problemOf(api);
  }

  wake(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // Nobody waits for it: what fails stays due and says so on the proposal.
      this.options.work.runOnce().catch(this.options.onProblem);
    }, WAKE_AFTER_MS).unref();
  }

  /** A page shows what is stored when the forge cannot be asked. */
  async #ifReachable<T>(
    ask: (repository: ForgeRepository) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await ask(await this.options.connection.repository());
    } catch (error) {
      this.options.onProblem(error);
      return undefined;
    }
  }
}
