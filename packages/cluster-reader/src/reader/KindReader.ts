import { ApiError, isExpired } from '../api/ApiError';
import { TOO_LARGE, type KubeApi } from '../api/KubeApi';
import { elapsed } from '../elapsed';
import { asArray, asJson, asText, isJson, type Json } from '../json';
import { Backoff } from './Backoff';
import type { Gate } from './Gate';
import type { KindStore, Refill } from './ObjectStore';
import type { ReadKind } from './wantedKinds';

/** Objects of one page of a list. */
const PAGE = 500;
/** So many fewer where a page is larger than an answer may be: objects may have 1.5 MiB, and whoever makes 200 such ones would stop the kind. */
const SHRINK = 10;
/** A list whose pages expire so often while they are read is read in one piece. */
const MOST_RESTARTS = 2;

/** For how long a watch asks, in seconds; by chance, so that not all end at once. */
const WATCH_FROM_S = 240;
const WATCH_TO_S = 480;
/** Servers that send bookmarks do so every minute; after so much silence it is asked again, by which a broken line is noticed. */
const SILENCE_MS = 150_000;
/** A watch that ends sooner, and said nothing, is a failure. */
const SHORTEST_WATCH_MS = 1_000;

/** Why a kind could not be read, and doing what. */
export interface ReadFailure {
  verb: 'list' | 'watch';
  error: unknown;
}

/**
 * What a reader needs from whoever runs it.
 *
 * @public
 */
export interface ReaderParts {
  api: KubeApi;
  /** Lets a few lists at a time through, so that memory holds a few pages. */
  lists: Gate;
  now: () => number;
  /** From 0 to 1. */
  random: () => number;
  /** Waits; rejects when the signal is aborted. */
  wait: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Keeps a store equal to what a cluster has of one kind: a list, then watches, and a list again when that is needed. */
export class KindReader {
  /** Was it read as a whole, at least once? */
  isSynced = false;
  /** Is a watch open? */
  isWatching = false;
  /** The last failure, until it is read again. */
  failure?: ReadFailure;
  /** When it was last known to be what the cluster has, in milliseconds. */
  aliveAt = 0;
  #version = '';
  #listedAt = 0;
  #needsList = true;
  #page = PAGE;

  constructor(
    private readonly options: {
      kind: ReadKind;
      store: KindStore;
      /** Of objects in these nothing is kept. */
      exclude: readonly string[];
      resyncMs: number;
      /** Something is different: an object, or what is known of the reading. */
      onChange: () => void;
      /** The cluster says that it does not serve the kind. */
      onGone: () => void;
    },
    private readonly parts: ReaderParts,
  ) {}

  /** Reads until the signal is aborted. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.parts.random);
    while (!signal.aborted) {
      let verb: ReadFailure['verb'] = 'list';
      try {
        if (this.#needsList || this.#isOld()) {
          await this.parts.lists.through(() => this.#list(signal));
          this.#isRead('list');
        }
        verb = 'watch';
        try {
          await this.#watch(signal, () => backoff.succeeded());
        } finally {
          this.isWatching = false;
        }
      } catch (error) {
        if (signal.aborted) return;
        // A server that comes back may have been restored from a backup: a watch from a version of the future says nothing.
        this.#needsList = true;
        // That is no failure but the way to say "list again", unless it comes again at once.
        const isUsual = isExpired(error) && verb === 'watch';
        if (!isUsual) this.#fail({ verb, error });
        if (error instanceof ApiError && error.status === 404)
          this.options.onGone();
        const asked =
          error instanceof ApiError ? error.retryAfterMs : undefined;
        try {
          await this.parts.wait(backoff.next(asked), signal);
        } catch {
          return;
        }
      }
    }
  }

  #isOld(): boolean {
    return elapsed(this.#listedAt, this.parts.now()) >= this.options.resyncMs;
  }

  /** A list mends what hindered lists; what hindered a watch is mended when one is open. */
  #isRead(verb: ReadFailure['verb']): void {
    const isMended =
      this.failure && (verb === 'watch' || this.failure.verb === 'list');
    const isNews = !this.isSynced || isMended;
    this.isSynced = true;
    if (isMended) this.failure = undefined;
    this.aliveAt = this.parts.now();
    if (isNews) this.options.onChange();
  }

  #fail(failure: ReadFailure): void {
    this.failure = failure;
    this.options.onChange();
  }

  async #list(signal: AbortSignal): Promise<void> {
    for (let restarts = 0; ; restarts += 1) {
      try {
        const paged = restarts < MOST_RESTARTS;
        const refill = this.options.store.refill();
        this.#version = await this.#pages(signal, paged, refill);
        this.#needsList = false;
        this.#listedAt = this.parts.now();
        if (refill.commit()) this.options.onChange();
        return;
      } catch (error) {
        if (isTooLarge(error) && this.#page > 1) {
          this.#page = Math.ceil(this.#page / SHRINK);
          // That is no list that expired while it was read.
          restarts -= 1;
          continue;
        }
        // The list that the next page belongs to is gone: what was read of it is not mixed with another.
        if (!isExpired(error) || restarts >= MOST_RESTARTS) throw error;
      }
    }
  }

  /** The version of the list. */
  async #pages(
    signal: AbortSignal,
    paged: boolean,
    refill: Refill,
  ): Promise<string> {
    const { kind } = this.options;
    let next: string | undefined;
    for (;;) {
      const query = new URLSearchParams({
        ...kind.query,
        ...(paged && { limit: String(this.#page) }),
        ...(next !== undefined && { continue: next }),
      });
      const asked = query.size > 0 ? `${kind.path}?${query}` : kind.path;
      const page = await this.parts.api.get(asked, { signal });
      const { resourceVersion, continue: more } = asJson(page.metadata);
      const version = asText(resourceVersion);
      if (!Array.isArray(page.items) || version === undefined)
        throw new ApiError('the answer is not a list');
      for (const item of asArray(page.items))
        if (isJson(item) && this.#isMeant(item)) refill.add(item);
      next = asText(more);
      if (next === undefined) return version;
    }
  }

  async #watch(signal: AbortSignal, onLife: () => void): Promise<void> {
    const { kind, store, onChange } = this.options;
    const { api, now, random } = this.parts;
    const seconds = Math.round(
      WATCH_FROM_S + random() * (WATCH_TO_S - WATCH_FROM_S),
    );
    const query = new URLSearchParams({
      ...kind.query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: this.#version,
      timeoutSeconds: String(seconds),
    });
    const began = now();
    let hasSaid = false;
    const events = api.watch(`${kind.path}?${query}`, {
      signal,
      idleMs: SILENCE_MS,
      onOpen: () => {
        this.isWatching = true;
        this.#isRead('watch');
      },
    });
    for await (const { type, object } of events) {
      if (type === 'ERROR') throw statusError(object);
      const version = asText(asJson(object.metadata).resourceVersion);
      if (version !== undefined) this.#version = version;
      this.aliveAt = now();
      if (!hasSaid) onLife();
      hasSaid = true;
      if (type === 'BOOKMARK' || !this.#isMeant(object)) continue;
      const isDifferent =
        type === 'DELETED' ? store.delete(object) : store.set(object);
      if (isDifferent) onChange();
    }
    signal.throwIfAborted();
    if (!hasSaid && now() - began < SHORTEST_WATCH_MS)
      throw new ApiError('a watch ends as soon as it begins');
    this.aliveAt = now();
    onLife();
  }

  #isMeant(object: Json): boolean {
    const namespace = asText(asJson(object.metadata).namespace);
    return namespace === undefined || !this.options.exclude.includes(namespace);
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ApiError && error.code === TOO_LARGE;
}

/** The `Status` that a watch ends with. */
function statusError(status: Json): ApiError {
  const { message, code, details } = status;
  const seconds = Number(asJson(details).retryAfterSeconds);
  return new ApiError(asText(message)?.slice(0, 300) ?? 'the watch failed', {
    ...(typeof code === 'number' && { status: code }),
    ...(seconds > 0 && { retryAfterMs: seconds * 1000 }),
  });
}
