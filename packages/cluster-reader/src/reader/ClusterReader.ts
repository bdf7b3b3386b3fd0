import { ApiError } from '../api/ApiError';
import { discover, type Served } from '../api/discover';
import { elapsed } from '../elapsed';
import { Backoff } from './Backoff';
import type { ClusterFile } from './ClusterFile';
import { KindReader, type ReaderParts } from './KindReader';
import { namedConfigs, SAYING, type Running } from './namedConfigs';
import { ObjectStore, type KindStore } from './ObjectStore';
import { PodStore } from './PodStore';
import { isRefusal, problemsOf, type Failure } from './problemsOf';
import { renderFiles } from './renderFiles';
import {
  hasMesh,
  idOfReading,
  isWantedGroup,
  missingKinds,
  readKinds,
  type ReadKind,
} from './wantedKinds';

/** How often a cluster is asked which kinds it serves. */
const DISCOVERY_MS = 60_000;
/** For how long a break of the line is none: a server that restarts is back sooner. */
const BREAK_MS = 60_000;

/** What is read of one kind. */
interface Reading {
  kind: ReadKind;
  store: KindStore;
  reader: KindReader;
  stop: AbortController;
}

/**
 * What is known of a cluster.
 *
 * @public
 */
export interface ClusterState {
  /** Absent until everything that can be read was read once. */
  files?: readonly ClusterFile[];
  /** Why that is not all of it, or not the newest; empty where it is, and while it is read for the first time. */
  problems: readonly string[];
  /** What of them is left out, because it is too large or too deep: a sentence each. The files say it too. */
  leftOut?: readonly string[];
  /** When all of the files were last known to be what the cluster has, in milliseconds; with `files`. */
  asOf?: number;
}

/**
 * What is known of the reading of one kind. `waits`: it is being listed for the first time, or a watch is being opened.
 *
 * @public
 */
export interface KindState {
  kind: ReadKind;
  state: 'read' | 'refused' | 'fails' | 'waits';
  /** Doing what it is refused or fails. */
  verb?: 'list' | 'watch';
}

/**
 * Keeps what one cluster runs: asks which kinds it serves, and reads each that matters.
 *
 * @public
 */
export class ClusterReader {
  readonly #readings = new Map<string, Reading>();
  #discovery: {
    isDone: boolean;
    failure?: Failure;
    unanswered: readonly string[];
  } = { isDone: false, unanswered: [] };
  /** Which kinds the cluster serves, as it said last, and until when they are read. */
  #served: { served: Served; signal: AbortSignal } | undefined;
  #files: readonly ClusterFile[] = [];
  #leftOut: readonly string[] = [];
  #isRendered = false;
  /** As of when there were files last. */
  #answered: number | undefined;
  /** Wakes the loop that asks which kinds there are. */
  #wake = () => {};

  constructor(
    private readonly options: {
      name: string;
      exclude: readonly string[];
      resyncMs: number;
      /** Something is different from what `state` said. */
      onChange: () => void;
    },
    private readonly parts: ReaderParts,
  ) {}

  /** Reads until the signal is aborted. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.parts.random);
    while (!signal.aborted) {
      let wait = DISCOVERY_MS;
      try {
        await this.#discover(signal);
        backoff.succeeded();
      } catch (error) {
        if (signal.aborted) return;
        this.#discovery = {
          ...this.#discovery,
          failure: { verb: 'list', error },
        };
        this.options.onChange();
        wait = backoff.next(
          error instanceof ApiError ? error.retryAfterMs : undefined,
        );
      }
      await this.#pause(wait, signal);
    }
  }

  /** What is known now; nothing is waited for. */
  state(): ClusterState {
    const problems = this.#problems();
    if (this.#isReady()) {
      this.#answered = this.#asOf();
      return {
        files: this.#render(),
        ...(this.#leftOut.length > 0 && { leftOut: this.#leftOut }),
        problems,
        asOf: this.#answered,
      };
    }
    if (this.#answered === undefined) return { problems };
    // A kind that has just come is being listed: until then it is as it was, and not as if nothing ran.
    return { files: this.#files, problems, asOf: this.#answered };
  }

  /** Each kind that is read, sorted; empty until the cluster has said which it serves. */
  kinds(): KindState[] {
    return this.#sorted().map(({ kind, reader }) => {
      const { failure, isWatching } = reader;
      if (failure)
        return {
          kind,
          state: isRefusal(failure) ? ('refused' as const) : ('fails' as const),
          verb: failure.verb,
        };
      return { kind, state: isWatching ? 'read' : 'waits' };
    });
  }

  /** Does the cluster refuse to say which kinds it serves, so that waiting does not help? */
  isRefused(): boolean {
    const { failure } = this.#discovery;
    return failure !== undefined && isRefusal(failure);
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await this.parts
      .wait(ms, AbortSignal.any([signal, woken.signal]))
      .catch(() => undefined);
  }

  async #discover(signal: AbortSignal): Promise<void> {
    const served = await discover(this.parts.api, isWantedGroup, signal);
    const missing = missingKinds(served);
    if (missing.length > 0)
      throw new ApiError(
        `it lists no ${missing.join(', ')} among the kinds that it serves`,
      );
    const { unanswered } = served;
    const isNews =
      !this.#discovery.isDone ||
      this.#discovery.failure !== undefined ||
      String(this.#discovery.unanswered) !== String(unanswered);
    this.#discovery = { isDone: true, unanswered };
    this.#served = { served, signal };
    if (this.#begin() || isNews) this.#changed();
  }

  /** Reads what is to be read by now, and nothing else. True if that is something else than before. */
  #begin(): boolean {
    if (!this.#served) return false;
    const { served, signal } = this.#served;
    const { unanswered } = served;
    const configs = namedConfigs(this.#running(), { hasMesh: hasMesh(served) });
    const { exclude } = this.options;
    const kinds = readKinds(
      served,
      configs.filter(({ namespace }) => !exclude.includes(namespace)),
    );
    let isNews = false;
    const wanted = new Set(kinds.map(idOfReading));
    for (const [id, { kind, stop }] of this.#readings) {
      // What a server that does not answer would have said is not known: its kinds are not gone.
      if (wanted.has(id) || unanswered.includes(kind.group)) continue;
      stop.abort();
      this.#readings.delete(id);
      isNews = true;
    }
    for (const kind of kinds) {
      const known = this.#readings.get(idOfReading(kind));
      if (known && known.kind.path === kind.path) continue;
      known?.stop.abort();
      this.#start(kind, signal);
      isNews = true;
    }
    return isNews;
  }

  /** What is known of what runs; of kinds that were not read yet, nothing. */
  #running(): Running {
    const within = (kindOfObjects: string, namespace: string) =>
      [...this.#readings.values()].flatMap(({ kind, store }) =>
        `${kind.group}/${kind.kind}` === kindOfObjects &&
        store instanceof ObjectStore
          ? store.within(namespace)
          : [],
      );
    return {
      webhooks: () =>
        within('admissionregistration.k8s.io/MutatingWebhookConfiguration', ''),
      deployments: namespace => within('apps/Deployment', namespace),
      daemonSets: namespace => within('apps/DaemonSet', namespace),
    };
  }

  #sorted(): Reading[] {
    return [...this.#readings]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, reading]) => reading);
  }

  #start(kind: ReadKind, signal: AbortSignal): void {
    const store = kind.form === 'pod' ? new PodStore() : new ObjectStore(kind);
    const stop = new AbortController();
    const reader = new KindReader(
      {
        kind,
        store,
        exclude: this.options.exclude,
        resyncMs: this.options.resyncMs,
        onChange: () => {
          // Before it counts as read: what it says is to be read belongs to the whole.
          if (SAYING.has(`${kind.group}/${kind.kind}`)) this.#begin();
          this.#changed();
        },
        onGone: () => this.#wake(),
      },
      this.parts,
    );
    this.#readings.set(idOfReading(kind), { kind, store, reader, stop });
    void reader.run(AbortSignal.any([signal, stop.signal]));
  }

  #changed(): void {
    this.#isRendered = false;
    this.options.onChange();
  }

  /** Was everything read once, but for what is refused? Half a cluster would look like one where little runs. */
  #isReady(): boolean {
    return (
      this.#discovery.isDone &&
      [...this.#readings.values()].every(
        ({ reader }) =>
          reader.isSynced ||
          (reader.failure !== undefined && isRefusal(reader.failure)),
      ) &&
      [...this.#readings.values()].some(({ reader }) => reader.isSynced)
    );
  }

  /** A watch that is open would have said what is different. */
  #asOf(): number {
    const broken = [...this.#readings.values()]
      .filter(({ reader }) => reader.isSynced && reader.failure)
      .map(({ reader }) => reader.aliveAt);
    return Math.min(this.parts.now(), ...broken);
  }

  #problems(): string[] {
    const now = this.parts.now();
    const failures: Failure[] = [];
    const { failure, unanswered } = this.#discovery;
    if (failure && (!this.#discovery.isDone || isRefusal(failure)))
      failures.push(failure);
    for (const { kind, reader } of this.#readings.values()) {
      if (!reader.failure) continue;
      const isBreak =
        reader.isSynced &&
        !isRefusal(reader.failure) &&
        elapsed(reader.aliveAt, now) < BREAK_MS;
      if (!isBreak) failures.push({ ...reader.failure, kind });
    }
    const { name } = this.options;
    return [
      ...problemsOf(name, failures),
      ...unanswered.map(
        group =>
          `The cluster ${name} serves the group ${group} and cannot say what it has of it: the API service behind it does not answer (kubectl get apiservices).`,
      ),
    ];
  }

  #render(): readonly ClusterFile[] {
    if (this.#isRendered) return this.#files;
    const before = new Map(this.#files.map(file => [file.path, file]));
    const { files, leftOut } = renderFiles(this.options.name, this.#sorted());
    this.#leftOut = leftOut;
    // The same object for the same text: whoever reads it again does so only where something is different.
    this.#files = files.map(file => {
      const known = before.get(file.path);
      return known?.text === file.text ? known : file;
    });
    this.#isRendered = true;
    return this.#files;
  }
}
