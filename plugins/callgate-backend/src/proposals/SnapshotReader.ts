import type { LoggerService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import {
  type CatalogEntity,
  entityRefOf,
  readEntities,
} from '@callgate/policy';
import { createHash } from 'node:crypto';
import type { EstateReader, EstateSnapshot } from '../estate/EstateReader';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import { FileHistory } from '../git/FileHistory';
import { followLinks, type NoText } from '../git/followLinks';
import { assembleSnapshot } from './assembleSnapshot';
import type { ConfiguredRules } from './configuredRules';
import { sayFindings } from './problems';
import { readProfiles, type RepositoryProfiles } from './readProfiles';
import {
  filesBelow,
  type KnownCluster,
  noTextBelow,
  readRepository,
} from './readRepository';
import { readRules, type RepositoryRules } from './readRules';
import type {
  CatalogSource,
  Snapshot,
  SnapshotSource,
  UnreadCluster,
} from './types';

/** How long a page may show what was read before; whoever writes asks for a fresh reading. */
const MAX_AGE_MS = 10_000;

const NOT_MADE =
  'What changed since cannot be worked out, so this is older. The log of the backend has the reason; report it.';

interface Tip {
  commit: string;
  committedAt: string;
  files: ReadonlyMap<string, string>;
  /** Files that are no text: they are there, and cannot be read. */
  notText: readonly NoText[];
  /** Links that lead to nothing that could be read. */
  broken: readonly NoText[];
  linked: ReadonlySet<string>;
}

/** What a commit says of the platform, or the versions before it do where it cannot be read. */
interface Platform {
  commit: string;
  rules: RepositoryRules;
  profiles: RepositoryProfiles;
}

/**
 * Reads target branch, estate and catalog, and compiles them once for as long as none of them changes: while the key
 * stays the same, so does the object. What cannot be read now is shown as it was, as stale.
 */
export class SnapshotReader {
  #tip: Tip | undefined;
  #catalog: { entities: readonly CatalogEntity[]; digest: string } | undefined;
  #platform: Platform | undefined;
  /** Clusters as they were read completely last. */
  readonly #known = new Map<string, KnownCluster>();
  readonly #history: FileHistory;
  #snapshot: Snapshot | undefined;
  /** The reading of the estate that the snapshot is of. */
  #estate: EstateSnapshot | undefined;
  #source: SnapshotSource;
  /** When it was last tried, with or without success: what cannot be made is not tried again for every page. */
  #triedAtMs = 0;
  #reading: Promise<Snapshot> | undefined;

  constructor(
    private readonly options: {
      connection: RepositoryConnection;
      estate: EstateReader;
      catalog: CatalogSource;
      configured?: ConfiguredRules;
      logger: LoggerService;
      now?: () => number;
      maxAgeMs?: number;
    },
  ) {
    this.#history = new FileHistory(options.connection);
    this.#source = {
      branch: options.connection.config.branch,
      readAt: '',
      stale: false,
    };
  }

  /**
   * @param how - `fresh`: asks the repository now, and throws where it cannot be read
   * @throws ServiceUnavailableError with code `repository-unreachable` when nothing was ever read, `snapshot-not-made` when
   * what was read could not be worked out and there is nothing older, or it has to be fresh
   */
  async read(how: { fresh?: boolean } = {}): Promise<Snapshot> {
    if (how.fresh) {
      // A reading that is under way may have begun before what the caller waits for.
      await this.#reading?.catch(() => undefined);
      return this.#start(true);
    }
    const age = this.#now() - this.#triedAtMs;
    const isOfLatest = this.#estate === this.options.estate.latest;
    if (
      this.#snapshot &&
      isOfLatest &&
      age < (this.options.maxAgeMs ?? MAX_AGE_MS)
    )
      return this.#snapshot;
    return this.#reading ?? this.#start(false);
  }

  #start(strict: boolean): Promise<Snapshot> {
    const reading = this.#read(strict).finally(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    this.#reading = reading;
    return reading;
  }

  async #read(strict: boolean): Promise<Snapshot> {
    const problems: string[] = [];
    const { estate: estateReader, connection, logger } = this.options;
    // Whoever writes waits for the first reading; a page says that it is under way.
    const estate = strict
      ? await estateReader.current()
      : await estateReader.soon();
    this.#estate = estateReader.latest;
    // What is about one cluster is told with it.
    const ofClusters = new Set(estate.unread.map(({ problem }) => problem));
    problems.push(...estate.problems.filter(each => !ofClusters.has(each)));
    let repositoryRead = false;
    try {
      await this.#readTip();
      repositoryRead = true;
    } catch (error) {
      if (strict) throw error;
      logger.warn('The policy repository cannot be read', {
        code: codeOf(error),
      });
      const { message } = error as Error;
      problems.unshift(
        codeOf(error) === 'repository-not-found'
          ? message
          : `The policy repository cannot be read: ${message}`,
      );
      if (!this.#tip) {
        throw Object.assign(new ServiceUnavailableError(problems[0]), {
          code: 'repository-unreachable',
        });
      }
    }
    try {
      await this.#readCatalog();
    } catch (error) {
      if (strict || !this.#catalog) {
        throw Object.assign(
          new ServiceUnavailableError(
            'The catalog cannot be read. Try again soon.',
          ),
          {
            code: 'catalog-unreachable',
          },
        );
      }
      problems.push('The catalog cannot be read.');
    }
    const now = this.#now();
    this.#triedAtMs = now;
    const tip = this.#tip!;
    let snapshot: Snapshot;
    try {
      snapshot = this.#compile(tip, estate, await this.#readPlatform(tip));
    } catch (error) {
      logger.error('The snapshot cannot be made', error as Error);
      return this.#keepLast(strict);
    }
    problems.push(...snapshot.unread.map(sayUnread));
    const observed = estate.clusters
      .filter(({ files }) => files.some(file => file.observed))
      .map(({ name }) => name);
    // Only now: what could not be made must not look as if it had been read.
    this.#source = {
      commit: tip.commit,
      branch: connection.config.branch,
      committedAt: tip.committedAt,
      readAt: repositoryRead
        ? new Date(now).toISOString()
        : this.#source.readAt,
      ...(estate.readAt !== undefined && { estateReadAt: estate.readAt }),
      ...(observed.length > 0 && { observed }),
      stale: problems.length > 0,
      ...(estate.missing && { estateMissing: true as const }),
      ...(estate.standing && { estate: estate.standing }),
      ...(problems.length > 0 && { problem: problems.join(' ') }),
    };
    this.#snapshot = snapshot;
    return snapshot;
  }

  /** The last good snapshot, which is of an older moment and says so. */
  #keepLast(strict: boolean): Snapshot {
    if (this.#snapshot)
      this.#source = { ...this.#source, stale: true, problem: NOT_MADE };
    if (strict || !this.#snapshot) {
      throw Object.assign(
        new ServiceUnavailableError(
          'Access cannot be worked out from what the repository, the estate and the catalog are now. The log of the backend has the reason; report it.',
        ),
        { code: 'snapshot-not-made' },
      );
    }
    return this.#snapshot;
  }

  async #readTip(): Promise<void> {
    const { connection } = this.options;
    const { branch } = connection.config;
    const repository = await connection.repository();
    const commit = await repository.fetch(branch);
    if (!commit) {
      throw Object.assign(
        new ServiceUnavailableError(
          `The policy repository has no branch ${branch}. Create it with a first commit, or name another one in callgate.policyRepository.branch.`,
        ),
        { code: 'repository-not-found' },
      );
    }
    if (this.#tip?.commit === commit) return;
    const { at } = await repository.store.readCommit(commit);
    const { store } = repository;
    this.#tip = {
      commit,
      committedAt: at,
      ...followLinks(
        await store.readFiles(commit),
        await store.paths(commit),
        await store.links(commit),
      ),
    };
  }

  async #readPlatform(tip: Tip): Promise<Platform> {
    if (this.#platform?.commit === tip.commit) return this.#platform;
    const { config } = this.options.connection;
    const of = {
      commit: tip.commit,
      history: this.#history,
    };
    // What a link promises is not known, which is not as if nothing were said.
    const notText = [...tip.notText, ...tip.broken];
    const platform: Platform = {
      commit: tip.commit,
      rules: await readRules({ ...of, ...tip, notText, config }),
      profiles: await readProfiles({
        ...of,
        files: filesBelow(tip.files, config.profilesFolder),
        notText: noTextBelow(notText, config.profilesFolder),
      }),
    };
    if (platform.rules.complete && platform.profiles.complete)
      this.#platform = platform;
    return platform;
  }

  async #readCatalog(): Promise<void> {
    const found = readEntities(await this.options.catalog.entities());
    const entities = found.entities.sort((a, b) =>
      entityRefOf(a) < entityRefOf(b) ? -1 : 1,
    );
    const unread = found.findings.map(({ message }) => message).sort();
    const digest = createHash('sha256')
      .update(JSON.stringify([entities, unread]))
      .digest('hex');
    if (this.#catalog?.digest === digest) return;
    this.#catalog = { entities, digest };
    unread.forEach(message => this.options.logger.warn(message));
  }

  #compile(
    tip: Tip,
    estate: EstateSnapshot,
    { rules, profiles }: Platform,
  ): Snapshot {
    const { entities: catalog, digest } = this.#catalog!;
    const before = profiles.broken.map(each => each.before?.standIn.commit);
    const key = createHash('sha256')
      .update(`${tip.commit} ${estate.digest} ${digest}`)
      // History may answer later than the branch.
      .update(JSON.stringify([rules.standIns, rules.blocking.length, before]))
      .update(JSON.stringify(estate.unread))
      // Without clusters the reason is all that there is.
      .update(estate.clusters.length > 0 ? '' : `${estate.standing?.state}`)
      .digest('hex');
    if (this.#snapshot?.key === key) return this.#snapshot;
    const { config } = this.options.connection;
    const contents = readRepository({
      files: tip.files,
      notText: tip.notText,
      broken: tip.broken,
      estate,
      config,
      profiles,
      known: this.#known,
    });
    const isCurrent = () => this.#snapshot?.key === key;
    const now = () => this.#source;
    let last = this.#source;
    const snapshot = assembleSnapshot({
      key,
      // When it was read is told anew with every reading, while the content stays the same object.
      source: () => {
        if (isCurrent()) last = now();
        return last;
      },
      repository: tip.files,
      linked: tip.linked,
      catalog,
      contents,
      rules,
      configured: this.options.configured,
      config,
    });
    this.#keepKnown(contents.clusters, snapshot.unread, estate);
    return snapshot;
  }

  #keepKnown(
    clusters: Snapshot['clusters'],
    unread: readonly UnreadCluster[],
    estate: EstateSnapshot,
  ): void {
    // What a source that cannot be read would have said of them is not in them.
    if (estate.missing) return;
    const names = new Set(clusters.map(({ name }) => name));
    for (const name of this.#known.keys())
      if (!names.has(name)) this.#known.delete(name);
    const readAt = estate.readAt ?? new Date(this.#now()).toISOString();
    for (const cluster of clusters) {
      if (!unread.some(each => each.cluster === cluster.name))
        this.#known.set(cluster.name, { cluster, readAt });
    }
  }

  #now(): number {
    return this.options.now?.() ?? Date.now();
  }
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? 'unknown';
}

function sayUnread({
  findings,
  shownOf,
  profileOfBefore,
}: UnreadCluster): string {
  const said = sayFindings(findings).replace(/\.?$/, '.');
  const shown = profileOfBefore
    ? 'It is shown by the last version of its profile that could be read.'
    : 'What is shown of it may lack something.';
  return `${said} ${
    shownOf ? `It is shown as it was at ${shownOf}.` : shown
  } Nothing is proposed for it until the platform team has corrected that.`;
}
