import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EstateFile, EstateSource } from '@callgate/plugin-callgate-node';
import { createHash } from 'node:crypto';

/**
 * What is known of what runs, where it is not all of it. `first-read` has when it began; `stale`: nothing could be read
 * now, and what there is was read before; `partly`: some clusters could not be read, others could.
 */
export type EstateStanding =
  | { state: 'none-configured' }
  | { state: 'first-read'; since: string }
  | { state: 'never-read' | 'stale' | 'partly' };

/** What runs, as it was read last. */
export interface EstateSnapshot {
  /** Sorted by name. */
  clusters: readonly { name: string; files: readonly EstateFile[] }[];
  /** ISO 8601: when every source was read without a problem; absent until then. */
  readAt?: string;
  /** Parts are older than they should be, or missing. */
  stale: boolean;
  problems: readonly string[];
  /** Clusters that could not be read, each with why; of these `clusters` has what was read before, if anything was. */
  unread: readonly { cluster: string; problem: string }[];
  /** A source could not be read, and nobody can say which clusters that is about. */
  missing: boolean;
  /** What is not known; absent where all clusters were read. */
  standing?: EstateStanding;
  /** Digest of the clusters. */
  digest: string;
}

/** How long a page waits for the first reading before it says that this is under way. */
const FIRST_READ_MS = 1_500;

/** How long after the first of several changes a source is read again: a rollout is hundreds of them. */
const SETTLE_MS = 1_000;

const FIRST_READ =
  'What runs in the clusters is being read for the first time.';

/**
 * Keeps the last good reading of every cluster: what cannot be read now is shown as it was, as stale, and never as
 * empty, because an empty estate would look like a change of everybody's access.
 */
export class EstateReader {
  readonly #clusters = new Map<string, Map<string, readonly EstateFile[]>>();
  #current: EstateSnapshot | undefined;
  #reading: Promise<EstateSnapshot> | undefined;
  #since = '';
  /** What each source said last. */
  readonly #said = new Map<EstateSource, Said>();
  /** Sources that have something new, since the last time that they were read. */
  readonly #changed = new Set<EstateSource>();
  #settling: NodeJS.Timeout | undefined;
  #listener: ((estate: EstateSnapshot) => void) | undefined;
  readonly #digests = new WeakMap<EstateFile, string>();

  constructor(
    private readonly options: {
      sources: readonly EstateSource[];
      logger: LoggerService;
      now?: () => number;
      firstReadMs?: number;
      settleMs?: number;
    },
  ) {
    for (const source of options.sources)
      source.onChange?.(() => this.#hear(source));
  }

  /** Calls back when something else runs than at the last reading, or something else could not be read. */
  onChange(listener: (estate: EstateSnapshot) => void): void {
    this.#listener = listener;
  }

  /** The last reading; `undefined` until the first one has ended. */
  get latest(): EstateSnapshot | undefined {
    return this.#current;
  }

  /** The last reading; the first call reads. Never throws. */
  async current(): Promise<EstateSnapshot> {
    return this.#current ?? this.refresh();
  }

  /** The same for pages, which do not wait for a first reading that takes long: it has no clusters then, and says why. */
  async soon(): Promise<EstateSnapshot> {
    if (this.#current) return this.#current;
    const first = this.refresh();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<EstateSnapshot>(resolve => {
      timer = setTimeout(
        () => resolve(this.#underWay()),
        this.options.firstReadMs ?? FIRST_READ_MS,
      );
    });
    return Promise.race([first, late]).finally(() => clearTimeout(timer));
  }

  #underWay(): EstateSnapshot {
    return {
      clusters: [],
      stale: true,
      problems: [FIRST_READ],
      unread: [],
      missing: true,
      standing: { state: 'first-read', since: this.#since },
      digest: 'first-read',
    };
  }

  /** Reads all sources anew. Calls at the same time share one reading. Never throws. */
  async refresh(): Promise<EstateSnapshot> {
    if (!this.#reading) {
      this.#since = this.#now();
      this.#reading = this.#read(this.options.sources).finally(() => {
        this.#reading = undefined;
      });
    }
    return this.#reading;
  }

  /** A source says that it changed: it alone is read again, a moment later. */
  #hear(source: EstateSource): void {
    this.#changed.add(source);
    this.#settling ??= setTimeout(
      () => this.#readChanged(),
      this.options.settleMs ?? SETTLE_MS,
    ).unref();
  }

  async #readChanged(): Promise<void> {
    while (this.#reading) await this.#reading;
    this.#settling = undefined;
    // What others have was never read: without it the estate would look as if they had nothing.
    if (!this.#current) {
      await this.refresh();
      return;
    }
    const sources = [...this.#changed];
    // A round of everything may have been there first.
    if (sources.length === 0) return;
    this.#reading = this.#read(sources).finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #read(sources: readonly EstateSource[]): Promise<EstateSnapshot> {
    for (const source of sources) {
      this.#changed.delete(source);
      const { clusters, ...said } = await readOne(source);
      if (clusters) this.#keep(source.id, clusters, said.problems.length === 0);
      const known = this.#said.get(source)?.problems ?? [];
      this.#said.set(source, said);
      // A round of everything says it each time; what a source says by itself is logged when it is new.
      for (const problem of said.problems)
        if (sources === this.options.sources || !known.includes(problem))
          this.options.logger.warn(problem);
    }
    const all = this.options.sources.flatMap(
      source => this.#said.get(source) ?? [],
    );
    const problems = all.flatMap(said => said.problems);
    const unread = all.flatMap(said => said.unread);
    const clusters = this.#merged();
    const readAt = problems.length === 0 ? this.#now() : this.#current?.readAt;
    const missing = problems.some(
      problem => !unread.some(each => each.problem === problem),
    );
    const standing = standingOf({ clusters, unread, missing });
    const before = this.#current;
    const current: EstateSnapshot = {
      clusters,
      ...(readAt !== undefined && { readAt }),
      stale: problems.length > 0,
      problems,
      unread,
      missing,
      ...(standing && { standing }),
      digest: this.#digestOf(clusters),
    };
    this.#current = current;
    if (before && isOther(before, current)) this.#listener?.(current);
    return current;
  }

  /** Of files that are still the same ones it is known: a cluster has thousands, and few of them change. */
  #digestOf(clusters: EstateSnapshot['clusters']): string {
    const whole = createHash('sha256');
    for (const { name, files } of clusters) {
      whole.update(JSON.stringify([name, files.length]));
      for (const file of files) {
        let digest = this.#digests.get(file);
        if (digest === undefined) {
          const { path, text, leadsTo, observed } = file;
          digest = createHash('sha256')
            .update(JSON.stringify([path, text, leadsTo, observed]))
            .digest('hex');
          this.#digests.set(file, digest);
        }
        whole.update(digest);
      }
    }
    return whole.digest('hex');
  }

  #now(): string {
    return new Date(this.options.now?.() ?? Date.now()).toISOString();
  }

  #keep(
    source: string,
    clusters: readonly { name: string; files: EstateFile[] }[],
    complete: boolean,
  ): void {
    const known =
      this.#clusters.get(source) ?? new Map<string, readonly EstateFile[]>();
    // After a reading with problems, a cluster that it lacks or has without files is one that could not be read.
    const next = complete
      ? new Map<string, readonly EstateFile[]>()
      : new Map(known);
    for (const { name, files } of clusters) {
      if (complete || files.length > 0) next.set(name, files);
    }
    this.#clusters.set(source, next);
  }

  #merged(): EstateSnapshot['clusters'] {
    const merged = new Map<string, EstateFile[]>();
    for (const clusters of this.#clusters.values()) {
      for (const [name, files] of clusters) {
        merged.set(name, [...(merged.get(name) ?? []), ...files]);
      }
    }
    return [...merged]
      .map(([name, files]) => ({ name, files }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function isOther(before: EstateSnapshot, after: EstateSnapshot): boolean {
  return (
    before.digest !== after.digest ||
    before.problems.join('\n') !== after.problems.join('\n')
  );
}

/** What could not be read of a source. */
interface Said {
  problems: readonly string[];
  unread: readonly { cluster: string; problem: string }[];
}

/** Without clusters where the source failed. Never throws. */
async function readOne(
  source: EstateSource,
): Promise<Said & { clusters?: { name: string; files: EstateFile[] }[] }> {
  try {
    const { clusters, problems, unread = [] } = await source.read();
    return { clusters, problems, unread };
  } catch (error) {
    const problem = `The estate source ${source.id} cannot be read: ${
      (error as Error).message
    }`;
    return { problems: [problem], unread: [] };
  }
}

/** What a reading that has ended leaves unknown. */
function standingOf({
  clusters,
  unread,
  missing,
}: Pick<EstateSnapshot, 'clusters' | 'unread' | 'missing'>):
  | EstateStanding
  | undefined {
  const isUnread = (name: string) =>
    unread.some(({ cluster }) => cluster === name);
  const known = clusters.filter(({ files }) => files.length > 0);
  if (!missing && unread.length === 0)
    return clusters.length === 0 ? { state: 'none-configured' } : undefined;
  if (known.length === 0) return { state: 'never-read' };
  return missing || known.every(({ name }) => isUnread(name))
    ? { state: 'stale' }
    : { state: 'partly' };
}
