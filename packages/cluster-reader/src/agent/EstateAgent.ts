import { randomUUID } from 'node:crypto';
import { Backoff } from '../reader/Backoff';
import type { ClusterFile } from '../reader/ClusterFile';
import type { ClusterReader, ClusterState } from '../reader/ClusterReader';
import type { ReaderParts } from '../reader/KindReader';
import { FORM } from '../reader/reduceObject';
import type { Portal } from './PortalClient';
import { PortalError } from './PortalError';
import { digestOf, digestOfFiles, LIMITS, type EstatePush } from './protocol';

/**
 * How long an agent waits for what, in milliseconds.
 *
 * @public
 */
export interface AgentTimings {
  /** Between two messages where nothing is different; the portal takes a minute of silence for the end of an agent. */
  aliveMs: number;
  /** Between two messages: a rollout is hundreds of changes. */
  settleMs: number;
  /** For the farewell. */
  endMs: number;
}

/** What agents wait for by default. */
export const AGENT_TIMINGS: AgentTimings = {
  aliveMs: 15_000,
  settleMs: 2_000,
  endMs: 3_000,
};

/** Messages about one state: one with each batch of texts, and again where somebody else changed what the portal has. */
const MOST_ROUNDS = 500;

/** Between two farewells. */
const END_AGAIN_MS = 100;

/** Between two lines that say the same, in milliseconds. */
const QUIET_MS = 600_000;

/** After so long what was refused is sent once more: what stood in its way may be another, such as a proxy's limit. */
const AGAIN_MS = 300_000;

/** Reads a cluster and sends what it has to a portal, for as long as it runs. */
export class EstateAgent {
  readonly #session = randomUUID();
  readonly #reader: ClusterReader;
  readonly #digests = new WeakMap<ClusterFile, string>();
  /** What the portal has, as it said. */
  #base: string | undefined;
  /** `digestOfFiles` of what it took from here. */
  #taken: string | undefined;
  /** What is sent is refused as it is: which files, and why. */
  #refused: { digest: string; why: string; at: number } | undefined;
  #isHeard = false;
  #isDue = true;
  #wake = () => {};
  readonly #said = new Map<string, number>();

  constructor(
    private readonly options: {
      portal: Portal;
      newReader: (onChange: () => void) => ClusterReader;
      timings: AgentTimings;
      /** Tells whoever runs the agent, in one sentence. */
      say: (text: string) => void;
    },
    private readonly parts: Pick<ReaderParts, 'now' | 'random' | 'wait'>,
  ) {
    this.#reader = options.newReader(() => {
      this.#isDue = true;
      this.#wake();
    });
  }

  /** Until the signal is aborted. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { settleMs, aliveMs } = this.options.timings;
    const backoff = new Backoff(this.parts.random);
    void this.#reader.run(signal);
    while (!signal.aborted) {
      this.#isDue = false;
      try {
        await this.#sendState(signal);
        backoff.succeeded();
        await this.#pause(settleMs, signal);
        if (!this.#isDue) await this.#pauseUnlessDue(aliveMs, signal);
      } catch (error) {
        if (signal.aborted) break;
        this.#say(`The portal has not taken it: ${(error as Error).message}`);
        this.#isHeard = false;
        await this.#pause(
          backoff.next(
            error instanceof PortalError ? error.retryAfterMs : undefined,
          ),
          signal,
        );
      }
    }
    await this.#end();
  }

  async #sendState(signal: AbortSignal): Promise<void> {
    const state = this.#reader.state();
    for (const text of [...state.problems, ...(state.leftOut ?? [])])
      this.#say(text);
    const files = state.files?.map(file => ({
      path: file.path,
      digest: this.#digestOf(file),
    }));
    const digest = files && digestOfFiles(files);
    if (this.#refused && this.#isOver(this.#refused, digest))
      this.#refused = undefined;
    if (!files || digest === this.#taken || this.#refused) {
      await this.#sendSign(state, digest, signal);
      return;
    }
    try {
      await this.#sendFiles(state, files, digest!, signal);
    } catch (error) {
      if (!(error instanceof PortalError) || !error.isRefusal) throw error;
      // That is not about what the cluster has.
      if (error.isOtherForm) throw error;
      this.#say(`The portal refuses what the cluster has: ${error.message}`);
      const at = this.parts.now();
      this.#refused = { digest: digest!, why: error.message, at };
      try {
        await this.#sendSign(state, digest, signal);
      } catch (other) {
        // A message without files is not taken either: it is not about them.
        this.#refused = undefined;
        throw other;
      }
    }
  }

  /** Is what was refused worth another try? */
  #isOver(
    refused: { digest: string; at: number },
    digest: string | undefined,
  ): boolean {
    return (
      refused.digest !== digest || this.parts.now() - refused.at >= AGAIN_MS
    );
  }

  /** That the agent is there, and what is wrong. */
  async #sendSign(
    state: ClusterState,
    digest: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const isTaken = digest !== undefined && digest === this.#taken;
    const { state: outcome, version } = await this.options.portal.send(
      { ...this.#head(state), ...(isTaken && this.#ageOf(state)) },
      signal,
    );
    this.#base = version;
    if (outcome === 'taken') return;
    // What the portal has is not what it took from here: it is sent anew, at once.
    this.#taken = undefined;
    this.#isDue = true;
  }

  async #sendFiles(
    state: ClusterState,
    files: NonNullable<EstatePush['files']>,
    digest: string,
    signal: AbortSignal,
  ): Promise<void> {
    const byDigest = new Map(
      state.files!.map((file, index) => [files[index].digest, file.text]),
    );
    let texts: EstatePush['texts'];
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const answer = await this.options.portal.send(
        {
          ...this.#head(state),
          ...this.#ageOf(state),
          files,
          total: { files: files.length, digest },
          ...(texts && { texts }),
        },
        signal,
      );
      this.#base = answer.version ?? this.#base;
      if (answer.state === 'taken') {
        this.#taken = digest;
        for (const { path, why } of answer.refused ?? [])
          this.#say(oneLine(`The portal leaves ${path} out: it ${why}.`));
        if (!this.#isHeard)
          this.options.say(`The portal has what runs: ${files.length} files.`);
        this.#isHeard = true;
        return;
      }
      if (answer.state === 'other-base') this.#base = answer.version;
      texts = batchOf(answer.missing, byDigest);
    }
    throw new PortalError('it asks for the same again and again');
  }

  /** Lets another follow at once. What was sent last may still be at work in the portal, which then says to come again. */
  async #end(): Promise<void> {
    const { portal, timings } = this.options;
    const late = AbortSignal.timeout(timings.endMs);
    while (!late.aborted) {
      try {
        await portal.send(
          { session: this.#session, form: FORM, problems: [], ends: true },
          late,
        );
        return;
      } catch (error) {
        // A minute later the portal takes it for gone by itself.
        if (!(error instanceof PortalError) || error.status !== 409) return;
        await this.#pause(END_AGAIN_MS, late);
      }
    }
  }

  #head({ problems }: ClusterState): EstatePush {
    const all = this.#refused
      ? [...problems, `What it has is refused: ${this.#refused.why}`]
      : problems;
    return {
      session: this.#session,
      form: FORM,
      ...(this.#base !== undefined && { base: this.#base }),
      problems: all
        .slice(0, LIMITS.problems)
        .map(problem => problem.slice(0, LIMITS.problem)),
    };
  }

  #ageOf({ asOf }: ClusterState): { ageMs?: number } {
    return asOf === undefined
      ? {}
      : { ageMs: Math.max(0, Math.round(this.parts.now() - asOf)) };
  }

  #digestOf(file: ClusterFile): string {
    const known = this.#digests.get(file);
    if (known !== undefined) return known;
    const digest = digestOf(file.text);
    this.#digests.set(file, digest);
    return digest;
  }

  #say(text: string): void {
    const now = this.parts.now();
    const before = this.#said.get(text);
    if (before !== undefined && now - before < QUIET_MS) return;
    this.#said.set(text, now);
    this.options.say(text);
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await this.parts.wait(ms, signal).catch(() => undefined);
  }

  /** Until something is different, and no longer than this. */
  async #pauseUnlessDue(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await this.#pause(ms, AbortSignal.any([signal, woken.signal]));
    this.#wake = () => {};
  }
}

/** As many of the texts as one message takes. */
function batchOf(
  missing: readonly string[],
  byDigest: ReadonlyMap<string, string>,
): NonNullable<EstatePush['texts']> {
  const texts: NonNullable<EstatePush['texts']> = [];
  let size = 0;
  for (const digest of missing) {
    const text = byDigest.get(digest);
    if (text === undefined) continue;
    const bytes = Buffer.byteLength(text);
    if (texts.length > 0 && size + bytes > LIMITS.batch) break;
    texts.push({ digest, text });
    size += bytes;
  }
  return texts;
}

/** What the portal says is logged. */
function oneLine(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, ' ').slice(0, LIMITS.problem);
}
