import type {
  ClusterReader,
  ClusterState,
  ReaderParts,
} from '@callgate/cluster-reader';
import type { EstateFile } from '@callgate/plugin-callgate-node';
import type { DatabaseLeases, Lease } from './DatabaseLeases';
import type { DatabaseSnapshots, Stored } from './DatabaseSnapshots';
import { digestOf } from './packing';
import type { Timings } from './timings';

/** While one replica has the lease of a cluster: it keeps the lease, reads, and writes what it read. */
export class Term {
  readonly reader: ClusterReader;
  /** Changes that were heard of, and how many of them are written. */
  #heard = 1;
  #written = 0;
  #wake = () => {};
  #problems = '';
  #stored: Stored | undefined;
  #version: string | undefined;
  #isCheckDue = false;
  readonly #over = new AbortController();
  readonly #digests = new WeakMap<EstateFile, string>();

  constructor(
    private readonly options: {
      lease: Lease;
      settings: string;
      /** What is in the database; without it all is written anew. */
      stored: Stored | undefined;
      newReader: (onChange: () => void) => ClusterReader;
      /** What the reader knows is different. */
      onChange: () => void;
      /** It was asked what is known of the cluster. */
      onState: (state: ClusterState) => void;
      onFailure: (error: unknown) => void;
    },
    private readonly parts: {
      leases: DatabaseLeases;
      snapshots: DatabaseSnapshots;
      timings: Timings;
      now: () => number;
      wait: ReaderParts['wait'];
    },
  ) {
    this.#stored = options.stored;
    this.reader = options.newReader(() => {
      this.#changed();
      options.onChange();
    });
  }

  /** Until the signal is aborted or the lease is lost. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const end = AbortSignal.any([signal, this.#over.signal]);
    // Nothing is waited for then: a database that does not answer would keep the cluster from being read ever again.
    const ended = new Promise<void>(resolve => {
      const onEnd = () => {
        this.#wake();
        resolve();
      };
      end.addEventListener('abort', onEnd, { once: true });
    });
    void this.reader.run(end);
    try {
      await Promise.race([
        Promise.all([this.#keep(end), this.#write(end)]),
        ended,
      ]);
    } catch (error) {
      this.options.onFailure(error);
    } finally {
      // Nothing goes on reading and writing beside the next term.
      this.#over.abort();
    }
  }

  #changed(): void {
    this.#heard += 1;
    this.#wake();
  }

  async #keep(end: AbortSignal): Promise<void> {
    const { leases, timings, now } = this.parts;
    let keptAt = now();
    for (;;) {
      await this.#pause(timings.renewMs, end);
      if (end.aborted) return;
      const state = this.#state();
      // A break becomes a problem by lasting, without anything that is heard of.
      if (JSON.stringify(state.problems) !== this.#problems) this.#changed();
      const isWritten = this.#written === this.#heard;
      const askedAt = now();
      const left = timings.leaseMs - (askedAt - keptAt);
      try {
        const isKept = await Promise.race([
          leases.renew(this.options.lease, {
            forMs: timings.leaseMs,
            ...(isWritten &&
              this.#version !== undefined && {
                ...this.#ageOf(state),
                version: this.#version,
              }),
          }),
          // A database that does not answer says nothing either when another replica has taken over.
          this.#pause(left, end).then(() => end.aborted),
        ]);
        if (!isKept) this.#over.abort();
        else keptAt = askedAt;
        this.#isCheckDue = true;
        this.#wake();
      } catch (error) {
        this.options.onFailure(error);
        if (now() - keptAt >= timings.leaseMs) this.#over.abort();
      }
    }
  }

  async #write(end: AbortSignal): Promise<void> {
    const { timings } = this.parts;
    while (!end.aborted) {
      if (this.#written === this.#heard && this.#isCheckDue) {
        this.#isCheckDue = false;
        await this.#check();
        continue;
      }
      if (this.#written === this.#heard) {
        await new Promise<void>(resolve => {
          this.#wake = resolve;
        });
        continue;
      }
      const heard = this.#heard;
      try {
        if (await this.#writeState()) this.#written = heard;
        else this.#over.abort();
      } catch (error) {
        // Whether it was written or not is not known.
        this.#stored = undefined;
        this.#problems = '';
        this.options.onFailure(error);
      }
      await this.#pause(timings.settleMs, end);
    }
  }

  /** A database that was restored, or followed by a copy that lacked something, has not what was written: that is written anew. */
  async #check(): Promise<void> {
    const { snapshots } = this.parts;
    try {
      const { version } = await snapshots.glance(this.options.lease.cluster);
      if (version === this.#version) return;
      this.#stored = undefined;
      this.#heard += 1;
    } catch (error) {
      this.options.onFailure(error);
    }
  }

  /** False where the lease is lost. */
  async #writeState(): Promise<boolean> {
    const { lease, settings } = this.options;
    const forMs = this.parts.timings.leaseMs;
    // To pack everything takes a while, and would be for nothing where the database does not answer.
    if (!this.#stored && !(await this.parts.leases.renew(lease, { forMs })))
      return false;
    const state = this.#state();
    const { problems } = state;
    const files = state.files?.map(file => ({
      file,
      digest: this.#digestOf(file),
    }));
    const version = await this.parts.snapshots.write(
      lease,
      {
        settings,
        problems,
        ...(files && { files }),
        ...this.#ageOf(state),
      },
      { forMs, ...(this.#stored && { stored: this.#stored }) },
    );
    if (version === undefined) return false;
    this.#version = version;
    this.#problems = JSON.stringify(problems);
    const digests = files
      ? new Set(files.map(({ digest }) => digest))
      : this.#stored?.digests;
    this.#stored = digests && { version, digests };
    return true;
  }

  #state(): ClusterState {
    const state = this.reader.state();
    this.options.onState(state);
    return state;
  }

  #ageOf({ asOf }: ClusterState): { ageMs?: number } {
    return asOf === undefined
      ? {}
      : { ageMs: Math.max(0, this.parts.now() - asOf) };
  }

  #digestOf(file: EstateFile): string {
    const known = this.#digests.get(file);
    if (known !== undefined) return known;
    const digest = digestOf(file.text);
    this.#digests.set(file, digest);
    return digest;
  }

  async #pause(ms: number, end: AbortSignal): Promise<void> {
    await this.parts.wait(ms, end).catch(() => undefined);
  }
}
