import type { LoggerService } from '@backstage/backend-plugin-api';
import { type HandWritten, parseEntityRefText } from '@callgate/policy';
import { ulid } from 'ulid';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import { branchOf } from '../proposals/branchOf';
import { others } from '../proposals/inTurns';
import { proposedFiles } from '../proposals/proposedFiles';
import { withGeneratedOf } from '../proposals/readRepository';
import type {
  ProposalRecord,
  ProposedFile,
  Snapshot,
} from '../proposals/types';
import { soundOf } from '../proposals/unreadClusters';
import { importBookOf, importOf } from './importOf';
import { removalOf } from './removalOf';
import type { ApiImport, ApiRemoval, ImportRecord, LeftPolicy } from './types';

/** Each holds a whole state. */
const MOST_KNOWN = 2;

/** How far a report is. */
export interface ImportProgress {
  /** What it is of. */
  snapshot: Snapshot;
  /** Full refs of every API of the catalog, sorted. */
  apis: readonly string[];
  /** What is worked out of them by now. */
  imports: ReadonlyMap<string, ApiImport>;
}

/** What is to be read of one API beside what would be written. */
export interface ImportDetails {
  /** Policies that people wrote and that are about workloads of it; of an API that stays as it is, none. */
  handWritten: readonly (HandWritten & Partial<LeftPolicy>)[];
  /** Whether everything that is generated for it is in force, so that those that can go may be deleted now. */
  inForce: boolean;
  /** Files of the pull request: of the import, or where what is generated is in force, of that which deletes policies by hand. */
  files: readonly ProposedFile[];
  /** Set where what is generated is in force. */
  removal?: ApiRemoval;
}

interface Report {
  snapshot: Snapshot;
  isThrough: boolean;
  apis: readonly string[];
  imports: Map<string, ApiImport>;
  /** One API each, so that one that is asked for is not worked out twice. */
  working: Map<string, Promise<ApiImport>>;
  details: Map<string, ImportDetails>;
}

/**
 * What import would make of every API, worked out once for each state of repository, estate and catalog, one API after the other and
 * beside everything else that the process has to do. It begins when somebody looks.
 */
export class ImportReports {
  /** Of the states that were asked about last, the last one first: looks that began earlier may have an older one. */
  #known: readonly Report[] = [];
  /** What the list shows: worked through to its end before another one begins. */
  #shown: Report | undefined;

  constructor(
    private readonly options: {
      connection: Pick<RepositoryConnection, 'config' | 'forgeId'>;
      logger: LoggerService;
      /** Milliseconds since 1970. */
      now: () => number;
    },
  ) {}

  /**
   * What is known by now; begins with the rest. Where states change faster than they are worked through, it is of the one that
   * was begun: whoever chooses of it is answered by the present one.
   */
  progress(snapshot: Snapshot): ImportProgress {
    const shown = this.#shown;
    if (shown && !shown.isThrough) return shown;
    const latest = this.#reportOf(snapshot);
    if (shown !== latest) {
      this.#shown = latest;
      if (latest.isThrough) return latest;
      this.#workThrough(latest).catch(error =>
        this.options.logger.error('An import could not be worked out', error),
      );
    }
    return latest;
  }

  /** Whether an API is in the catalog. */
  has(snapshot: Snapshot, api: string): boolean {
    return this.#reportOf(snapshot).apis.includes(api);
  }

  /** One API, now: what is worked out already is not worked out again. */
  of(snapshot: Snapshot, api: string): Promise<ApiImport> {
    return this.#one(this.#reportOf(snapshot), snapshot, api);
  }

  /** The rest of what is to be read of an API. Policies are tried one after the other, once for each state. */
  async details(snapshot: Snapshot, api: string): Promise<ImportDetails> {
    const report = this.#reportOf(snapshot);
    const known = report.details.get(api);
    if (known) return known;
    const found = await this.#one(report, snapshot, api);
    await others();
    const details = await this.#detailsOf(snapshot, found);
    report.details.set(api, details);
    return details;
  }

  async #detailsOf(
    current: Snapshot,
    { api, written }: ApiImport,
  ): Promise<ImportDetails> {
    const { config } = this.options.connection;
    if (written) {
      const snapshot = soundOf(current);
      const book = importBookOf(current, config);
      return {
        handWritten: book.handWritten(
          api,
          withGeneratedOf(snapshot.clusters, written.files),
        ),
        inForce: false,
        files: proposedFiles(written.changes, snapshot.repository, config),
      };
    }
    const removal = await removalOf(current, api, config);
    return {
      handWritten: removal?.policies ?? [],
      inForce: removal !== undefined,
      files: proposedFiles(
        removal?.written?.changes ?? new Map(),
        current.repository,
        config,
      ),
      ...(removal && { removal }),
    };
  }

  /** The record of a pull request that is asked for. */
  newRecord(api: string, imported: ImportRecord): ProposalRecord {
    const { connection, now } = this.options;
    const at = now();
    const time = new Date(at).toISOString();
    return {
      id: ulid(at),
      api,
      branch: branchOf(api),
      forge: connection.forgeId,
      state: 'building',
      title: `${imported.removes ? 'Policies by hand of' : 'Import of'} ${
        parseEntityRefText(api)?.name ?? api
      }`,
      body: '',
      files: [],
      checks: [],
      requestIds: [],
      imported,
      createdAt: time,
      updatedAt: time,
      version: 0,
    };
  }

  #reportOf(snapshot: Snapshot): Report {
    const known = this.#known.find(each => each.snapshot.key === snapshot.key);
    const report = known ?? this.#newReport(snapshot);
    this.#known = [
      report,
      ...this.#known.filter(each => each !== report),
    ].slice(0, MOST_KNOWN);
    return report;
  }

  #newReport(snapshot: Snapshot): Report {
    return {
      snapshot,
      isThrough: false,
      apis: importBookOf(snapshot, this.options.connection.config).apis(),
      imports: new Map(),
      working: new Map(),
      details: new Map(),
    };
  }

  async #workThrough(report: Report): Promise<void> {
    try {
      for (const api of report.apis) {
        await others();
        await this.#one(report, report.snapshot, api);
      }
    } finally {
      report.isThrough = true;
    }
  }

  #one(report: Report, snapshot: Snapshot, api: string): Promise<ApiImport> {
    let work = report.working.get(api);
    if (!work) {
      work = this.#workOut(snapshot, api).then(found => {
        report.imports.set(api, found);
        return found;
      });
      report.working.set(api, work);
    }
    return work;
  }

  /** What is wrong with one API stops no other. */
  async #workOut(snapshot: Snapshot, api: string): Promise<ApiImport> {
    try {
      return await importOf(snapshot, api, this.options.connection.config);
    } catch (error) {
      this.options.logger.error(
        `The import of ${api} could not be worked out`,
        error as Error,
      );
      return {
        api,
        notNow: { reason: 'failed' },
        outcome: {
          api,
          state: 'left-out',
          grants: [],
          kept: [],
          proposed: [],
          openIn: [],
          later: [],
        },
      };
    }
  }
}
