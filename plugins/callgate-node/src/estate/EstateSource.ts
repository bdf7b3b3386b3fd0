import type { EstateIntake } from './EstateIntake';

/**
 * A file of manifests.
 *
 * @public
 */
export interface EstateFile {
  /** Path for people, relative to the source. */
  path: string;
  text: string;
  /** Set for a link that leads nowhere, whose text is empty: where to, as it is written. */
  leadsTo?: string;
  /**
   * Set for what a cluster itself says it has, with all that its API server filled in. What the policy repository has as well
   * is judged as it is written there.
   */
  observed?: true;
}

/**
 * What runs, as one reading of a source found it.
 *
 * @public
 */
export interface EstateReading {
  clusters: { name: string; files: EstateFile[] }[];
  /** What could not be read, in words for people; the clusters named there are missing or incomplete. */
  problems: string[];
  /** Those of them that are about one cluster alone: what is asked for the others goes on. */
  unread?: { cluster: string; problem: string }[];
}

/**
 * A source of what runs in the clusters: folders of manifests are built in; live clusters are modules.
 *
 * @public
 */
export interface EstateSource {
  /** For messages, such as `manifests`. */
  readonly id: string;
  /** Reads everything anew. It may throw; the last reading is then kept and shown as stale. */
  read(): Promise<EstateReading>;
  /**
   * Calls back whenever `read` would say something else, for sources that hear of it by themselves. They may call often;
   * whoever listens waits a moment before reading. Sources without it are read every minute.
   */
  onChange?(listener: () => void): void;
  /** For clusters of which agents say what runs there. */
  readonly intake?: EstateIntake;
}
