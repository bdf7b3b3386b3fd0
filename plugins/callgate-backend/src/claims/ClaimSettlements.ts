import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  ConflictError,
  NotAllowedError,
  stringifyError,
} from '@backstage/errors';
import {
  type Finding,
  parsePlatformProfile,
  settleClaim,
} from '@callgate/policy';
import type {
  ForgeRepository,
  PullRequest,
} from '@callgate/plugin-callgate-node';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import { KeyedLock } from '../proposals/KeyedLock';
import { ProposalBranch } from '../proposals/ProposalBranch';
import { proposedFiles } from '../proposals/proposedFiles';
import { titlesOf } from '../proposals/titles';
import type { ProposedFile, Snapshot } from '../proposals/types';
import { claimsInput, isEstateKnown } from './claimedWorkloads';
import { claimBranchOf, type ClaimTarget } from './ClaimTarget';
import { describeSettlement } from './describeSettlement';
import { ownerIn } from './ownerIn';
import { profileFileOf } from './profileFileOf';

/** The open pull request that says whose a workload is. */
export interface PreparedSettlement {
  pull: PullRequest;
  /** Whose it would be by the head of the pull request; absent where that does not say it. */
  owner?: string;
  /** Whether merging it does exactly what would be prepared now. */
  isCurrent: boolean;
  files: readonly ProposedFile[];
}

/** Whoever decides, asked at the decision: throws where they may not give a workload to an owner. */
export type MayGive = (snapshot: Snapshot, owner: string) => Promise<void>;

/** What people need to settle whose a workload is. */
export interface Settlements {
  /** Whether the forge leaves merging to the portal. */
  readonly reviewsInPortal: boolean;
  readonly forgeId: string;
  /** @returns `undefined` where there is no open pull request, or the forge cannot be asked */
  read(
    snapshot: Snapshot,
    target: ClaimTarget,
  ): Promise<PreparedSettlement | undefined>;
  /**
   * Opens the pull request, or brings the one that is open to this owner.
   *
   * @throws ConflictError with code `cannot-be-settled`, with what to do
   */
  prepare(
    target: ClaimTarget,
    owner: string,
    mayGive: MayGive,
  ): Promise<Snapshot>;
  /**
   * Merges what was shown; the snapshot is new when it returns.
   *
   * @throws ConflictError with code `head-changed`, `pull-request-closed`, `proposal-outdated` or `merge-conflict`
   */
  merge(
    target: ClaimTarget,
    shown: { by: string; head: string },
    mayGive: MayGive,
  ): Promise<Snapshot>;
}

/**
 * Settles whose workloads are by pull requests in the policy repository. What there is of one is read from its forge, by its
 * branch: nothing is stored here, and whoever works with Git alone sees all of it.
 */
export class ClaimSettlements implements Settlements {
  readonly #lock = new KeyedLock();

  constructor(
    private readonly options: {
      connection: RepositoryConnection;
      snapshots: { read(how?: { fresh?: boolean }): Promise<Snapshot> };
      logger: LoggerService;
    },
  ) {}

  get reviewsInPortal(): boolean {
    return this.options.connection.reviewsInPortal;
  }

  get forgeId(): string {
    return this.options.connection.forgeId;
  }

  async read(
    snapshot: Snapshot,
    target: ClaimTarget,
  ): Promise<PreparedSettlement | undefined> {
    const { connection, logger } = this.options;
    try {
      const repository = await connection.repository();
      const pull = await repository.findPullRequest(claimBranchOf(target));
      return pull?.state === 'open'
        ? await this.#prepared(repository, snapshot, target, pull)
        : undefined;
    } catch (error) {
      logger.warn(
        `The pull request about ${
          target.workload
        } was not read: ${stringifyError(error)}`,
      );
      return undefined;
    }
  }

  async prepare(
    target: ClaimTarget,
    owner: string,
    mayGive: MayGive,
  ): Promise<Snapshot> {
    const { connection, snapshots } = this.options;
    const name = claimBranchOf(target);
    return this.#lock.run(name, async () => {
      const snapshot = await snapshots.read({ fresh: true });
      const built = this.#build(snapshot, target, owner);
      if ('problem' in built)
        throw withCode(built.problem, 'cannot-be-settled');
      await mayGive(snapshot, built.owner);
      const repository = await connection.repository();
      const text = describeSettlement(
        target,
        built.owner,
        built.claims,
        titlesOf(snapshot.catalog),
      );
      const branch = new ProposalBranch(repository, name);
      const { head } = await branch.write(
        snapshot,
        {
          base: snapshot.source.commit ?? '',
          changes: built.changes,
          carried: [],
        },
        text.title,
      );
      await this.#setStatus(repository, head);
      await this.#open(repository, name, text);
      return snapshot;
    });
  }

  async merge(
    target: ClaimTarget,
    { by, head }: { by: string; head: string },
    mayGive: MayGive,
  ): Promise<Snapshot> {
    const { connection, snapshots } = this.options;
    const name = claimBranchOf(target);
    return this.#lock.run(name, async () => {
      const repository = await connection.repository();
      const reviews = repository.portalReviews;
      if (!reviews) {
        throw new NotAllowedError(
          `Pull requests are reviewed and merged on the forge ${connection.forgeId}.`,
        );
      }
      const snapshot = await snapshots.read({ fresh: true });
      const pull = await repository.findPullRequest(name);
      // Pressed twice: it is done.
      if (pull?.state === 'merged' && pull.head === head) return snapshot;
      if (pull?.state !== 'open')
        throw withCode(
          'The pull request is not open any more.',
          'pull-request-closed',
        );
      if (pull.head !== head)
        throw withCode(
          'The pull request has changed since it was shown. Read what it says now, then decide.',
          'head-changed',
        );
      const prepared = await this.#prepared(repository, snapshot, target, pull);
      if (!prepared.isCurrent || prepared.owner === undefined)
        throw withCode(
          'The pull request is not what Callgate would write now: the profile or the claims have changed, or somebody else has pushed onto its branch. Prepare it again, then decide.',
          'proposal-outdated',
        );
      await mayGive(snapshot, prepared.owner);
      await reviews.merge(pull.number, { by, head });
      return snapshots.read({ fresh: true });
    });
  }

  /** Ends the pull request about a workload whose owner is not in question any more. */
  async close(target: ClaimTarget, comment: string): Promise<void> {
    const repository = await this.options.connection.repository();
    const pull = await repository.findPullRequest(claimBranchOf(target));
    if (pull?.state === 'open')
      await repository.closePullRequest(pull.number, comment);
  }

  /** The change that gives a workload to an owner, on the tip as it is. */
  #build(snapshot: Snapshot, target: ClaimTarget, owner: string) {
    const { config } = this.options.connection;
    const unreadable = notReadable(snapshot, target);
    if (unreadable) return unreadable;
    const file = profileFileOf(snapshot.repository, config, target.cluster);
    if ('problem' in file) return file;
    const settled = settleClaim({
      ...claimsInput(snapshot),
      ...target,
      owner,
      file,
    });
    return 'problem' in settled
      ? settled
      : { ...settled, changes: new Map([[file.path, settled.text]]) };
  }

  async #prepared(
    repository: ForgeRepository,
    snapshot: Snapshot,
    target: ClaimTarget,
    pull: PullRequest,
  ): Promise<PreparedSettlement> {
    const { config } = this.options.connection;
    const { store } = repository;
    const branch = claimBranchOf(target);
    await repository.fetch(branch);
    const file = profileFileOf(snapshot.repository, config, target.cluster);
    const text =
      'path' in file ? await store.readFile(pull.head, file.path) : undefined;
    const owner =
      'path' in file && text !== undefined
        ? ownerIn(
            parsePlatformProfile(file).profile,
            parsePlatformProfile({ path: file.path, text }).profile,
          )
        : undefined;
    const built =
      owner === undefined ? undefined : this.#build(snapshot, target, owner);
    const isCurrent =
      built !== undefined &&
      'changes' in built &&
      (await new ProposalBranch(repository, branch).standingBase(
        pull.head,
        snapshot,
        built,
      )) !== undefined;
    const changes =
      isCurrent && built && 'changes' in built ? built.changes : new Map();
    return {
      pull,
      ...(owner !== undefined && { owner }),
      isCurrent,
      files: proposedFiles(changes, snapshot.repository, config),
    };
  }

  async #open(
    repository: ForgeRepository,
    branch: string,
    text: { title: string; body: string },
  ): Promise<void> {
    const { config } = this.options.connection;
    const found = await repository.findPullRequest(branch);
    if (found?.state === 'open' && found.title === text.title) return;
    if (found?.state === 'open') {
      await repository.updatePullRequest(found.number, text);
      return;
    }
    await repository.openPullRequest({
      branch,
      base: config.branch,
      ...text,
      reviewers: config.reviewers,
    });
  }

  /** Where branches need it, what Callgate wrote has it. */
  async #setStatus(repository: ForgeRepository, head: string): Promise<void> {
    try {
      await repository.setStatus?.(head, {
        name: 'callgate/meaning',
        state: 'success',
        text: 'Callgate wrote this commit: whose one workload is, and nothing else.',
      });
    } catch (error) {
      this.options.logger.warn(
        `The status callgate/meaning of ${head.slice(
          0,
          7,
        )} was not set: ${stringifyError(error)}`,
      );
    }
  }
}

function withCode(message: string, code: string): Error {
  return Object.assign(new ConflictError(message), { code });
}

/** Why nobody knows what a line would fit. What cannot be read of another cluster is that one's trouble alone. */
function notReadable(
  snapshot: Snapshot,
  { cluster }: ClaimTarget,
): { problem: string } | undefined {
  const { source, unread } = snapshot;
  const own = unread.find(each => each.cluster === cluster);
  if (own) {
    const [wrong] = own.findings;
    const message = wrong.message.replace(/\.?$/, '');
    return {
      problem: `${message}${placeOf(
        wrong,
      )}. The line may fit what is in there as well, so mend it first.`,
    };
  }
  const why = source.problem ?? '';
  return isEstateKnown(snapshot)
    ? undefined
    : {
        problem:
          `Not everything could be read, so nobody knows what a line would fit. ${why}`.trim(),
      };
}

function placeOf({ at }: Finding): string {
  if (!at) return '';
  return at.line === undefined ? ` (${at.file})` : ` (${at.file}:${at.line})`;
}
