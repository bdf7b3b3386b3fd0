import type {
  ForgeRepository,
  GitFileChange,
} from '@callgate/plugin-callgate-node';
import { plain } from './markdown';
import { readPolicies } from './readPolicies';
import type { BuiltProposal, Snapshot } from './types';

/** What goes onto a branch. */
type Built = Pick<BuiltProposal, 'base' | 'changes' | 'carried'>;

/** The branch of a proposal: writes commits and reads what they say. */
export class ProposalBranch {
  constructor(
    private readonly repository: ForgeRepository,
    readonly name: string,
  ) {}

  /**
   * Moves the branch to a commit on the tip with the changes of the proposal. The same proposal on the same tip is the
   * same commit; on a later tip the branch stays where it is as long as merging it does the same.
   *
   * @param hold - called before the branch moves; throws where it must not
   * @returns head and the commit that it is built on
   */
  async write(
    snapshot: Snapshot,
    built: Built,
    title: string,
    hold: () => Promise<void> = async () => undefined,
  ): Promise<{ head: string; base: string }> {
    const head = await this.repository.fetch(this.name);
    const standing = head && (await this.standingBase(head, snapshot, built));
    if (head && standing) return { head, base: standing };
    const commit = await this.repository.store.commit({
      parents: [built.base],
      changes: built.changes,
      message: messageOf(built, title),
      timestamp: timestampOf(snapshot, built),
    });
    if (commit !== head) {
      await hold();
      await this.repository.push(this.name, commit, head);
    }
    return { head: commit, base: built.base };
  }

  /** The commit that a head is built on, where merging it does exactly what the proposal would do now. */
  async standingBase(
    head: string,
    snapshot: Snapshot,
    built: Pick<Built, 'changes'>,
  ): Promise<string | undefined> {
    const changes = await this.#changesOf(head);
    if (!changes || changes.files.length !== built.changes.size)
      return undefined;
    const same = changes.files.every(
      ({ path, before, after }) =>
        built.changes.has(path) &&
        built.changes.get(path) === after &&
        snapshot.repository.get(path) === before,
    );
    return same ? changes.base : undefined;
  }

  /** Grants that a head adds or confirms: who asked for and who approved that, from Git alone. */
  async grantsOf(
    head: string,
    folder: string,
  ): Promise<{ request?: string; people: string[] }[]> {
    const changes = await this.#changesOf(head);
    const read = (side: 'before' | 'after') => {
      const texts = new Map(
        (changes?.files ?? []).flatMap(file => {
          const text = file[side];
          return text === undefined ? [] : [[file.path, text] as const];
        }),
      );
      return readPolicies(texts, folder).flatMap(
        ({ policy }) => policy?.spec.grants ?? [],
      );
    };
    const known = new Map(read('before').map(grant => [grant.id, grant]));
    return read('after').map(
      ({ id, request, requestedBy, approvedBy = [] }) => {
        const before = known.get(id);
        return before
          ? {
              people: approvedBy.filter(by => !before.approvedBy?.includes(by)),
            }
          : {
              ...(request !== undefined && { request }),
              people: [...(requestedBy ? [requestedBy] : []), ...approvedBy],
            };
      },
    );
  }

  /** What our one commit changes; `undefined` where the head is somebody else's or not at hand. */
  async #changesOf(
    head: string,
  ): Promise<{ base: string; files: GitFileChange[] } | undefined> {
    const { store } = this.repository;
    try {
      const { parents } = await store.readCommit(head);
      if (parents.length !== 1) return undefined;
      return { base: parents[0], files: await store.changes(parents[0], head) };
    } catch {
      return undefined;
    }
  }
}

function messageOf({ carried }: Built, title: string): string {
  const lines = carried.map(
    ({ number, caller, requestedBy, approvals, change }) =>
      `Request ${number}: ${caller}${
        change ? `, to ${change.kind} ${change.grant}` : ''
      }, asked by ${requestedBy}, ${
        approvals.length > 0
          ? `approved by ${approvals.map(({ by }) => by).join(', ')}`
          : 'which nobody has to approve'
      }`,
  );
  return [title, '', ...lines.map(line => plain(line, 300))].join('\n');
}

/** Seconds. From the input and not from a clock, so that building again gives the same commit. */
function timestampOf(snapshot: Snapshot, { carried }: Built): number {
  const times = [
    snapshot.source.committedAt ?? '',
    ...carried.flatMap(({ approvals }) => approvals.map(({ at }) => at)),
  ].map(at => Date.parse(at));
  return Math.floor(Math.max(0, ...times.filter(Number.isFinite)) / 1000);
}
