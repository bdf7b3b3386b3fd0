import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EstateFile, EstateSource } from '@callgate/plugin-callgate-node';
import { createHash } from 'node:crypto';

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
  /** Digest of the clusters. */
  digest: string;
}

/**
 * Keeps the last good reading of every cluster: what cannot be read now is shown as it was, as stale, and never as
 * empty, because an empty estate would look like a change of everybody's access.
 */
export class EstateReader {
  readonly #clusters = new Map<string, Map<string, readonly EstateFile[]>>();
  #current: EstateSnapshot | undefined;
  #reading: Promise<EstateSnapshot> | undefined;

  constructor(
    private readonly options: {
      sources: readonly EstateSource[];
      logger: LoggerService;
      now?: () => number;
    },
  ) {}

  /** The last reading; the first call reads. Never throws. */
  async current(): Promise<EstateSnapshot> {
    return this.#current ?? this.refresh();
  }

  /** Reads all sources anew. Calls at the same time share one reading. Never throws. */
  async refresh(): Promise<EstateSnapshot> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<EstateSnapshot> {
    const problems: string[] = [];
    const unread: { cluster: string; problem: string }[] = [];
    for (const source of this.options.sources) {
      try {
        const reading = await source.read();
        problems.push(...reading.problems);
        unread.push(...(reading.unread ?? []));
        this.#keep(source.id, reading.clusters, reading.problems.length === 0);
      } catch (error) {
        problems.push(
          `The estate source ${source.id} cannot be read: ${
            (error as Error).message
          }`,
        );
      }
    }
    problems.forEach(problem => this.options.logger.warn(problem));
    const clusters = this.#merged();
    const now = new Date(this.options.now?.() ?? Date.now()).toISOString();
    const readAt = problems.length === 0 ? now : this.#current?.readAt;
    this.#current = {
      clusters,
      ...(readAt !== undefined && { readAt }),
      stale: problems.length > 0,
      problems,
      unread,
      missing: problems.some(
        problem => !unread.some(each => each.problem === problem),
      ),
      digest: createHash('sha256')
        .update(JSON.stringify(clusters))
        .digest('hex'),
    };
    return this.#current;
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
