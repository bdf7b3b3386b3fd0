import type {
  ClusterReader,
  ClusterState,
  ReaderParts,
} from '@callgate/cluster-reader';
import type { EstateFile } from '@callgate/plugin-callgate-node';
import type { DatabaseLeases, Lease } from './DatabaseLeases';
import type { DatabaseSnapshots, Glance, Stored } from './DatabaseSnapshots';
import { sayAge } from './sayAge';
import { Term } from './Term';
import type { Timings } from './timings';

/** For how long it need not be known that a snapshot is still what the cluster has: a reader that is followed takes less. */
const FRESH_MS = 60_000;

/** What replicas need to share what they read. */
export interface SharedParts {
  leases: DatabaseLeases;
  snapshots: DatabaseSnapshots;
  timings: Timings;
  now: () => number;
  wait: ReaderParts['wait'];
  /** Tells an operator what went wrong with the database. */
  onFailure: (error: unknown) => void;
}

/** A snapshot as it was loaded, or what this replica read last. */
interface Known {
  /** Absent for what this replica read. */
  version?: string;
  problems: readonly string[];
  files?: readonly EstateFile[];
  /** By the digest of their text, where that is known. */
  byDigest: ReadonlyMap<string, EstateFile>;
}

const NOTHING: Known = { problems: [], byDigest: new Map() };

/** A cluster that one replica reads for all: this one, or another whose snapshots it takes. */
export class SharedCluster {
  /** The first look has ended, well or not: what a snapshot has is known. */
  readonly looked: Promise<void>;
  #hasLooked = () => {};
  #reader: ClusterReader | undefined;
  #known = NOTHING;
  /** With the time of this process at which it was seen. */
  #seen: (Glance & { at: number }) | undefined;
  #isFailing = false;

  constructor(
    private readonly options: {
      name: string;
      /** Digest of how it is read: a snapshot that was read in another way is none. */
      settings: string;
      newReader: (onChange: () => void) => ClusterReader;
      /** `state` says something else. */
      onChange: () => void;
    },
    private readonly parts: SharedParts,
  ) {
    this.looked = new Promise(resolve => {
      this.#hasLooked = resolve;
    });
  }

  /** Reads whenever nobody else does, until the signal is aborted. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { leases, timings, onFailure } = this.parts;
    while (!signal.aborted) {
      let lease: Lease | undefined;
      try {
        const stored = await this.#look().finally(() => this.#hasLooked());
        if (!this.#seen?.isHeld)
          lease = await leases.take(this.options.name, timings.leaseMs);
        this.#setFailing(false);
        if (lease) await this.#hold(lease, stored, signal);
      } catch (error) {
        onFailure(error);
        this.#setFailing(true);
      }
      await this.parts.wait(timings.pollMs, signal).catch(() => undefined);
    }
  }

  /** What is known now; nothing is waited for. */
  state(): ClusterState {
    const read = this.#reader?.state();
    if (read) this.#remember(read);
    if (read?.files) return read;
    const { files } = this.#known;
    const problems = [...(read ? read.problems : this.#known.problems)];
    if (files && this.#isOld(problems)) problems.unshift(this.#sayOld());
    if (!files && !read) {
      if (this.#isFailing) problems.push(this.#sayFailing());
      else if (this.#isReadOtherwise()) problems.push(this.#sayOtherwise());
    }
    return { ...(files && { files }), problems };
  }

  /** What is stored, or `undefined` where that has to be written anew. */
  async #look(): Promise<Stored | undefined> {
    const { name, settings } = this.options;
    const { snapshots, now } = this.parts;
    const before = this.#seen;
    const glance = await snapshots.glance(name);
    this.#seen = { ...glance, at: now() };
    if (before?.isHeld !== glance.isHeld) this.options.onChange();
    if (glance.version === undefined) {
      // What this replica read itself, and could not write, it has still.
      if (this.#known.version !== undefined) this.#know(NOTHING);
      return undefined;
    }
    if (glance.settings !== settings) {
      this.#know(NOTHING);
      return undefined;
    }
    const { byDigest } = this.#known;
    if (glance.version === this.#known.version)
      return { version: glance.version, digests: new Set(byDigest.keys()) };
    let loaded;
    try {
      loaded = await snapshots.load(name, byDigest);
    } catch (error) {
      // It is read anew, and written anew as a whole.
      this.parts.onFailure(error);
      this.#know(NOTHING);
      return undefined;
    }
    if (loaded?.settings !== settings) {
      this.#know(NOTHING);
      return undefined;
    }
    const { version, problems, files } = loaded;
    // Stored before everything was read once; what this replica has read since, and could not write, is more.
    if (!files && this.#known.files && this.#known.version === undefined)
      return undefined;
    const next = new Map(files?.map(each => [each.digest, each.file]));
    this.#know({
      version,
      problems,
      ...(files && { files: files.map(({ file }) => file) }),
      byDigest: next,
    });
    return { version, digests: new Set(next.keys()) };
  }

  async #hold(
    lease: Lease,
    stored: Stored | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { settings, newReader, onChange } = this.options;
    const { leases, onFailure } = this.parts;
    const term = new Term(
      {
        lease,
        settings,
        stored,
        newReader,
        onChange,
        onState: state => this.#remember(state),
        onFailure,
      },
      this.parts,
    );
    const { reader } = term;
    this.#reader = reader;
    onChange();
    try {
      await term.run(signal);
      this.#remember(reader.state());
    } finally {
      this.#seen = { ...this.#seen!, isHeld: false };
      this.#reader = undefined;
      // One that is lost, or may be, runs out by itself.
      if (signal.aborted) await leases.release(lease).catch(onFailure);
      onChange();
    }
  }

  /** A reader that finds a new kind has no files until that is read. */
  #remember({ files, asOf }: ClusterState): void {
    if (!files) return;
    this.#known = { problems: [], files, byDigest: new Map() };
    const at = this.parts.now();
    this.#seen = { isHeld: true, ageMs: at - (asOf ?? at), at };
  }

  #know(known: Known): void {
    const isSame = this.#known === known;
    this.#known = known;
    if (!isSame) this.options.onChange();
  }

  #setFailing(isFailing: boolean): void {
    if (this.#isFailing === isFailing) return;
    this.#isFailing = isFailing;
    this.options.onChange();
  }

  /** Has nobody vouched for the snapshot, for longer than it takes to follow a reader? */
  #isOld(problems: readonly string[]): boolean {
    if (this.#reader || !this.#seen?.isHeld) return true;
    // A problem says it already.
    const ageMs = this.#ageMs();
    return problems.length === 0 && (ageMs === undefined || ageMs > FRESH_MS);
  }

  /** Absent where it is not known. */
  #ageMs(): number | undefined {
    const { ageMs, at } = this.#seen!;
    return ageMs === undefined ? undefined : ageMs + (this.parts.now() - at);
  }

  #isReadOtherwise(): boolean {
    const { isHeld, settings } = this.#seen ?? {};
    return (
      isHeld === true &&
      settings !== undefined &&
      settings !== this.options.settings
    );
  }

  #sayOld(): string {
    const ageMs = this.#ageMs();
    return `The cluster ${this.options.name} is shown as it was ${
      ageMs === undefined ? 'at a time that is not known' : sayAge(ageMs)
    }: it has not been read since. Nothing is proposed for it until it is.`;
  }

  #sayFailing(): string {
    return `Nothing is known of the cluster ${this.options.name}: Callgate's database does not answer. The backend's log has more.`;
  }

  #sayOtherwise(): string {
    return `The cluster ${this.options.name} is being read by a process of the backend that has other settings for it. With these it is read as soon as that one has ended.`;
  }
}
