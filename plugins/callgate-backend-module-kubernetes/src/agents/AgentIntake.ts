import { ConflictError } from '@backstage/errors';
import type {
  EstateAnswer,
  EstateIntake,
  EstatePush,
} from '@callgate/plugin-callgate-node';
import type { AgentConfig } from '../config/ClusterConfig';
import type { DatabaseLeases, Lease } from '../snapshots/DatabaseLeases';
import type { DatabaseSnapshots } from '../snapshots/DatabaseSnapshots';
import type { Manifest } from '../snapshots/packing';
import { settingsOfAgent } from '../snapshots/settingsOf';
import { checkForm, checkPush, checkText, checkTotal } from './checkPush';
import { Overtaken, type DatabasePushes, type Present } from './DatabasePushes';
import { Refused } from './Refused';
import { sayProblems } from './sayProblems';

/** After so much silence an agent is taken for gone, and another may follow. */
const LEASE_MS = 60_000;

const FOR = { forMs: LEASE_MS };

/** Takes what agents send into the snapshots, from which every replica answers. */
export class AgentIntake implements EstateIntake {
  readonly #subjects: ReadonlyMap<string, string>;
  /** Clusters of which something is being taken by this process. */
  readonly #busy = new Set<string>();
  readonly #refused = new Refused();
  readonly #settings = settingsOfAgent();

  constructor(
    private readonly options: {
      agents: readonly AgentConfig[];
      leases: DatabaseLeases;
      snapshots: DatabaseSnapshots;
      pushes: DatabasePushes;
      /** Something was taken of a cluster. */
      onTaken: (cluster: string) => void;
    },
  ) {
    this.#subjects = new Map(
      options.agents.map(({ name, subject }) => [name, subject]),
    );
  }

  maySend(cluster: string, subject: string): boolean {
    return this.#subjects.get(cluster) === subject;
  }

  isAgent(subject: string): boolean {
    return [...this.#subjects.values()].includes(subject);
  }

  checkForm(form: number): void {
    checkForm(form);
  }

  async take(cluster: string, push: EstatePush): Promise<EstateAnswer> {
    // What is sent again after no answer came finds the first still at work.
    if (this.#busy.has(cluster))
      throw conflict(
        'estate-busy',
        'What was sent before is still being taken; send again a little later.',
      );
    this.#busy.add(cluster);
    try {
      return await this.#take(cluster, push);
    } finally {
      this.#busy.delete(cluster);
      this.options.onTaken(cluster);
    }
  }

  async #take(cluster: string, push: EstatePush): Promise<EstateAnswer> {
    const { leases, snapshots, pushes } = this.options;
    this.#refused.add(cluster, push, await checkPush(cluster, push));
    const lease = await leases.hold(cluster, push.session, LEASE_MS);
    if (!lease) throw heldByOther();
    if (push.ends) {
      await leases.release(lease);
      return { state: 'taken', missing: [] };
    }
    const problems = sayProblems(cluster, push.problems);
    const settings = this.#settings;
    const present = await pushes.present(cluster);
    if (present?.settings !== settings) {
      // What was read of it in another way is none.
      const version = await snapshots.write(lease, { settings, problems }, FOR);
      if (version === undefined) throw heldByOther();
      return { state: 'other-base', version, missing: [] };
    }
    if (push.base !== present.version)
      return { state: 'other-base', version: present.version, missing: [] };
    try {
      return push.files
        ? await this.#takeFiles(lease, present, push, problems)
        : await this.#takeSign(lease, present, push, problems);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      throw conflict(
        'estate-overtaken',
        'Something else was taken meanwhile, or another agent sends for this cluster now; send again a little later.',
      );
    }
  }

  /** The agent is there, and nothing is different but what it says is wrong. */
  async #takeSign(
    lease: Lease,
    present: Present,
    { ageMs }: EstatePush,
    problems: readonly string[],
  ): Promise<EstateAnswer> {
    const { leases, snapshots } = this.options;
    let { version } = present;
    if (!isEqual(problems, present.problems)) {
      const written = await snapshots.write(
        lease,
        { settings: present.settings, problems },
        FOR,
      );
      if (written === undefined) throw new Overtaken();
      version = written;
    }
    const age = ageMs !== undefined && present.manifest ? { ageMs } : {};
    if (!(await leases.renew(lease, { ...FOR, ...age, version })))
      throw new Overtaken();
    return { state: 'taken', version, missing: [] };
  }

  async #takeFiles(
    lease: Lease,
    present: Present,
    push: EstatePush,
    problems: readonly string[],
  ): Promise<EstateAnswer> {
    const { pushes } = this.options;
    const { cluster } = lease;
    const { ageMs } = push;
    const { manifest, texts, refused } = this.#refused.without(cluster, push);
    const told = refused.length > 0 ? { refused } : {};
    if (isEqual(manifest, present.manifest))
      return {
        ...(await this.#takeSign(lease, present, push, problems)),
        ...told,
      };
    const wanted = new Set(manifest.map(([, digest]) => digest));
    const brought = new Set(texts.map(({ digest }) => digest));
    const missing = (await pushes.missing(cluster, wanted)).filter(
      digest => !brought.has(digest),
    );
    const options = {
      ...{ base: present.version, check: checkTotal },
      ...FOR,
    };
    if (missing.length > 0) {
      await pushes.keep(lease, texts, { ...options, wanted });
      return { state: 'missing', version: present.version, missing };
    }
    await this.#checkMoved(cluster, manifest, present.manifest ?? [], brought);
    const version = await pushes.replace(
      lease,
      {
        settings: present.settings,
        problems,
        manifest,
        ...(ageMs !== undefined && { ageMs }),
      },
      { ...options, texts },
    );
    return { state: 'taken', version, missing: [], ...told };
  }

  /** A text that came before may have come as that of another file. */
  async #checkMoved(
    cluster: string,
    manifest: Manifest,
    before: Manifest,
    brought: ReadonlySet<string>,
  ): Promise<void> {
    const known = new Map(before);
    for (const [path, digest] of manifest) {
      if (known.get(path) === digest || brought.has(digest)) continue;
      const text = await this.options.pushes.text(cluster, digest);
      if (text === undefined) throw new Overtaken();
      checkText(cluster, path, text);
    }
  }
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function conflict(code: string, message: string): ConflictError {
  return Object.assign(new ConflictError(message), { code });
}

function heldByOther(): ConflictError {
  return conflict(
    'estate-held',
    'Another agent sends for this cluster, or a process of the portal with older settings still reads it. Stop one of the two; when that one has been silent for a minute, this one follows.',
  );
}
