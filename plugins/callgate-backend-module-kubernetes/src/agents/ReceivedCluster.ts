import type { ClusterState, ReaderParts } from '@callgate/cluster-reader';
import type { EstateFile } from '@callgate/plugin-callgate-node';
import type { DatabaseSnapshots, Glance } from '../snapshots/DatabaseSnapshots';
import { sayAge } from '../snapshots/sayAge';
import { settingsOfAgent } from '../snapshots/settingsOf';
import type { Timings } from '../snapshots/timings';

/** For how long an agent may be silent, and nobody need know. */
const FRESH_MS = 120_000;

interface Known {
  version?: string;
  problems: readonly string[];
  files?: readonly EstateFile[];
  byDigest: ReadonlyMap<string, EstateFile>;
}

const NOTHING: Known = { problems: [], byDigest: new Map() };

/** A cluster of which an agent says what it has: this process has it from the database, whichever took it. */
export class ReceivedCluster {
  /** The first look has ended, well or not. */
  readonly looked: Promise<void>;
  #hasLooked = () => {};
  #known = NOTHING;
  /** With the time of this process at which it was seen. */
  #seen: (Glance & { at: number }) | undefined;
  #isFailing = false;
  #wake = () => {};
  #said = '';

  constructor(
    private readonly options: {
      name: string;
      /** `state` says something else. */
      onChange: () => void;
    },
    private readonly parts: {
      snapshots: DatabaseSnapshots;
      timings: Pick<Timings, 'pollMs'>;
      now: () => number;
      wait: ReaderParts['wait'];
      onFailure: (error: unknown) => void;
    },
  ) {
    this.looked = new Promise(resolve => {
      this.#hasLooked = resolve;
    });
  }

  /** Looks now and then whether there is something new, until the signal is aborted. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { timings, wait, onFailure } = this.parts;
    while (!signal.aborted) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      try {
        await this.#look();
        this.#isFailing = false;
      } catch (error) {
        onFailure(error);
        this.#isFailing = true;
      }
      this.#hasLooked();
      this.#tell();
      await wait(timings.pollMs, AbortSignal.any([signal, woken.signal])).catch(
        () => undefined,
      );
    }
  }

  /** There may be something new. */
  wake(): void {
    this.#wake();
  }

  /** What is known now; nothing is waited for. */
  state(): ClusterState {
    const { files } = this.#known;
    const problems = [...this.#known.problems];
    if (!files) problems.unshift(this.#sayNothing());
    else if (this.#isOld()) problems.unshift(this.#sayOld());
    return {
      ...(files && { files }),
      problems,
    };
  }

  async #look(): Promise<void> {
    const { snapshots, now } = this.parts;
    const { name } = this.options;
    const glance = await snapshots.glance(name);
    this.#seen = { ...glance, at: now() };
    if (glance.version === undefined || glance.settings !== settingsOfAgent()) {
      this.#known = NOTHING;
      return;
    }
    if (glance.version === this.#known.version) return;
    const loaded = await snapshots.load(name, this.#known.byDigest);
    if (loaded?.settings !== settingsOfAgent()) return;
    const { version, problems, files } = loaded;
    this.#known = {
      ...{ version, problems },
      ...(files && { files: files.map(({ file }) => file) }),
      byDigest: new Map(files?.map(each => [each.digest, each.file])),
    };
  }

  /** Only where there is something to tell: silence becomes a problem by lasting, without anything that is heard of. */
  #tell(): void {
    const said = JSON.stringify([
      this.#known.version,
      this.#isOld(),
      this.#seen?.isHeld,
      this.#isFailing,
    ]);
    if (said === this.#said) return;
    this.#said = said;
    this.options.onChange();
  }

  #isOld(): boolean {
    const ageMs = this.#ageMs();
    return ageMs === undefined || ageMs > FRESH_MS;
  }

  /** Absent where it is not known. */
  #ageMs(): number | undefined {
    const { ageMs, at = 0 } = this.#seen ?? {};
    return ageMs === undefined ? undefined : ageMs + (this.parts.now() - at);
  }

  #sayNothing(): string {
    const { name } = this.options;
    if (this.#isFailing)
      return `Nothing is known of the cluster ${name}: Callgate's database does not answer. The backend's log has more.`;
    return this.#seen?.isHeld
      ? `The cluster ${name} is being read for the first time by its agent.`
      : `Nothing is known of the cluster ${name}: no agent has sent what it has. Let callgate agent --cluster ${name} run there, as deploy/agent.yaml does.`;
  }

  #sayOld(): string {
    const { name } = this.options;
    const ageMs = this.#ageMs();
    const when =
      ageMs === undefined ? 'at a time that is not known' : sayAge(ageMs);
    const why = this.#seen?.isHeld
      ? 'its agent is there, and has not said since that this is what the cluster has'
      : 'its agent has been silent since';
    return `The cluster ${name} is shown as it was ${when}: ${why}. Nothing is proposed for it until it says so.`;
  }
}
